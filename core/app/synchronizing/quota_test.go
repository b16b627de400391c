package synchronizing_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/core/quota"
	"github.com/tributary-dev/tributary/core/synchronization"
	port "github.com/tributary-dev/tributary/ports/provider"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
)

// metered is a bank with one account that tells what it is asked, and counts it.
func (w *world) metered() *int {
	asked := 0
	w.bank.fetch = func(_ context.Context, req port.Fetch, sink port.Sink) error {
		if req.PSU == nil {
			asked++
		}
		return errors.Join(
			sink.Used(port.Usage{Scope: port.ScopeAccounts, Count: 1}), sink.Account("a", shown("a")),
			sink.Used(port.Usage{Account: "a", Scope: port.ScopeTransactions, Count: 1}), sink.Used(port.Usage{Account: "a", Scope: port.ScopeBalances, Count: 1}),
			sink.Done("a", "2026-01-01", "2026-03-01"),
		)
	}
	return &asked
}

// absent queues a run that nobody is there for, and works on it.
func (w *world) absent(c *connection.Connection) *synchronization.Synchronization {
	alone := usecase.Principal{Client: w.asker.Client}
	run, err := w.runs.Start(w.ctx, alone, string(c.ID), synchronization.All)
	require.NoError(w.t, err)
	w.work(run.ID)
	return w.run(run.ID)
}

func TestUnattended_runs_take_four_a_day(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	asked := w.metered()
	c := w.connectBy(redirectID)
	w.work(c.LastSynchronizationID)
	for n := range 4 {
		w.pass(time.Hour)
		require.Equal(t, synchronization.Success, w.absent(c).Status, n)
	}
	require.Equal(t, 4, *asked)
	allowed := w.bank.fetched[len(w.bank.fetched)-1].Allowances
	require.Contains(t, allowed, port.Allowance{Account: "a", Scope: port.ScopeTransactions, Left: 1})
	begun := len(w.bank.begun)

	w.pass(time.Hour)
	fifth := w.absent(c)
	require.True(t, fifth.Rests(), fifth.Status)
	require.Equal(t, epoch.Add(25*time.Hour), fifth.RetryAt)
	require.Len(t, w.bank.begun, begun, "the bank is not called at all")
	now := w.connection(c.ID)
	require.Equal(t, connection.Success, now.Status, "waiting is no outcome")
	require.Equal(t, connection.RateLimited, now.Channels[0].Status)
	require.Equal(t, fifth.RetryAt, now.Channels[0].RetryAt)
	require.Equal(t, 1, w.count(event.SynchronizationRateLimited))
	require.Zero(t, w.count(event.SynchronizationFailed))

	w.work(fifth.ID) // a job that comes too early
	require.True(t, w.run(fifth.ID).Rests())
	w.pass(19 * time.Hour)
	w.pass(time.Hour)
	w.work(fifth.ID)
	require.Equal(t, synchronization.Success, w.run(fifth.ID).Status, "it goes on by itself")
	require.Equal(t, 5, *asked)
}

func TestUser_takes_the_place_of_a_run_that_rests(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.metered()
	c := w.connectBy(redirectID)
	w.work(c.LastSynchronizationID)
	var last *synchronization.Synchronization
	for range 5 {
		last = w.absent(c)
	}
	require.True(t, last.Rests())
	run := w.again(c, synchronization.All)
	require.Equal(t, synchronization.Success, run.Status)
	require.Equal(t, "192.0.2.1", w.bank.fetched[len(w.bank.fetched)-1].PSU.IP)
	require.Empty(t, w.bank.fetched[len(w.bank.fetched)-1].Allowances, "a user who is there is not limited")
	require.Equal(t, synchronization.Cancelled, w.run(last.ID).Status)
	require.Equal(t, connection.ChannelSuccess, w.connection(c.ID).Channels[0].Status)
}

func TestBank_that_turns_away_says_until_when(t *testing.T) {
	t.Parallel()
	until := epoch.Add(5 * time.Hour)
	for name, fetch := range map[string]func(sink port.Sink) error{
		"as_a_whole": func(sink port.Sink) error {
			return errors.Join(sink.Used(port.Usage{Scope: port.ScopeAccounts, RetryAt: until}), &port.Failure{Code: port.RateLimited, Whose: port.Bank, RetryAt: until})
		},
		"of_the_only_account": func(sink port.Sink) error {
			return errors.Join(sink.Account("a", shown("a")), sink.Failed("a", port.ScopeBalances, &port.Failure{Code: port.RateLimited, RetryAt: until}))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.metered()
			c := w.connect()
			w.work(c.LastSynchronizationID)
			w.bank.fetch = func(_ context.Context, _ port.Fetch, sink port.Sink) error { return fetch(sink) }
			run := w.absent(c)
			require.True(t, run.Rests(), "%s %v", run.Status, run.Problem)
			require.Equal(t, until, run.RetryAt)
			require.Equal(t, connection.Success, w.connection(c.ID).Status)
			require.Equal(t, ledger.Active, w.accounts()[0].Status, "waiting is no failure of the account")
			fetched := len(w.bank.fetched)
			if name == "as_a_whole" {
				require.True(t, w.absent(c).Rests())
				require.Len(t, w.bank.fetched, fetched, "what the bank said is kept")
			}
			w.metered()
			w.pass(5 * time.Hour)
			last := w.connection(c.ID).LastSynchronizationID
			w.work(last)
			require.Equal(t, synchronization.Success, w.run(last).Status)
		})
	}
}

func TestLimited_account_keeps_what_it_has(t *testing.T) {
	t.Parallel()
	w, until := newWorld(t), epoch.Add(5*time.Hour)
	w.bank.fetch = func(_ context.Context, _ port.Fetch, sink port.Sink) error {
		return errors.Join(
			statement(sink),
			sink.Account("slow", ledger.Report{BankID: "slow", Type: "SAVINGS", Status: ledger.Active, Name: "Slow", Currency: "EUR"}),
			sink.Failed("slow", port.ScopeTransactions, &port.Failure{Code: port.RateLimited, RetryAt: until}),
		)
	}
	c := w.connect()
	w.work(c.LastSynchronizationID)
	require.Equal(t, synchronization.Partial, w.run(c.LastSynchronizationID).Status)
	channel := w.connection(c.ID).Channels[0]
	require.Equal(t, connection.ChannelPartial, channel.Status)
	for _, account := range w.accounts() {
		if account.Name == "Slow" {
			require.Equal(t, until, account.NextTryAt)
			require.Equal(t, ledger.Active, account.Status)
		}
	}
}

func TestForget_deletes_what_no_bank_counts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.metered()
	c := w.connectBy(redirectID)
	w.work(c.LastSynchronizationID)
	kept := func() (calls []quota.Call) {
		require.NoError(t, w.store.View(w.ctx, func(tx store.Tx) (err error) {
			calls, err = tx.Quotas().Of(w.ctx, w.asker.Owner(), c.ID, time.Time{})
			return err
		}))
		return calls
	}
	forget := func() {
		ctx, cancel := context.WithCancel(w.ctx)
		forgotten := &forgetting{Store: w.store, done: cancel}
		worker := *w.worker
		worker.Store = forgotten
		require.NoError(t, worker.Forget(ctx, time.Hour))
	}
	forget()
	require.Len(t, kept(), 1)
	require.True(t, kept()[0].Attended)
	require.True(t, kept()[0].Settled)
	w.pass(49 * time.Hour)
	forget()
	require.Empty(t, kept())
}

// forgetting is a store that says when it was asked once.
type forgetting struct {
	store.Store
	done func()
}

func (f *forgetting) Update(ctx context.Context, fence store.Fence, fn func(store.Tx) error) error {
	defer f.done()
	return f.Store.Update(ctx, fence, fn)
}
