package visiting_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/widget"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
	"github.com/tributary-dev/tributary/ports/usecase/usecasetest"
)

func TestTheme_brings_its_terms_and_is_its_clients_alone(t *testing.T) {
	t.Parallel()
	w := usecasetest.New(t)
	put := func(theme widget.Theme) {
		w.Update(func(ctx context.Context, tx store.Tx) error { return tx.Themes().Put(ctx, theme) })
	}
	put(widget.Theme{ClientID: w.Acme.ID, Name: "default", DisplayName: "Oak", TermsHeader: "Terms of Oak", TermsBody: "Be good."})
	put(widget.Theme{ClientID: w.Other.ID, Name: "theirs"})

	g := enter(t, w, site())
	visit := g.look()
	require.Equal(t, "Oak", visit.ClientName)
	require.Equal(t, "Be good.", visit.Session.Order.TermsBody)
	require.NotEqual(t, widget.OwnTerms, visit.Session.Order.TermsVersion(), "which are recorded by what they say")

	own := site()
	own.TermsBody = "Other words."
	require.Equal(t, "Other words.", order(t, g.Service, w, own).Order.TermsBody)
	require.Empty(t, order(t, g.Service, w, own).Order.TermsHeader, "nothing is mixed")

	put(widget.Theme{ClientID: w.Acme.ID, Name: "default", TermsBody: "New words."})
	visit = g.look()
	require.Equal(t, "Acme", visit.ClientName, "the look is that of now")
	require.Equal(t, "Be good.", visit.Session.Order.TermsBody, "the words are those that were ordered")

	w.Unchanged(func() {
		for _, name := range []string{"theirs", "none", "../default"} {
			o := site()
			o.Theme = name
			_, err := g.Create(t.Context(), w.For(w.Ana), usecase.NewWidgetSession{Order: o})
			require.ErrorIs(t, err, widget.ErrOrder, name)
		}
	})
}

func order(t *testing.T, s usecase.WidgetSessions, w *usecasetest.World, o widget.Order) *widget.Session {
	t.Helper()
	made, err := s.Create(t.Context(), w.For(w.Ana), usecase.NewWidgetSession{Order: o})
	require.NoError(t, err)
	return made.Session
}

// TestDress is known of every session, to whoever asks, and of nothing else.
func TestDress_is_known_of_every_session(t *testing.T) {
	t.Parallel()
	w := usecasetest.New(t)
	g := enter(t, w, site())
	dress, err := g.Service.Dress(t.Context(), g.Session)
	require.NoError(t, err)
	require.Equal(t, usecase.Dress{ClientName: "Acme", Locale: site().Locale}, dress)
	w.Update(func(ctx context.Context, tx store.Tx) error {
		return tx.Themes().Put(ctx, widget.Theme{ClientID: w.Acme.ID, Name: "default", DisplayName: "Oak"})
	})
	dress, err = g.Service.Dress(t.Context(), g.Session)
	require.NoError(t, err)
	require.Equal(t, "Oak", dress.ClientName)
	require.Equal(t, g.look().Dress, dress, "as on every other page")
	for _, none := range []string{"", "x", "wid_00000000000000000000000000"} {
		dress, err = g.Service.Dress(t.Context(), none)
		require.NoError(t, err)
		require.Equal(t, usecase.Dress{}, dress)
	}
}
