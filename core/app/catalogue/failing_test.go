package catalogue_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/app/catalogue"
	"github.com/tributary-dev/tributary/core/provider"
	"github.com/tributary-dev/tributary/core/schedule"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
	"github.com/tributary-dev/tributary/ports/usecase/usecasetest"
)

func TestHealth_of_a_bank_that_does_not_answer(t *testing.T) {
	t.Parallel()
	w := usecasetest.New(t)
	s := catalogue.Service{Catalogue: w.Banks, Store: w.Store, Now: w.Now}
	health := func() provider.Health {
		one, err := s.Get(t.Context(), usecasetest.Bank)
		require.NoError(t, err)
		found, err := s.List(t.Context(), usecase.ProviderFilter{Health: string(one.Health())}, store.Page{Limit: 10})
		require.NoError(t, err)
		require.Len(t, found.Items, 1, "lists and filters tell the same")
		require.Equal(t, one.Health(), found.Items[0].Health())
		return one.Health()
	}
	put := func(b schedule.Breaker) {
		w.Update(func(ctx context.Context, tx store.Tx) error { return tx.Breakers().Put(ctx, usecasetest.Redirect, b) })
	}
	var down schedule.Breaker
	for range schedule.Threshold {
		down.Fail(w.Now(), nil)
	}
	one, err := s.Get(t.Context(), usecasetest.Bank)
	require.NoError(t, err)
	require.Equal(t, provider.Up, one.Channels[0].Health)
	w.Update(func(ctx context.Context, tx store.Tx) error {
		return tx.Breakers().Put(ctx, usecasetest.Embedded, down)
	})
	one, err = s.Get(t.Context(), usecasetest.Bank)
	require.NoError(t, err)
	require.Equal(t, []provider.Health{provider.Down, provider.Up}, []provider.Health{one.Channels[0].Health, one.Channels[1].Health}, "its web site alone")
	fresh, err := w.Banks.Provider(t.Context(), usecasetest.Bank)
	require.NoError(t, err)
	require.Equal(t, provider.Up, fresh.Channels[0].Health, "the catalogue's own is not touched")
	require.Equal(t, provider.Up, health())
	var b schedule.Breaker
	for range schedule.Threshold {
		put(b)
		require.Equal(t, provider.Up, health())
		b.Fail(w.Now(), nil)
	}
	put(b)
	require.Equal(t, provider.Down, health())
	w.Pass(time.Hour)
	require.Equal(t, provider.Down, health(), "until it answers again")
	b.Answer()
	put(b)
	require.Equal(t, provider.Up, health())
}
