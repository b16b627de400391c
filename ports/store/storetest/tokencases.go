package storetest

import (
	"sync"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/ports/store"
)

var tokenCases = []testCase{
	{"revoke_one", func(w *world) {
		e := w.newEstate(w.newClient())
		other := w.newToken(e.user)
		other.Family = e.token.Family
		w.put(other)
		w.update(func(tx store.Tx) error { return tx.Tokens().Revoke(w.ctx, e.token.Hash) })
		require.True(w, w.token(e.token.Hash).Revoked)
		require.False(w, w.token(other.Hash).Revoked)
		w.update(func(tx store.Tx) error { return tx.Tokens().Revoke(w.ctx, "no such token") })
	}},
	{"revoke_a_family", func(w *world) {
		e := w.newEstate(w.newClient())
		kin, stranger := w.newToken(e.user), w.newToken(e.user)
		kin.Family = e.token.Family
		w.put(kin)
		w.put(stranger)
		w.update(func(tx store.Tx) error { return tx.Tokens().RevokeFamily(w.ctx, e.token.Family) })
		require.True(w, w.token(e.token.Hash).Revoked)
		require.True(w, w.token(kin.Hash).Revoked)
		require.False(w, w.token(stranger.Hash).Revoked)
	}},
	{"tokens_without_a_family_are_no_family", func(w *world) {
		e := w.newEstate(w.newClient())
		e.token.Family = ""
		w.put(e.token)
		w.update(func(tx store.Tx) error { return tx.Tokens().RevokeFamily(w.ctx, "") })
		require.False(w, w.token(e.token.Hash).Revoked)
	}},
	{"put_many_and_none", func(w *world) {
		e := w.newEstate(w.newClient())
		fresh, changed := w.newToken(e.user), e.token
		changed.Scopes = nil
		w.update(func(tx store.Tx) error {
			if err := tx.Tokens().Put(w.ctx); err != nil {
				return err
			}
			return tx.Tokens().Put(w.ctx, fresh, changed)
		})
		require.Equal(w, fresh, w.token(fresh.Hash))
		require.Equal(w, changed, w.token(changed.Hash))
	}},
	{"reading_in_an_update_locks", func(w *world) {
		// Each counts what it read up by one: one that reads what another is about to
		// replace loses a step.
		const writers = 20
		e := w.newEstate(w.newClient())
		e.token.Data = []byte{0}
		w.put(e.token)
		var done sync.WaitGroup
		for range writers {
			done.Go(func() {
				assert.NoError(w, w.Store.Update(w.ctx, store.Fence{}, func(tx store.Tx) error {
					t, err := tx.Tokens().Get(w.ctx, e.token.Hash)
					if err != nil {
						return err
					}
					t.Data = []byte{t.Data[0] + 1}
					return tx.Tokens().Put(w.ctx, t)
				}))
			})
		}
		done.Wait()
		require.Equal(w, []byte{writers}, w.token(e.token.Hash).Data)
	}},
	{"sweep", func(w *world) {
		e := w.newEstate(w.newClient())
		hashes := map[time.Duration]string{}
		for _, ends := range []time.Duration{-time.Microsecond, 0, time.Microsecond} {
			t := w.newToken(e.user)
			t.ExpiresAt = genesis.Add(ends)
			w.put(t)
			hashes[ends] = t.Hash
		}
		endless := w.newToken(e.user)
		endless.ExpiresAt = time.Time{}
		w.put(endless)
		w.update(func(tx store.Tx) error { return tx.Tokens().Sweep(w.ctx, genesis) })
		_, err := ask(w, func(tx store.Tx) (store.Token, error) { return tx.Tokens().Get(w.ctx, hashes[-time.Microsecond]) })
		require.True(w, fault.IsNotFound(err))
		w.token(hashes[0])
		w.token(hashes[time.Microsecond])
		w.token(endless.Hash)
	}},
}

func (w *world) token(hash string) store.Token {
	w.Helper()
	return read(w, func(tx store.Tx) (store.Token, error) { return tx.Tokens().Get(w.ctx, hash) })
}
