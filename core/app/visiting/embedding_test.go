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

func TestEmbedding_is_what_the_client_registered(t *testing.T) {
	t.Parallel()
	w := usecasetest.New(t)
	register := func(origins, links []string) {
		w.Acme.Origins, w.Acme.AppLinks, w.Acme.RedirectURLs = origins, links, []string{"https://acme.example/back"}
		w.Update(func(ctx context.Context, tx store.Tx) error { return tx.Clients().Put(ctx, w.Acme) })
	}
	register([]string{"https://acme.example"}, []string{"com.acme.app:/banks"})
	order := site()
	order.Mode, order.RedirectURL, order.CancelURL = widget.InFrame, "com.acme.app:/banks", "https://acme.example/back"
	g := invite(t, w, order)
	around, err := g.Service.Embedding(t.Context(), g.Session)
	require.NoError(t, err)
	require.Equal(t, widget.Embedding{Mode: widget.InFrame, Framers: []string{"https://acme.example"}, Parent: "https://acme.example"}, around)
	register(nil, nil)
	around, err = g.Service.Embedding(t.Context(), g.Session)
	require.NoError(t, err)
	require.Equal(t, widget.Embedding{Mode: widget.InFrame}, around)
	for _, none := range []string{"", "x", "wid_00000000000000000000000000"} {
		around, err = g.Service.Embedding(t.Context(), none)
		require.NoError(t, err)
		require.Equal(t, widget.Embedding{}, around)
	}
	w.Unchanged(func() {
		_, err = g.Create(t.Context(), w.For(w.Ana), usecase.NewWidgetSession{Order: order})
		require.ErrorIs(t, err, widget.ErrOrder, "nothing of it is registered any more")
	})
}
