package rekeying_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/app/rekeying"
	"github.com/tributary-dev/tributary/core/client"
	"github.com/tributary-dev/tributary/core/delivery"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/store/storetest"
)

// hooked is a store with webhooks of two clients, and no users.
func hooked(t *testing.T) (state store.Store, all []*delivery.Webhook) {
	t.Helper()
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	state = storetest.NewFake(storetest.Options{Now: func() time.Time { return now }, IDs: ident.Real()})
	require.NoError(t, state.Update(t.Context(), store.Fence{}, func(tx store.Tx) error {
		for _, name := range []string{"one", "two"} {
			owner, err := client.New(ident.New[ident.Client](ident.Real()), name, "hash", now)
			require.NoError(t, err)
			require.NoError(t, tx.Clients().Put(t.Context(), owner))
			for range perClient {
				w := &delivery.Webhook{
					ID: ident.New[ident.Webhook](ident.Real()), ClientID: owner.ID, URL: "https://x.example", Algorithm: delivery.HMACSHA256,
					Status: delivery.Enabled, SealedKey: []byte("old/"), CreatedAt: now,
					Secrets: []delivery.Secret{{Sealed: []byte("sealed under it"), CreatedAt: now}},
				}
				require.NoError(t, tx.Webhooks().Put(t.Context(), w))
				all = append(all, w)
			}
		}
		return nil
	}))
	return state, all
}

// TestWrap_reaches_every_webhook, and goes on after an end anywhere. What is
// sealed under the key stays as it is.
func TestWrap_reaches_every_webhook(t *testing.T) {
	t.Parallel()
	state, all := hooked(t)
	wrapped, ends := 0, 0
	for err := errBroken; err != nil; ends++ {
		var count rekeying.Count
		count, err = rekeying.Service{Store: state, Box: &seals{"new", 70}}.Wrap(t.Context(), nil)
		wrapped += count.Wrapped
	}
	require.Greater(t, ends, 1)
	require.Equal(t, 2*perClient, wrapped, "each committed once")
	for _, w := range all {
		require.NoError(t, state.View(t.Context(), func(tx store.Tx) error {
			found, err := tx.Webhooks().Get(context.Background(), w.ClientID, w.ID)
			require.NoError(t, err)
			require.Equal(t, "new/", string(found.SealedKey))
			require.Equal(t, w.Secrets, found.Secrets)
			return nil
		}))
	}
	count, err := rekeying.Service{Store: state, Box: &seals{"new", -1}}.Wrap(t.Context(), nil)
	require.NoError(t, err)
	require.Equal(t, rekeying.Count{Webhooks: 2 * perClient}, count, "nothing is left to do")
}
