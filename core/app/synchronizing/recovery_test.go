package synchronizing_test

import (
	"context"
	"errors"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/core/synchronization"
	port "github.com/tributary-dev/tributary/ports/provider"
	"github.com/tributary-dev/tributary/ports/store"
)

func TestRecovery(t *testing.T) {
	t.Parallel()

	t.Run("Worker_that_died_while_fetching_is_followed_by_another", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.bank.fetch = func(_ context.Context, _ port.Fetch, sink port.Sink) error {
			_ = statement(sink)
			runtime.Goexit() // nothing of this worker runs any more
			return nil
		}
		c := w.connect()
		dead := make(chan struct{})
		go func() {
			defer close(dead)
			_ = w.worker.Handle(w.ctx, string(c.LastSynchronizationID))
		}()
		<-dead
		require.Empty(t, w.rows())
		require.Equal(t, synchronization.Running, w.run(c.LastSynchronizationID).Status)
		w.work(c.LastSynchronizationID) // its lease still holds
		require.Len(t, w.bank.fetched, 1)
		w.bank.fetch = nil
		w.pass(time.Minute)
		require.Equal(t, []ident.Synchronization{c.LastSynchronizationID}, w.due())
		w.work(c.LastSynchronizationID)
		require.Len(t, w.bank.begun, 1, "the session was committed: no second log-in")
		require.Equal(t, synchronization.Success, w.run(c.LastSynchronizationID).Status)
		require.Len(t, w.rows(), 2)
		require.Empty(t, w.due())
	})

	t.Run("Worker_that_wakes_up_late_writes_nothing", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		c := w.connect()
		w.bank.fetch = func(_ context.Context, _ port.Fetch, sink port.Sink) error {
			w.bank.fetch = nil
			w.pass(time.Minute) // paused here, for longer than its lease
			w.work(c.LastSynchronizationID)
			require.Equal(t, synchronization.Success, w.run(c.LastSynchronizationID).Status)
			return sink.Account("b", ledger.Report{BankID: "late", Type: "SAVINGS", Currency: "EUR"})
		}
		before := func() int { return len(w.told()) }
		w.work(c.LastSynchronizationID)
		require.Len(t, w.rows(), 2)
		require.Len(t, w.run(c.LastSynchronizationID).Accounts, 1)
		events := before()
		w.work(c.LastSynchronizationID)
		require.Equal(t, events, before())
	})

	t.Run("Worker_that_wakes_up_late_writes_nothing_while_another_is_at_work", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		c := w.connect()
		reading, goOn, done := make(chan struct{}), make(chan struct{}), make(chan error, 1)
		second := func(_ context.Context, _ port.Fetch, sink port.Sink) error {
			close(reading)
			<-goOn
			return statement(sink)
		}
		w.bank.fetch = func(_ context.Context, _ port.Fetch, sink port.Sink) error {
			w.bank.fetch = second
			w.pass(time.Minute)
			other := *w.worker
			other.Owner = "there"
			go func() { done <- other.Handle(w.ctx, string(c.LastSynchronizationID)) }()
			<-reading
			return statement(sink)
		}
		w.work(c.LastSynchronizationID)
		require.Empty(t, w.accounts())
		require.Equal(t, synchronization.Running, w.run(c.LastSynchronizationID).Status)
		require.Equal(t, "there", w.run(c.LastSynchronizationID).Lease.Owner)
		close(goOn)
		require.NoError(t, <-done)
		require.Equal(t, synchronization.Success, w.run(c.LastSynchronizationID).Status)
		require.Len(t, w.rows(), 2)
		require.Len(t, w.run(c.LastSynchronizationID).Accounts, 1)
	})

	t.Run("Cancel_fences_off_the_worker_and_tells_the_truth", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		c := w.connect()
		w.bank.fetch = func(_ context.Context, _ port.Fetch, sink port.Sink) error {
			_, err := w.runs.Cancel(w.ctx, w.asker, string(c.LastSynchronizationID))
			require.NoError(t, err)
			return statement(sink)
		}
		w.work(c.LastSynchronizationID)
		require.Equal(t, synchronization.Cancelled, w.run(c.LastSynchronizationID).Status)
		require.NotEqual(t, connection.Running, w.connection(c.ID).Status)
		require.Empty(t, w.rows())
		_, err := w.runs.Cancel(w.ctx, w.asker, string(c.LastSynchronizationID))
		require.ErrorIs(t, err, synchronization.ErrOver)
	})

	t.Run("Connection_deleted_under_a_run_ends_it", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		c := w.connect()
		w.bank.fetch = func(_ context.Context, _ port.Fetch, sink port.Sink) error {
			require.NoError(t, w.links.Delete(w.ctx, w.asker, string(c.ID)))
			return statement(sink)
		}
		w.work(c.LastSynchronizationID)
		require.Empty(t, w.rows())
		_, err := w.links.Get(w.ctx, w.asker, string(c.ID))
		require.ErrorIs(t, err, connection.ErrNotFound)
	})

	t.Run("Stale_secret_is_renewed_once_and_committed_first", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		stale := &port.Failure{Code: port.SecretStale}
		w.bank.fetch = func(_ context.Context, req port.Fetch, sink port.Sink) error {
			if string(req.Secrets.Data.Reveal()) != "fresh" {
				return stale
			}
			return statement(sink)
		}
		w.bank.refresh = func(port.Refresh) (port.Ready, error) {
			return port.Ready{State: state("session"), Secrets: state("fresh")}, nil
		}
		c := w.connect()
		w.work(c.LastSynchronizationID)
		require.Equal(t, synchronization.Success, w.run(c.LastSynchronizationID).Status)
		require.Len(t, w.bank.fetched, 2)
	})
}

func TestStaleSecret(t *testing.T) {
	t.Parallel()

	t.Run("Renewed_without_a_new_session_keeps_the_session", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.bank.fetch = func(_ context.Context, req port.Fetch, sink port.Sink) error {
			require.Equal(t, "session", string(req.State.Data.Reveal()))
			if req.Secrets.Empty() {
				return &port.Failure{Code: port.SecretStale}
			}
			return statement(sink)
		}
		w.bank.refresh = func(port.Refresh) (port.Ready, error) { return port.Ready{Secrets: state("fresh")}, nil }
		c := w.connect()
		w.work(c.LastSynchronizationID)
		require.Equal(t, synchronization.Success, w.run(c.LastSynchronizationID).Status)
	})

	for name, refresh := range map[string]func(port.Refresh) (port.Ready, error){
		"That_nobody_can_renew": func(port.Refresh) (port.Ready, error) {
			return port.Ready{}, &port.Failure{Code: port.NotSupported}
		},
		"That_is_stale_again": func(port.Refresh) (port.Ready, error) { return port.Ready{}, nil },
	} {
		t.Run(name+"_asks_the_user_to_sign_in", func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.bank.fetch = func(context.Context, port.Fetch, port.Sink) error { return &port.Failure{Code: port.SecretStale} }
			w.bank.refresh = refresh
			c := w.connect()
			w.work(c.LastSynchronizationID)
			require.Equal(t, connection.TokenExpired, w.connection(c.ID).Channels[0].Status)
			require.LessOrEqual(t, len(w.bank.fetched), 2)
		})
	}
}

func (w *world) due() (due []ident.Synchronization) {
	require.NoError(w.t, w.store.View(w.ctx, func(tx store.Tx) (err error) {
		due, err = tx.Runs().Due(w.ctx, w.now(), 10)
		return err
	}))
	return due
}

func TestFailure_becomes_a_typed_status(t *testing.T) {
	t.Parallel()
	for code, want := range map[port.Code]connection.ChannelStatus{
		port.AuthFailed: connection.AuthFailed, port.AccountLocked: connection.AccountLocked, port.TokenExpired: connection.TokenExpired,
		port.PasswordChangeRequired: connection.PasswordChangeRequired, port.ChallengeRequired: connection.ChallengeRequired,
		port.UserActionRequired: connection.UserActionRequired, port.RateLimited: connection.RateLimited,
		port.ProviderUnavailable: connection.ProviderUnavailable, port.Blocked: connection.Blocked, port.SecretStale: connection.TokenExpired,
		port.SecretUnreadable: connection.TokenExpired, port.SessionLost: connection.ChallengeRequired,
		port.ChallengeExpired: connection.ChallengeRequired, port.Refused: connection.ChallengeRequired,
		port.NotSupported: connection.TechnicalError, port.BadData: connection.TechnicalError, port.Technical: connection.TechnicalError,
		"NEVER_HEARD_OF": connection.TechnicalError,
	} {
		t.Run(string(code), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.bank.begin = func(port.Begin) (port.Step, error) {
				return port.Step{}, &port.Failure{Code: code, Fields: []string{"login"}, Err: errors.New("cause")}
			}
			c := w.connect()
			w.work(c.LastSynchronizationID)
			run, channel := w.run(c.LastSynchronizationID), w.connection(c.ID).Channels[0]
			require.Equal(t, want, channel.Status)
			if want == connection.RateLimited {
				require.True(t, run.Rests(), "being turned away is no failure")
				return
			}
			require.Equal(t, synchronization.Failed, run.Status)
			require.Equal(t, string(want), run.Problem.Code)
			require.NotEmpty(t, channel.Message["en"])
			require.NotEmpty(t, channel.Message["fr"])
			require.Empty(t, w.bank.fetched)
		})
	}
}

func TestOneFailingAccount_keeps_the_others(t *testing.T) {
	t.Parallel()
	w, retry := newWorld(t), epoch.Add(6*time.Hour)
	w.bank.fetch = func(_ context.Context, _ port.Fetch, sink port.Sink) error {
		return errors.Join(
			statement(sink),
			sink.Account("b", ledger.Report{BankID: "b1", StableID: true, Type: "SAVINGS", Status: ledger.Active, Name: "Savings", Currency: "EUR"}),
			sink.Failed("b", port.ScopeTransactions, &port.Failure{Code: port.ProviderUnavailable, RetryAt: retry}),
		)
	}
	c := w.connect()
	w.work(c.LastSynchronizationID)
	run := w.run(c.LastSynchronizationID)
	require.Equal(t, synchronization.Partial, run.Status)
	require.Equal(t, connection.Partial, w.connection(c.ID).Status)
	require.Len(t, run.Accounts, 2)
	require.Equal(t, synchronization.OutcomeFailed, run.Accounts[1].Outcome)
	require.Equal(t, "PROVIDER_UNAVAILABLE", run.Accounts[1].Problem.Code)
	require.Len(t, w.rows(), 2)
	for _, account := range w.accounts() {
		require.Equal(t, account.Status == ledger.Failing, account.NextTryAt.Equal(retry))
	}
	statementOfB := w.bank.fetch
	for _, mended := range []func(context.Context, port.Fetch, port.Sink) error{
		func(_ context.Context, _ port.Fetch, sink port.Sink) error { // it is read again
			return errors.Join(
				sink.Account("b", ledger.Report{BankID: "b1", StableID: true, Type: "SAVINGS", Status: ledger.Active, Currency: "EUR"}),
				sink.Done("b", "2026-01-01", "2026-03-01"),
			)
		},
		func(context.Context, port.Fetch, port.Sink) error { return nil }, // it is gone
	} {
		w.bank.fetch = statementOfB
		w.again(c, synchronization.All)
		w.bank.fetch = mended
		w.again(c, synchronization.All)
		for _, account := range w.accounts() {
			require.Zero(t, account.NextTryAt, account.Status)
		}
	}
}

func TestShutdown_gives_the_run_back(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	stopping, stop := context.WithCancel(w.ctx)
	w.bank.fetch = func(ctx context.Context, _ port.Fetch, _ port.Sink) error {
		stop()
		<-ctx.Done()
		return ctx.Err()
	}
	c := w.connect()
	require.Error(t, w.worker.Handle(stopping, string(c.LastSynchronizationID)))
	w.bank.fetch = nil
	require.Len(t, w.due(), 1, "no lease to wait for")
	w.work(c.LastSynchronizationID)
	require.Equal(t, synchronization.Success, w.run(c.LastSynchronizationID).Status)
}

func TestSession_that_the_bank_forgot_while_nobody_held_the_run_is_begun_anew(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	stopping, stop := context.WithCancel(w.ctx)
	w.bank.fetch = func(ctx context.Context, _ port.Fetch, _ port.Sink) error {
		stop()
		<-ctx.Done()
		return ctx.Err()
	}
	c := w.connect()
	require.Error(t, w.worker.Handle(stopping, string(c.LastSynchronizationID)))
	w.bank.fetch = func(_ context.Context, _ port.Fetch, sink port.Sink) error {
		if len(w.bank.begun) == 1 {
			return &port.Failure{Code: port.SessionLost, Whose: port.Bank}
		}
		return statement(sink)
	}
	w.work(c.LastSynchronizationID)
	require.Len(t, w.bank.begun, 2)
	require.Equal(t, synchronization.Success, w.run(c.LastSynchronizationID).Status)
	again, err := w.runs.Start(w.ctx, w.asker, string(c.ID), synchronization.All)
	require.NoError(t, err)
	w.bank.fetch = func(context.Context, port.Fetch, port.Sink) error { return &port.Failure{Code: port.SessionLost} }
	w.work(again.ID)
	require.Len(t, w.bank.begun, 3, "a session that is lost at once is not begun for ever")
	require.Equal(t, synchronization.Failed, w.run(again.ID).Status)
}
