package synchronizing_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/core/synchronization"
	port "github.com/tributary-dev/tributary/ports/provider"
	"github.com/tributary-dev/tributary/ports/store"
)

// inBubble plays with time that passes as soon as everybody waits.
func inBubble(t *testing.T, play func(t *testing.T, w *world)) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.bubble = true
		play(t, w)
	})
}

// unreachable is a store that fails from a moment on, in one of several ways.
type unreachable struct {
	store.Store
	off  atomic.Bool
	fail func(ctx context.Context) error
}

func (u *unreachable) Update(ctx context.Context, fence store.Fence, fn func(store.Tx) error) error {
	if u.off.Load() {
		return u.fail(ctx)
	}
	return u.Store.Update(ctx, fence, fn)
}

// busy is a store in which one transaction takes its time, and all others that
// come meanwhile wait for it, as they do for a row that is locked.
type busy struct {
	store.Store
	long    time.Duration
	slow    atomic.Bool
	passes  atomic.Int32 // so many come before the slow one
	working atomic.Bool
	waited  atomic.Int32
}

func (b *busy) Update(ctx context.Context, fence store.Fence, fn func(store.Tx) error) error {
	if b.working.Load() {
		b.waited.Add(1)
		<-ctx.Done()
		return ctx.Err()
	}
	if b.slow.Load() && b.passes.Add(-1) < 0 && b.slow.CompareAndSwap(true, false) {
		b.working.Store(true)
		defer b.working.Store(false)
		select {
		case <-time.After(b.long):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return b.Store.Update(ctx, fence, fn)
}

// many tells twenty rows of the last day that is asked for.
func many(window port.Window, sink port.Sink) error {
	rows := make([]ledger.Row, 20)
	for i := range rows {
		rows[i] = row(fmt.Sprint(window.To, i), "-1.00", "CB UNE")
		rows[i].BookingDate = window.To
	}
	return errors.Join(sink.Account("a", shown("a")), sink.Progress(synchronization.StageRecent, 0, 1), sink.Rows("a", rows), sink.Done("a", window.Default, window.To))
}

// untaken are the runs that anybody may take up now.
func (w *world) untaken() (ids []ident.Synchronization) {
	require.NoError(w.t, w.store.View(w.ctx, func(tx store.Tx) (err error) {
		ids, err = tx.Runs().Due(w.ctx, time.Now(), 10)
		return err
	}))
	return ids
}

func TestLease(t *testing.T) {
	t.Parallel()

	t.Run("Is_outlasted_by_the_transaction_that_enters_what_was_read", func(t *testing.T) {
		t.Parallel()
		inBubble(t, func(t *testing.T, w *world) {
			large := &busy{Store: w.store, long: 3 * w.worker.Limits.Lease}
			w.worker.Store = large
			c := w.connect()
			w.bank.fetch = func(_ context.Context, _ port.Fetch, sink port.Sink) error {
				defer large.slow.Store(true)
				return statement(sink)
			}
			_ = w.worker.Handle(t.Context(), string(c.LastSynchronizationID)) // it lost the lease, and nothing else
			require.Equal(t, synchronization.Success, w.run(c.LastSynchronizationID).Status)
			require.Len(t, w.bank.fetched, 1)
			require.Len(t, w.rows(), 2)
		})
	})

	t.Run("Is_made_long_enough_for_many_rows_before_they_are_entered", func(t *testing.T) {
		t.Parallel()
		inBubble(t, func(t *testing.T, w *world) {
			w.worker.Limits.Lease = 15 * time.Millisecond
			large := &busy{Store: w.store, long: 18 * time.Millisecond}
			w.worker.Store = large
			w.bank.fetch = func(_ context.Context, req port.Fetch, sink port.Sink) error {
				defer time.AfterFunc(17*time.Millisecond, func() { require.True(t, large.working.Load()); require.Empty(t, w.untaken()) })
				large.slow.Store(true)
				large.passes.Store(2) // the stage, and the longer lease
				return many(req.Window, sink)
			}
			c := w.connect()
			w.work(c.LastSynchronizationID)
			run := w.run(c.LastSynchronizationID)
			require.Equal(t, synchronization.Success, run.Status)
			require.Equal(t, int64(1), run.Lease.Epoch, "it was never lost")
			require.Zero(t, large.waited.Load(), "nobody came in vain")
			require.Len(t, w.bank.begun, 1)
			require.Len(t, w.bank.fetched, 2, "what is recent, and what is older")
			require.Len(t, w.rows(), 40)
		})
	})

	t.Run("Is_kept_through_a_fetch_that_lasts_longer", func(t *testing.T) {
		t.Parallel()
		inBubble(t, func(t *testing.T, w *world) {
			c := w.connect()
			w.bank.fetch = func(ctx context.Context, _ port.Fetch, sink port.Sink) error {
				for range 10 {
					select {
					case <-ctx.Done():
						return ctx.Err()
					case <-time.After(w.worker.Limits.Lease / 2):
					}
					other := *w.worker
					other.Owner = "there"
					require.NoError(t, other.Handle(t.Context(), string(c.LastSynchronizationID)))
				}
				return statement(sink)
			}
			w.work(c.LastSynchronizationID)
			run := w.run(c.LastSynchronizationID)
			require.Equal(t, synchronization.Success, run.Status)
			require.Equal(t, int64(1), run.Lease.Epoch)
			require.Len(t, w.bank.fetched, 1)
		})
	})

	for name, fail := range map[string]func(hang chan struct{}) func(context.Context) error{
		"fails_at_once": func(chan struct{}) func(context.Context) error {
			return func(context.Context) error { return errStorage }
		},
		"hangs_until_told": func(chan struct{}) func(context.Context) error {
			return func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }
		},
		"hangs_whatever_it_is_told": func(hang chan struct{}) func(context.Context) error {
			return func(context.Context) error { <-hang; return errStorage }
		},
	} {
		for _, after := range []time.Duration{0, 4 * time.Second, 7 * time.Second, 14 * time.Second} {
			t.Run(fmt.Sprint("Ends_the_banks_call_before_it_ends_where_the_store_", name, "_after_", after), func(t *testing.T) {
				t.Parallel()
				inBubble(t, func(t *testing.T, w *world) {
					hang := make(chan struct{})
					weak := &unreachable{Store: w.store, fail: fail(hang)}
					w.worker.Store = weak
					c := w.connect()
					var ended, until time.Time
					w.bank.fetch = func(ctx context.Context, _ port.Fetch, _ port.Sink) error {
						time.Sleep(after) // in a bubble this is a signal, not a wait
						weak.off.Store(true)
						<-ctx.Done()
						ended, until = time.Now(), w.run(c.LastSynchronizationID).Lease.Until
						close(hang)
						return ctx.Err()
					}
					require.Error(t, w.worker.Handle(t.Context(), string(c.LastSynchronizationID)))
					require.True(t, ended.Before(until), "%s is not before %s", ended, until)
					require.Greater(t, ended.Sub(until.Add(-w.worker.Limits.Lease)), w.worker.Limits.Lease/2, "but not at the first trouble")
					require.Equal(t, synchronization.Running, w.run(c.LastSynchronizationID).Status, "it is taken up again")

					weak.off.Store(false)
					w.bank.fetch = nil
					time.Sleep(w.worker.Limits.Lease)
					w.work(c.LastSynchronizationID)
					require.Equal(t, synchronization.Success, w.run(c.LastSynchronizationID).Status)
				})
			})
		}
	}

	t.Run("Taken_by_another_ends_the_banks_call", func(t *testing.T) {
		t.Parallel()
		inBubble(t, func(t *testing.T, w *world) {
			c := w.connect()
			w.bank.fetch = func(ctx context.Context, _ port.Fetch, _ port.Sink) error {
				_, err := w.runs.Cancel(t.Context(), w.asker, string(c.LastSynchronizationID))
				require.NoError(t, err)
				<-ctx.Done()
				require.ErrorIs(t, context.Cause(ctx), synchronization.ErrFenced)
				return ctx.Err()
			}
			w.work(c.LastSynchronizationID)
			require.Equal(t, synchronization.Cancelled, w.run(c.LastSynchronizationID).Status)
		})
	})

	t.Run("Taken_by_another_run_of_the_same_process_too", func(t *testing.T) {
		t.Parallel()
		inBubble(t, func(t *testing.T, w *world) {
			c := w.connect()
			w.bank.fetch = func(ctx context.Context, _ port.Fetch, _ port.Sink) error {
				require.NoError(t, w.store.Update(t.Context(), store.Fence{}, func(tx store.Tx) error {
					run, err := tx.Runs().Load(t.Context(), c.LastSynchronizationID)
					run.Lease.Epoch++
					return errors.Join(err, tx.Runs().Put(t.Context(), run))
				}))
				<-ctx.Done()
				require.ErrorIs(t, context.Cause(ctx), synchronization.ErrFenced)
				return ctx.Err()
			}
			w.work(c.LastSynchronizationID)
		})
	})

	t.Run("That_ended_while_the_machine_slept_ends_the_banks_call", func(t *testing.T) {
		t.Parallel()
		inBubble(t, func(t *testing.T, w *world) {
			var slept atomic.Int64
			w.worker.Real = func() time.Time { return time.Now().Add(time.Duration(slept.Load())) }
			c := w.connect()
			w.bank.fetch = func(ctx context.Context, _ port.Fetch, _ port.Sink) error {
				began := time.Now()
				slept.Store(int64(time.Hour)) // the timers did not notice
				<-ctx.Done()
				require.LessOrEqual(t, time.Since(began), w.worker.Limits.Lease/3)
				return ctx.Err()
			}
			require.Error(t, w.worker.Handle(t.Context(), string(c.LastSynchronizationID)))
			require.Equal(t, synchronization.Running, w.run(c.LastSynchronizationID).Status)
		})
	})

	t.Run("Bounds_each_call_of_a_session", func(t *testing.T) {
		t.Parallel()
		inBubble(t, func(t *testing.T, w *world) {
			c := w.connect()
			w.bank.fetch = func(ctx context.Context, req port.Fetch, _ port.Sink) error {
				deadline, ok := ctx.Deadline()
				require.True(t, ok)
				require.Equal(t, req.Deadline, deadline)
				<-ctx.Done()
				return ctx.Err()
			}
			began := time.Now()
			w.work(c.LastSynchronizationID)
			require.Equal(t, w.worker.Limits.Fetch, time.Since(began))
			require.Equal(t, synchronization.Failed, w.run(c.LastSynchronizationID).Status)
			require.Equal(t, connection.TechnicalError, w.connection(c.ID).Channels[0].Status)
		})
	})
}

func TestTwentyWorkers_have_one_effect(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.connect()
	var started, done sync.WaitGroup
	started.Add(20)
	for i := range 20 {
		worker := *w.worker
		worker.Owner = fmt.Sprint("worker ", i)
		done.Go(func() {
			started.Done()
			started.Wait()
			_ = worker.Handle(w.ctx, string(c.LastSynchronizationID))
		})
	}
	done.Wait()
	require.Equal(t, synchronization.Success, w.run(c.LastSynchronizationID).Status)
	require.Len(t, w.bank.begun, 1)
	require.Len(t, w.bank.fetched, 1)
	require.Len(t, w.rows(), 2)
	require.Equal(t, int64(1), w.run(c.LastSynchronizationID).Lease.Epoch)
	for _, once := range []event.Name{event.SynchronizationStarted, event.SynchronizationSucceeded, event.AccountsAdded, event.TransactionsAdded} {
		require.Equal(t, 1, w.count(once), once)
	}
}
