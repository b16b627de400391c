package storetest

import (
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/client"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/sandbox"
	"github.com/tributary-dev/tributary/ports/store"
)

func (w *world) newConfiguration(of client.Client) sandbox.Configuration {
	var c sandbox.Configuration
	w.filler.fill(&c)
	c.ClientID = of.ID
	return c
}

func addConfiguration(w *world, e estate, at time.Time) string {
	c := w.newConfiguration(e.client)
	c.CreatedAt = at
	w.put(c)
	return string(c.ID)
}

func (w *world) configuration(client ident.Client, id ident.Configuration) (sandbox.Configuration, error) {
	return ask(w, func(tx store.Tx) (sandbox.Configuration, error) { return tx.Configurations().Get(w.ctx, client, id) })
}

var configurationCases = []testCase{
	{"come_back_as_they_were", func(w *world) {
		c := w.newClient()
		w.put(c)
		full := w.newConfiguration(c)
		trip(w, full, sandbox.Configuration{ID: full.ID, ClientID: c.ID, CreatedAt: genesis},
			func(tx store.Tx, c sandbox.Configuration) error { return tx.Configurations().Put(w.ctx, c) },
			func(tx store.Tx) (sandbox.Configuration, error) {
				return tx.Configurations().Get(w.ctx, c.ID, full.ID)
			})
	}},
	{"lists_leave_the_text_out", func(w *world) {
		e := w.newEstate(w.newClient())
		bare := e.configuration
		bare.Text = nil
		for _, items := range [][]sandbox.Configuration{
			read(w, func(tx store.Tx) (store.Slice[sandbox.Configuration], error) {
				return tx.Configurations().List(w.ctx, e.client.ID, whole)
			}).Items,
			read(w, func(tx store.Tx) (store.Slice[sandbox.Configuration], error) {
				return tx.Configurations().All(w.ctx, whole)
			}).Items,
		} {
			require.Equal(w, []sandbox.Configuration{bare}, items)
		}
	}},
	{"are_their_clients_alone", func(w *world) {
		mine, other := w.newEstate(w.newClient()), w.newEstate(w.newClient())
		for _, stranger := range []ident.Client{other.client.ID, ""} {
			_, err := w.configuration(stranger, mine.configuration.ID)
			require.ErrorIs(w, err, sandbox.ErrNotFound)
			err = w.Store.Update(w.ctx, store.Fence{}, func(tx store.Tx) error {
				return tx.Configurations().Delete(w.ctx, stranger, mine.configuration.ID)
			})
			require.ErrorIs(w, err, sandbox.ErrNotFound)
		}
		_, err := w.configuration(mine.client.ID, mine.configuration.ID)
		require.NoError(w, err)
	}},
	{"are_deleted_once", func(w *world) {
		e := w.newEstate(w.newClient())
		remove := func() error {
			return w.Store.Update(w.ctx, store.Fence{}, func(tx store.Tx) error {
				return tx.Configurations().Delete(w.ctx, e.client.ID, e.configuration.ID)
			})
		}
		require.NoError(w, remove())
		require.ErrorIs(w, remove(), sandbox.ErrNotFound)
		_, err := w.configuration(e.client.ID, e.configuration.ID)
		require.ErrorIs(w, err, sandbox.ErrNotFound)
	}},
	{"belong_to_somebody", func(w *world) {
		err := w.Store.Update(w.ctx, store.Fence{}, func(tx store.Tx) error {
			return tx.Configurations().Put(w.ctx, w.newConfiguration(w.newClient()))
		})
		require.True(w, fault.IsNotFound(err), "%v", err)
	}},
}

// That two who move it at once both count is a case of the lost updates.
var clockCases = []testCase{
	{"is_real_until_it_is_moved", func(w *world) {
		got := func() sandbox.Clock {
			return read(w, func(tx store.Tx) (sandbox.Clock, error) { return tx.Clock().Get(w.ctx) })
		}
		require.Zero(w, got())
		for _, c := range []sandbox.Clock{{Offset: sandbox.MaxOffset, Revision: 1}, {Offset: -time.Second, Revision: 2}, {Revision: 3}} {
			w.update(func(tx store.Tx) error { return tx.Clock().Put(w.ctx, c) })
			require.Equal(w, c, got())
		}
	}},
}
