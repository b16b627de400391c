package synchronizing_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/secret"
	"github.com/tributary-dev/tributary/core/synchronization"
	port "github.com/tributary-dev/tributary/ports/provider"
	"github.com/tributary-dev/tributary/ports/store"
)

// brittle is a store whose k-th Update goes wrong in one of several ways.
type brittle struct {
	store.Store
	at     int64
	count  atomic.Int64
	breaks func(ctx context.Context, update func(context.Context) error) error
}

func (b *brittle) Update(ctx context.Context, fence store.Fence, fn func(store.Tx) error) error {
	update := func(ctx context.Context) error { return b.Store.Update(ctx, fence, fn) }
	if b.count.Add(1) == b.at {
		return b.breaks(ctx, update)
	}
	return update(ctx)
}

var errStorage = fault.New(fault.Unavailable, "storage_unavailable", "The storage cannot be reached now.")

// TestCrash_at_every_write breaks the worker at each write it makes, has a
// fresh one go on after the lease, and asks for the very same end.
func TestCrash_at_every_write(t *testing.T) {
	t.Parallel()
	for mode, breaks := range map[string]func(kill func()) func(context.Context, func(context.Context) error) error{
		"Refused": func(func()) func(context.Context, func(context.Context) error) error {
			return func(context.Context, func(context.Context) error) error { return errStorage }
		},
		"Killed_before_the_commit": func(kill func()) func(context.Context, func(context.Context) error) error {
			return func(ctx context.Context, update func(context.Context) error) error {
				kill()
				return update(ctx)
			}
		},
		"Committed_without_an_answer": func(kill func()) func(context.Context, func(context.Context) error) error {
			return func(ctx context.Context, update func(context.Context) error) error {
				if err := update(ctx); err != nil {
					return err
				}
				kill()
				return errors.Join(errStorage, context.Canceled)
			}
		},
	} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			want, writes := crash(t, 0, breaks)
			require.Greater(t, writes, int64(6))
			for k := int64(1); k <= writes; k++ {
				got, _ := crash(t, k, breaks)
				require.Equal(t, want, got, "broken at write %d of %d", k, writes)
			}
		})
	}
}

// crash plays a run with a challenge, two accounts and a failure to come, and
// gives what is left of it without ids and times.
func crash(t *testing.T, k int64, mode func(func()) func(context.Context, func(context.Context) error) error) (end []string, writes int64) {
	w := newWorld(t)
	w.bank.begin = func(port.Begin) (port.Step, error) { return asks(connection.Form, false), nil }
	w.bank.fetch = func(_ context.Context, _ port.Fetch, sink port.Sink) error {
		if err := statement(sink); err != nil {
			return err
		}
		report := shown("b")
		report.IBAN, report.Type = "FR7699999678901234567890123", "SAVINGS"
		return errors.Join(sink.Account("b", report), sink.Done("b", "2026-01-01", "2026-03-01"))
	}
	c := w.connect()
	weak := &brittle{Store: w.store, at: k}
	for round := 0; !w.run(c.LastSynchronizationID).Status.Final(); round++ {
		require.Less(t, round, 20, "it never ends")
		ctx, kill := context.WithCancel(w.ctx)
		weak.breaks = mode(kill)
		worker := *w.worker
		worker.Store, worker.Owner = weak, fmt.Sprint("worker ", round)
		if err := worker.Handle(ctx, string(c.LastSynchronizationID)); err != nil {
			w.pass(time.Minute)
		}
		kill()
		w.answerOpen(c)
	}
	return w.end(c), weak.count.Load()
}

func (w *world) answerOpen(c *connection.Connection) {
	asked, err := w.links.Current(w.ctx, w.asker, string(c.ID))
	if err == nil {
		require.NoError(w.t, w.links.Answer(w.ctx, w.asker, string(c.ID), string(asked.ID), secret.Values{"code": secret.New("1234")}))
	}
}

// end is all that a client sees of a run's end, but ids and times. A challenge
// may be asked again: its answer reached the bank and what came of it was lost.
func (w *world) end(c *connection.Connection) (end []string) {
	run := w.run(c.LastSynchronizationID)
	end = append(end, fmt.Sprint(run.Status, run.Stage, run.Problem == nil, w.connection(c.ID).Status), fmt.Sprint(w.due()))
	for _, o := range run.Accounts {
		end = append(end, fmt.Sprint(o.Outcome, o.Integrity))
	}
	for _, a := range w.accounts() {
		end = append(end, fmt.Sprint(a.Type, a.Status, a.IBAN, a.Balance, a.SharedBy, a.FedBy))
	}
	for _, r := range w.rows() {
		end = append(end, fmt.Sprint(r.Amount, r.Label, r.Status, r.BookingDate, r.Occurrence))
	}
	for _, name := range event.Names() {
		if name != event.SynchronizationStage && name != event.SynchronizationChallengeRequired {
			end = append(end, fmt.Sprint(name, w.count(name)))
		}
	}
	slices.Sort(end[2:])
	return end
}

// TestStorage_that_fails_while_a_bank_tells is not the plugin's fault.
func TestStorage_that_fails_while_a_bank_tells(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.connect()
	weak := &brittle{Store: w.store, at: 4, breaks: func(context.Context, func(context.Context) error) error { return errStorage }}
	w.worker.Store = weak
	w.bank.fetch = func(_ context.Context, _ port.Fetch, sink port.Sink) error {
		if sink.Progress(synchronization.StageAccounts, 0, 1) != nil {
			return &port.Failure{Code: port.BadData, Whose: port.Plugin} // it makes of it what it likes
		}
		return statement(sink)
	}
	require.ErrorIs(t, w.worker.Handle(w.ctx, string(c.LastSynchronizationID)), errStorage)
	require.Equal(t, synchronization.Running, w.run(c.LastSynchronizationID).Status)
	w.pass(time.Minute)
	w.work(c.LastSynchronizationID)
	require.Equal(t, synchronization.Success, w.run(c.LastSynchronizationID).Status)
}
