package storetest

import (
	"sync"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/user"
	"github.com/tributary-dev/tributary/ports/store"
)

func (w *world) newAttempt(u *user.User) store.Attempt {
	var a store.Attempt
	w.filler.fill(&a)
	a.Owner = store.Owner{Client: u.ClientID, User: u.ID}
	return a
}

func (w *world) attempt(hash string) (store.Attempt, error) {
	return ask(w, func(tx store.Tx) (store.Attempt, error) { return tx.Attempts().Get(w.ctx, hash) })
}

var attemptCases = []testCase{
	{"come_back_as_they_were", func(w *world) {
		e := w.newEstate(w.newClient())
		full, bare := w.newAttempt(e.user), store.Attempt{Hash: "bare", Owner: store.Owner{Client: e.client.ID}, CreatedAt: genesis, ExpiresAt: genesis}
		for _, a := range []store.Attempt{full, bare} {
			w.put(a)
			got, err := w.attempt(a.Hash)
			require.NoError(w, err)
			require.Equal(w, a, got)
		}
		full.Done, full.Epoch, full.Body = false, 99, nil
		w.put(full)
		got, err := w.attempt(full.Hash)
		require.NoError(w, err)
		require.Equal(w, full, got)
		_, err = w.attempt("none")
		require.True(w, fault.IsNotFound(err))
	}},
	{"one_of_twenty_adds_it", func(w *world) {
		e := w.newEstate(w.newClient())
		var done sync.WaitGroup
		errs := make([]error, 20)
		for i := range errs {
			done.Go(func() {
				errs[i] = w.Store.Update(w.ctx, store.Fence{}, func(tx store.Tx) error {
					return tx.Attempts().Add(w.ctx, store.Attempt{Hash: "same", Owner: e.owner(), Epoch: int64(i), CreatedAt: genesis, ExpiresAt: genesis})
				})
			})
		}
		done.Wait()
		added := 0
		for i, err := range errs {
			if err != nil {
				assert.Equal(w, fault.Conflict, fault.KindOf(err), "%v", err)
				continue
			}
			added++
			got, err := w.attempt("same")
			require.NoError(w, err)
			require.EqualValues(w, i, got.Epoch)
		}
		require.Equal(w, 1, added)
	}},
	{"forget_one_and_all_that_ended", func(w *world) {
		e := w.newEstate(w.newClient())
		var all []store.Attempt
		for _, ends := range []time.Duration{-time.Microsecond, 0, time.Hour} {
			a := w.newAttempt(e.user)
			a.ExpiresAt = genesis.Add(ends)
			w.put(a)
			all = append(all, a)
		}
		w.update(func(tx store.Tx) error { return tx.Attempts().Sweep(w.ctx, genesis) })
		_, err := w.attempt(all[0].Hash)
		require.True(w, fault.IsNotFound(err))
		w.update(func(tx store.Tx) error { return tx.Attempts().Delete(w.ctx, all[1].Hash) })
		_, err = w.attempt(all[1].Hash)
		require.True(w, fault.IsNotFound(err))
		_, err = w.attempt(all[2].Hash)
		require.NoError(w, err)
		w.update(func(tx store.Tx) error { return tx.Attempts().Delete(w.ctx, "none") })
	}},
	{"go_with_their_user", func(w *world) {
		e := w.newEstate(w.newClient())
		a, others := w.newAttempt(e.user), w.newAttempt(e.user)
		others.Owner.User = ""
		w.put(a)
		w.put(others)
		e.user.Erased()
		w.update(func(tx store.Tx) error { return tx.Users().Delete(w.ctx, e.user) })
		_, err := w.attempt(a.Hash)
		require.True(w, fault.IsNotFound(err))
		_, err = w.attempt(others.Hash)
		require.NoError(w, err)
	}},
	{"belong_to_somebody", func(w *world) {
		absent := w.newUser(w.newClient())
		err := w.Store.Update(w.ctx, store.Fence{}, func(tx store.Tx) error { return tx.Attempts().Put(w.ctx, w.newAttempt(absent)) })
		require.True(w, fault.IsNotFound(err), "%v", err)
	}},
}
