package storetest

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/synchronization"
	"github.com/tributary-dev/tributary/ports/store"
)

var runCases = []testCase{
	{"a_broken_fence_writes_nothing", brokenFence},
	{"a_fence_that_holds_lets_through", func(w *world) {
		e := w.newEstate(w.newClient())
		require.NoError(w, w.Store.Update(w.ctx, store.Fence{Run: e.run.ID, Epoch: e.run.Lease.Epoch}, func(tx store.Tx) error {
			return tx.Users().Put(w.ctx, w.newUser(e.client))
		}))
	}},
	{"one_active_run_a_connection", oneActiveRun},
	{"every_status_counts_as_the_core_says", func(w *world) {
		e := w.newEstate(w.newClient())
		for _, status := range synchronization.Statuses() {
			e.run.Status = status
			w.put(e.run)
			_, err := ask(w, func(tx store.Tx) (*synchronization.Synchronization, error) {
				return tx.Runs().Active(w.ctx, e.connection.ID)
			})
			if status.Final() {
				require.ErrorIs(w, err, synchronization.ErrNotFound, status)
			} else {
				require.NoError(w, err, status)
			}
		}
	}},
	{"twenty_start_and_one_wins", twentyStart},
	{"twenty_claim_and_one_wins", twentyClaim},
	{"due", dueRuns},
	{"rested", restedRuns},
	{"filters", func(w *world) {
		e := w.newEstate(w.newClient())
		done := w.newRun(e.connection)
		done.Status = synchronization.Success
		w.put(done)
		found := read(w, func(tx store.Tx) (store.Slice[*synchronization.Synchronization], error) {
			return tx.Runs().List(w.ctx, e.owner(), store.RunFilter{Status: synchronization.Success}, whole)
		})
		require.Equal(w, []*synchronization.Synchronization{done}, found.Items)
	}},
	{"load_serves_all_owners", func(w *world) {
		e := w.newEstate(w.newClient())
		require.Equal(w, e.run, read(w, func(tx store.Tx) (*synchronization.Synchronization, error) {
			return tx.Runs().Load(w.ctx, e.run.ID)
		}))
		_, err := ask(w, func(tx store.Tx) (*synchronization.Synchronization, error) { return tx.Runs().Load(w.ctx, "syn_none") })
		require.ErrorIs(w, err, synchronization.ErrNotFound)
	}},
}

func brokenFence(w *world) {
	e := w.newEstate(w.newClient())
	epoch := e.run.Lease.Epoch
	for _, fence := range []store.Fence{
		{Run: e.run.ID, Epoch: epoch - 1}, {Run: e.run.ID, Epoch: epoch + 1}, {Run: e.run.ID},
		{Run: "syn_none", Epoch: epoch}, {Epoch: epoch},
	} {
		u := w.newUser(e.client)
		err := w.Store.Update(w.ctx, fence, func(tx store.Tx) error { return tx.Users().Put(w.ctx, u) })
		require.ErrorIs(w, err, synchronization.ErrFenced, "%+v", fence)
		_, err = ask(w, func(tx store.Tx) (any, error) { return tx.Users().Get(w.ctx, store.Owner{Client: e.client.ID}, u.ID) })
		require.True(w, fault.IsNotFound(err))
	}
}

func oneActiveRun(w *world) {
	e := w.newEstate(w.newClient())
	second := w.newRun(e.connection)
	for _, status := range []synchronization.Status{synchronization.Queued, synchronization.Running, synchronization.Paused} {
		e.run.Status = status
		w.put(e.run) // putting the same one again is no second one
		err := w.Store.Update(w.ctx, store.Fence{}, func(tx store.Tx) error { return tx.Runs().Put(w.ctx, second) })
		require.ErrorIs(w, err, synchronization.ErrRunning)
		failure, ok := errors.AsType[*fault.Error](err)
		require.True(w, ok)
		require.Equal(w, string(e.run.ID), failure.Subject)
	}
	past := w.newRun(e.connection)
	past.Status = synchronization.Failed
	w.put(past) // a final one is none that runs
	e.run.Status = synchronization.Cancelled
	w.put(e.run)
	w.put(second)
	other := w.newConnection(e.user)
	w.put(other)
	w.put(w.newRun(other))
}

func twentyStart(w *world) {
	e := w.newEstate(w.newClient())
	c := w.newConnection(e.user)
	w.put(c)
	attempts := make([]*synchronization.Synchronization, 20)
	for i := range attempts {
		attempts[i] = w.newRun(c)
	}
	var won atomic.Pointer[synchronization.Synchronization]
	failures := make([]error, len(attempts))
	var all sync.WaitGroup
	for i, s := range attempts {
		all.Go(func() {
			err := w.Store.Update(w.ctx, store.Fence{}, func(tx store.Tx) error { return tx.Runs().Put(w.ctx, s) })
			if err == nil && won.Swap(s) != nil {
				w.Errorf("two runs of one connection")
			}
			failures[i] = err
		})
	}
	all.Wait()
	winner := won.Load()
	require.NotNil(w, winner)
	for i, s := range attempts {
		if s == winner {
			continue
		}
		failure, ok := errors.AsType[*fault.Error](failures[i])
		require.True(w, ok)
		require.ErrorIs(w, failure, synchronization.ErrRunning)
		require.Equal(w, string(winner.ID), failure.Subject)
	}
}

func twentyClaim(w *world) {
	e := w.newEstate(w.newClient())
	e.run.Lease = synchronization.Lease{}
	w.put(e.run)
	var won, lost atomic.Int32
	var all sync.WaitGroup
	for n := range 20 {
		all.Go(func() {
			err := w.Store.Update(w.ctx, store.Fence{}, func(tx store.Tx) error {
				s, err := tx.Runs().Load(w.ctx, e.run.ID)
				if err != nil {
					return err
				}
				if err := s.Claim(fmt.Sprint("worker ", n), genesis, genesis.Add(time.Minute)); err != nil {
					return err
				}
				return tx.Runs().Put(w.ctx, s)
			})
			switch {
			case err == nil:
				won.Add(1)
			case errors.Is(err, synchronization.ErrFenced):
				lost.Add(1)
			default:
				w.Errorf("claim: %v", err)
			}
		})
	}
	all.Wait()
	require.EqualValues(w, 1, won.Load())
	require.EqualValues(w, 19, lost.Load())
	s := read(w, func(tx store.Tx) (*synchronization.Synchronization, error) { return tx.Runs().Load(w.ctx, e.run.ID) })
	require.EqualValues(w, 1, s.Lease.Epoch)
	require.Len(w, w.log(e.client.ID), 1, "one claim is told")
}

func dueRuns(w *world) {
	c := w.newClient()
	now := genesis.Add(time.Hour)
	second := func(n int) time.Time { return now.Add(time.Duration(n) * time.Second) }
	var want []ident.Synchronization
	for _, row := range []struct {
		name   string
		status synchronization.Status
		due    time.Time
		lease  synchronization.Lease
		place  int // in the answer; 0 is nowhere
	}{
		{"due long since", synchronization.Queued, second(-30), synchronization.Lease{}, 1},
		{"due now", synchronization.Paused, second(0), synchronization.Lease{}, 4},
		{"due later", synchronization.Queued, second(1), synchronization.Lease{}, 0},
		{"never due", synchronization.Paused, time.Time{}, synchronization.Lease{}, 0},
		{"final", synchronization.Success, second(-20), synchronization.Lease{}, 0},
		{"held", synchronization.Running, second(-25), synchronization.Lease{Owner: "somebody", Until: second(1)}, 0},
		{"held until now", synchronization.Running, second(-20), synchronization.Lease{Owner: "somebody", Until: now}, 2},
		{"lease without an end", synchronization.Running, second(-11), synchronization.Lease{Owner: "somebody"}, 3},
		{"lease without an owner", synchronization.Running, second(0), synchronization.Lease{Until: second(9)}, 5},
	} {
		e := w.newEstate(c)
		e.run.Status, e.run.DueAt, e.run.Lease = row.status, row.due, row.lease
		w.put(e.run)
		if row.place > 0 {
			want = append(want, make([]ident.Synchronization, max(0, row.place-len(want)))...)
			want[row.place-1] = e.run.ID
		}
	}
	due := func(limit int) []ident.Synchronization {
		return read(w, func(tx store.Tx) ([]ident.Synchronization, error) { return tx.Runs().Due(w.ctx, now, limit) })
	}
	require.Equal(w, want, due(100))
	require.Equal(w, want[:2], due(2))
}

func restedRuns(w *world) {
	c := w.newClient()
	now := genesis.Add(time.Hour)
	var want []ident.Synchronization
	for _, row := range []struct {
		name       string
		status     synchronization.Status
		due, retry time.Time
		place      int // in the answer; 0 is nowhere
	}{
		{"now", synchronization.Paused, time.Time{}, now, 2},
		{"long since", synchronization.Paused, time.Time{}, genesis, 1},
		{"later", synchronization.Paused, time.Time{}, now.Add(time.Microsecond), 0},
		{"waits for the user", synchronization.Paused, time.Time{}, time.Time{}, 0},
		{"went on and waits for the user", synchronization.Paused, now, genesis, 0},
		{"went on", synchronization.Running, time.Time{}, genesis, 0},
		{"final", synchronization.Failed, time.Time{}, genesis, 0},
	} {
		e := w.newEstate(c)
		e.run.Status, e.run.DueAt, e.run.RetryAt = row.status, row.due, row.retry
		w.put(e.run)
		if row.place > 0 {
			want = append(want, make([]ident.Synchronization, max(0, row.place-len(want)))...)
			want[row.place-1] = e.run.ID
		}
	}
	rested := func(limit int) []ident.Synchronization {
		return read(w, func(tx store.Tx) ([]ident.Synchronization, error) { return tx.Runs().Rested(w.ctx, now, limit) })
	}
	require.Equal(w, want, rested(100))
	require.Equal(w, want[:1], rested(1))
	_, err := ask(w, func(tx store.Tx) ([]ident.Synchronization, error) { return tx.Runs().Rested(w.ctx, now, 0) })
	require.Error(w, err)
}
