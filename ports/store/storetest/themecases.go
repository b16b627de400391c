package storetest

import (
	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/client"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/widget"
	"github.com/tributary-dev/tributary/ports/store"
)

func (w *world) newTheme(of client.Client, name string) widget.Theme {
	var t widget.Theme
	w.filler.fill(&t)
	t.ClientID, t.Name = of.ID, name
	return t
}

func (w *world) theme(of ident.Client, name string) (widget.Theme, error) {
	return ask(w, func(tx store.Tx) (widget.Theme, error) { return tx.Themes().Get(w.ctx, of, name) })
}

// themeWrites are what a view must not do.
func (w *world) themeWrites(e estate) map[string]func(store.Tx) error {
	return map[string]func(store.Tx) error{
		"Themes.Put":    func(tx store.Tx) error { return tx.Themes().Put(w.ctx, w.newTheme(e.client, "default")) },
		"Themes.Delete": func(tx store.Tx) error { return tx.Themes().Delete(w.ctx, e.client.ID, "default") },
	}
}

var themeCases = []testCase{
	{"come_back_as_they_were", func(w *world) {
		c := w.newClient()
		w.put(c)
		trip(w, w.newTheme(c, "default"), widget.Theme{ClientID: c.ID, Name: "default"},
			func(tx store.Tx, t widget.Theme) error { return tx.Themes().Put(w.ctx, t) },
			func(tx store.Tx) (widget.Theme, error) { return tx.Themes().Get(w.ctx, c.ID, "default") })
	}},
	{"are_their_clients_alone", func(w *world) {
		mine, other := w.newClient(), w.newClient()
		w.put(mine)
		w.put(other)
		full := w.newTheme(mine, "default")
		w.put(full)
		w.put(w.newTheme(mine, "a")) // another name is another theme
		w.put(w.newTheme(other, "b"))
		for _, stranger := range []ident.Client{other.ID, ""} {
			_, err := w.theme(stranger, "default")
			require.ErrorIs(w, err, widget.ErrNoTheme)
			err = w.Store.Update(w.ctx, store.Fence{}, func(tx store.Tx) error { return tx.Themes().Delete(w.ctx, stranger, "default") })
			require.ErrorIs(w, err, widget.ErrNoTheme)
		}
		found, err := w.theme(mine.ID, "default")
		require.NoError(w, err)
		require.Equal(w, full, found)
		names := func(of ident.Client) (names []string) {
			for _, t := range read(w, func(tx store.Tx) ([]widget.Theme, error) { return tx.Themes().Of(w.ctx, of) }) {
				require.Equal(w, of, t.ClientID)
				names = append(names, t.Name)
			}
			return names
		}
		require.Equal(w, []string{"a", "default"}, names(mine.ID))
		require.Equal(w, []string{"b"}, names(other.ID))
		require.Empty(w, names(""))
	}},
	{"are_deleted_once", func(w *world) {
		c := w.newClient()
		w.put(c)
		w.put(w.newTheme(c, "default"))
		remove := func() error {
			return w.Store.Update(w.ctx, store.Fence{}, func(tx store.Tx) error { return tx.Themes().Delete(w.ctx, c.ID, "default") })
		}
		require.NoError(w, remove())
		require.ErrorIs(w, remove(), widget.ErrNoTheme)
		_, err := w.theme(c.ID, "default")
		require.ErrorIs(w, err, widget.ErrNoTheme)
	}},
	{"belong_to_somebody", func(w *world) {
		err := w.Store.Update(w.ctx, store.Fence{}, func(tx store.Tx) error {
			return tx.Themes().Put(w.ctx, w.newTheme(w.newClient(), "default"))
		})
		require.True(w, fault.IsNotFound(err), "%v", err)
	}},
}
