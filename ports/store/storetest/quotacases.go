package storetest

import (
	"sync"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/quota"
	"github.com/tributary-dev/tributary/ports/store"
)

// newCall makes one of a connection that counts from genesis and some time.
func (w *world) newCall(c *connection.Connection, after time.Duration) quota.Call {
	var call quota.Call
	w.filler.fill(&call)
	call.ClientID, call.UserID, call.ConnectionID = c.ClientID, c.UserID, c.ID
	call.At, call.MadeAt = genesis.Add(after), genesis.Add(after)
	return call
}

func (w *world) calls(e estate, after time.Time) []quota.Call {
	w.Helper()
	return read(w, func(tx store.Tx) ([]quota.Call, error) {
		return tx.Quotas().Of(w.ctx, e.owner(), e.connection.ID, after)
	})
}

var quotaCases = []testCase{
	{"come_back_as_they_were", func(w *world) {
		e := w.newEstate(w.newClient())
		full := w.newCall(e.connection, time.Hour)
		bare := quota.Call{ID: full.ID, ClientID: full.ClientID, UserID: full.UserID, ConnectionID: full.ConnectionID, BegunAt: genesis, At: genesis, MadeAt: genesis}
		for _, call := range []quota.Call{full, bare, full} {
			w.put(call)
			require.Equal(w, []quota.Call{call}, w.calls(e, time.Time{}))
		}
	}},
	{"are_one_connections_in_their_order", func(w *world) {
		e, other := w.newEstate(w.newClient()), w.newEstate(w.newClient())
		late, early, ahead := w.newCall(e.connection, time.Hour), w.newCall(e.connection, 0), w.newCall(e.connection, 99*time.Hour)
		w.update(func(tx store.Tx) error {
			return tx.Quotas().Put(w.ctx, late, early, ahead, w.newCall(other.connection, time.Minute))
		})
		require.Equal(w, []quota.Call{early, late, ahead}, w.calls(e, time.Time{}))
		require.Equal(w, []quota.Call{late, ahead}, w.calls(e, genesis), "later than that")
		require.Empty(w, w.calls(e, ahead.At))
		w.update(func(tx store.Tx) error { return tx.Quotas().Put(w.ctx) })
	}},
	{"are_their_owners", func(w *world) {
		w.eachStranger(func(tx store.Tx, o store.Owner, mine estate, allowed bool) {
			_, err := tx.Quotas().Of(w.ctx, o, mine.connection.ID, time.Time{})
			if allowed {
				require.NoError(w, err)
			} else {
				require.ErrorIs(w, err, connection.ErrNotFound)
			}
		})
	}},
	{"belong_to_a_connection_and_go_with_it", func(w *world) {
		e := w.newEstate(w.newClient())
		call := w.newCall(w.newConnection(e.user), 0)
		err := w.Store.Update(w.ctx, store.Fence{}, func(tx store.Tx) error { return tx.Quotas().Put(w.ctx, call) })
		require.True(w, fault.IsNotFound(err), "%v", err)
		w.put(w.newCall(e.connection, 0))
		w.update(func(tx store.Tx) error { return w.speak(tx, e.client.ID, tx.Connections().Delete(w.ctx, e.connection)) })
		_, err = ask(w, func(tx store.Tx) ([]quota.Call, error) {
			return tx.Quotas().Of(w.ctx, e.owner(), e.connection.ID, time.Time{})
		})
		require.ErrorIs(w, err, connection.ErrNotFound)
		w.put(e.connection)
		require.Empty(w, w.calls(e, time.Time{}))
	}},
	{"are_swept_when_old_on_both_clocks", func(w *world) {
		e := w.newEstate(w.newClient())
		old, made, at, fresh := w.newCall(e.connection, -time.Hour), w.newCall(e.connection, -time.Hour), w.newCall(e.connection, -time.Hour), w.newCall(e.connection, 0)
		made.MadeAt, at.At = genesis, genesis
		w.update(func(tx store.Tx) error { return tx.Quotas().Put(w.ctx, old, made, at, fresh) })
		w.update(func(tx store.Tx) error { return tx.Quotas().Sweep(w.ctx, genesis, genesis) })
		require.ElementsMatch(w, []quota.Call{made, at, fresh}, w.calls(e, time.Time{}))
	}},
	{"twenty_reserve_and_four_may", func(w *world) {
		e := w.newEstate(w.newClient())
		var all sync.WaitGroup
		errs := make([]error, 20)
		for i := range errs {
			all.Go(func() {
				errs[i] = w.Store.Update(w.ctx, store.Fence{}, func(tx store.Tx) error { return reserve(w, tx, e) })
			})
		}
		all.Wait()
		may := 0
		for _, err := range errs {
			if err == nil {
				may++
			} else {
				require.ErrorIs(w, err, errOnPurpose)
			}
		}
		require.Equal(w, 4, may)
		require.Len(w, w.calls(e, time.Time{}), 4)
	}},
}

// reserve enters a call where one is free of four.
func reserve(w *world, tx store.Tx, e estate) error {
	calls, err := tx.Quotas().Of(w.ctx, e.owner(), e.connection.ID, genesis.Add(-quota.Window))
	if err != nil {
		return err
	}
	l, plan := quota.Open(4, genesis, genesis, calls), quota.Plan{ListOnly: true}
	if !l.Wait(plan).IsZero() {
		return errOnPurpose
	}
	call, _ := l.Reserve(quota.Call{
		ID: ident.New[ident.Call](ident.Real()), ClientID: e.client.ID, UserID: e.user.ID, ConnectionID: e.connection.ID, MadeAt: genesis,
	}, plan, time.Minute)
	return tx.Quotas().Put(w.ctx, call)
}
