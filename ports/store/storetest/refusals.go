package storetest

import (
	"errors"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/synchronization"
	"github.com/tributary-dev/tributary/core/user"
	"github.com/tributary-dev/tributary/ports/store"
)

// refusals are answers that an Update may have been waiting for: it goes on
// after them, and what it writes besides counts.
var refusals = []testCase{
	{"an_update_goes_on_after_a_refusal", func(w *world) {
		e := w.newEstate(w.newClient())
		attempt := store.Attempt{Hash: "hash", Owner: e.owner(), ExpiresAt: genesis, CreatedAt: genesis}
		twin, second, plain := w.newUser(e.client), w.newRun(e.connection), w.newUser(e.client)
		twin.ExternalID = e.user.ExternalID
		w.update(func(tx store.Tx) error {
			require.NoError(w, tx.Attempts().Add(w.ctx, attempt))
			require.ErrorIs(w, tx.Users().Put(w.ctx, twin), user.ErrTaken)
			require.ErrorIs(w, tx.Runs().Put(w.ctx, second), synchronization.ErrRunning)
			require.Equal(w, fault.Conflict, fault.KindOf(tx.Attempts().Add(w.ctx, attempt)))
			return tx.Users().Put(w.ctx, plain)
		})
		found := read(w, func(tx store.Tx) (store.Slice[*user.User], error) {
			return tx.Users().List(w.ctx, e.client.ID, store.UserFilter{}, whole)
		})
		require.Len(w, found.Items, 2)
		require.NoError(w, w.Store.View(w.ctx, func(tx store.Tx) error {
			_, err := tx.Attempts().Get(w.ctx, attempt.Hash)
			return err
		}))
	}},
	{"who_comes_second_hears_of_the_first", func(w *world) {
		e := w.newEstate(w.newClient())
		c := w.newConnection(e.user)
		w.put(c)
		first, second := w.newRun(c), w.newRun(c)
		answer := make(chan error, 1)
		w.update(func(tx store.Tx) error {
			if err := tx.Runs().Put(w.ctx, first); err != nil {
				return err
			}
			go func() {
				answer <- w.Store.Update(w.ctx, store.Fence{}, func(tx store.Tx) error { return tx.Runs().Put(w.ctx, second) })
			}()
			w.settle(answer)
			return nil
		})
		err := <-answer
		require.ErrorIs(w, err, synchronization.ErrRunning)
		failure, ok := errors.AsType[*fault.Error](err)
		require.True(w, ok)
		require.Equal(w, string(first.ID), failure.Subject)
	}},
}
