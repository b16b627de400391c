package storetest

import (
	"context"
	"errors"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/client"
	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/user"
	"github.com/tributary-dev/tributary/ports/jobs"
	"github.com/tributary-dev/tributary/ports/store"
)

var errOnPurpose = errors.New("on purpose")

var updates = []testCase{
	{"an_error_leaves_nothing", func(w *world) {
		leavesNothing(w, func(write func(store.Tx) error) {
			err := w.Store.Update(w.ctx, store.Fence{}, func(tx store.Tx) error {
				require.NoError(w, write(tx))
				return errOnPurpose
			})
			require.ErrorIs(w, err, errOnPurpose)
		})
	}},
	{"a_panic_leaves_nothing", func(w *world) {
		leavesNothing(w, func(write func(store.Tx) error) {
			require.PanicsWithValue(w, "on purpose", func() {
				_ = w.Store.Update(w.ctx, store.Fence{}, func(tx store.Tx) error {
					require.NoError(w, write(tx))
					panic("on purpose")
				})
			})
		})
	}},
	{"a_context_that_ended_leaves_nothing", func(w *world) {
		leavesNothing(w, func(write func(store.Tx) error) {
			ctx, cancel := context.WithCancel(w.ctx)
			err := w.Store.Update(ctx, store.Fence{}, func(tx store.Tx) error {
				require.NoError(w, write(tx))
				cancel()
				return nil
			})
			require.ErrorIs(w, err, context.Canceled)
			require.Equal(w, fault.Unavailable, fault.KindOf(err))
			require.ErrorIs(w, w.Store.Update(ctx, store.Fence{}, write), context.Canceled)
			require.ErrorIs(w, w.Store.View(ctx, func(store.Tx) error { return nil }), context.Canceled)
		})
	}},
	{"what_belongs_to_nothing_is_refused", func(w *world) {
		e := w.newEstate(w.newClient())
		gone := w.newConnection(e.user) // never stored
		absent := w.newUser(w.newClient())
		for _, thing := range []any{absent, w.newConnection(absent), w.newRun(gone), w.newAccount(gone), w.newToken(absent),
			w.newTransaction(w.newAccount(gone)), w.newChallenge(w.newRun(e.connection))} {
			err := w.Store.Update(w.ctx, store.Fence{}, func(tx store.Tx) error { return w.write(tx, thing) })
			require.True(w, fault.IsNotFound(err), "%T: %v", thing, err)
		}
		err := w.Store.Update(w.ctx, store.Fence{}, func(tx store.Tx) error {
			return tx.Events().Append(w.ctx, absent.ClientID, event.Draft{Name: event.UserCreated})
		})
		require.True(w, fault.IsNotFound(err), "events of nobody: %v", err)
	}},
	{"reads_see_what_the_same_update_wrote", func(w *world) {
		c := w.newClient()
		w.update(func(tx store.Tx) error {
			if err := tx.Clients().Put(w.ctx, c); err != nil {
				return err
			}
			got, err := tx.Clients().Get(w.ctx, c.ID)
			require.Equal(w, c, got)
			return err
		})
	}},
	{"jobs_are_woken_with_the_commit", func(w *world) {
		at := genesis.Add(time.Hour)
		w.update(func(tx store.Tx) error {
			require.NoError(w, tx.Wake(w.ctx, jobs.Job{Kind: "a", Key: "1"}))
			require.NoError(w, tx.Wake(w.ctx, jobs.Job{Kind: "b", Key: "2", At: at}))
			require.Empty(w, w.Jobs(), "not before")
			return nil
		})
		require.Equal(w, []jobs.Job{{Kind: "a", Key: "1"}, {Kind: "b", Key: "2", At: at}}, w.Jobs())
	}},
	{"a_thing_that_is_not_there", func(w *world) {
		_, err := ask(w, func(tx store.Tx) (client.Client, error) { return tx.Clients().Get(w.ctx, "cli_none") })
		require.True(w, fault.IsNotFound(err))
		_, err = ask(w, func(tx store.Tx) (store.Token, error) { return tx.Tokens().Get(w.ctx, "none") })
		require.True(w, fault.IsNotFound(err))
	}},
}

// leavesNothing has an update fail after it wrote something of every kind, and
// looks for what is left of it.
func leavesNothing(w *world, fail func(write func(store.Tx) error)) {
	w.Helper()
	e := w.newEstate(w.newClient())
	before, jobsBefore, head := len(w.hinted()), len(w.Jobs()), w.head(e.client.ID)
	newcomer := w.newUser(e.client)
	renamed := read(w, func(tx store.Tx) (*connection.Connection, error) {
		return tx.Connections().Get(w.ctx, e.owner(), e.connection.ID)
	})
	renamed.Rename("another name", false)
	fail(func(tx store.Tx) error {
		return errors.Join(
			tx.Users().Put(w.ctx, newcomer), tx.Connections().Put(w.ctx, renamed),
			tx.Accounts().Delete(w.ctx, e.owner(), e.account.ID),
			tx.Events().Append(w.ctx, e.client.ID, event.Draft{Name: event.UserCreated, Version: 1}),
			tx.Wake(w.ctx, jobs.Job{Kind: "never", Key: "1"}),
		)
	})
	_, err := ask(w, func(tx store.Tx) (*user.User, error) {
		return tx.Users().Get(w.ctx, store.Owner{Client: e.client.ID}, newcomer.ID)
	})
	require.ErrorIs(w, err, user.ErrNotFound)
	require.NoError(w, w.Store.View(w.ctx, func(tx store.Tx) error { w.cannotGet(tx, e.owner(), e, true); return nil }))
	require.Equal(w, e.connection, read(w, func(tx store.Tx) (*connection.Connection, error) {
		return tx.Connections().Get(w.ctx, e.owner(), e.connection.ID)
	}))
	require.Equal(w, head, w.head(e.client.ID))
	require.Len(w, w.hinted(), before)
	require.Len(w, w.Jobs(), jobsBefore)
	// Numbers drawn in vain leave no gap, and the store still works.
	w.update(func(tx store.Tx) error {
		return tx.Events().Append(w.ctx, e.client.ID, event.Draft{Name: event.UserCreated, Version: 1})
	})
	require.Equal(w, head+1, w.head(e.client.ID))
}
