package synchronizing_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/core/form"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/core/money"
	"github.com/tributary-dev/tributary/core/secret"
	"github.com/tributary-dev/tributary/core/synchronization"
	port "github.com/tributary-dev/tributary/ports/provider"
)

func state(text string) port.State {
	return port.State{Version: 1, Data: secret.FromBytes([]byte(text))}
}

func ready(session string) port.Step { return port.Step{Ready: &port.Ready{State: state(session)}} }

func asks(kind connection.ChallengeType, live bool) port.Step {
	asked := connection.Challenge{Ref: "1", Type: kind, Live: live, Message: bank.Text{"en": "The code, please."}}
	if kind == connection.Form {
		asked.Fields = []form.Field{{Name: "code", Type: form.Text, Required: true}}
	}
	return port.Step{Challenge: &port.Challenge{Asked: asked, State: state("asked")}}
}

func row(id, amount, label string) ledger.Row {
	return ledger.Row{BankID: id, Amount: money.Must(amount, "EUR"), Status: ledger.Booked, BookingDate: "2026-02-27", Label: label}
}

// statement is an account with two rows.
func statement(sink port.Sink) error {
	return errors.Join(
		sink.Progress(synchronization.StageAccounts, 0, 1),
		sink.Account("a", ledger.Report{BankID: "a1", StableID: true, Type: bank.Checkings, Status: ledger.Active, Name: "Current", IBAN: "FR7612345678901234567890123", Currency: "EUR"}),
		sink.Balances("a", []ledger.Balance{{Type: ledger.BalanceBooked, Amount: money.Must("100.00", "EUR"), AsOf: epoch}}),
		sink.Progress(synchronization.StageRecent, 0, 1),
		sink.Rows("a", []ledger.Row{row("1", "-12.30", "CB BOULANGERIE"), row("2", "1500.00", "VIR SALAIRE")}),
		sink.Done("a", "2026-01-01", "2026-03-01"),
	)
}

func TestRun(t *testing.T) {
	t.Parallel()

	t.Run("Without_a_challenge_it_reads_everything_at_once", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		c := w.connect()
		require.Equal(t, connection.Running, c.Status)
		w.work(c.LastSynchronizationID)
		run := w.run(c.LastSynchronizationID)
		require.Equal(t, synchronization.Success, run.Status)
		require.Len(t, run.Accounts, 1)
		require.Equal(t, synchronization.OutcomeSuccess, run.Accounts[0].Outcome)
		require.Equal(t, connection.Success, w.connection(c.ID).Status)
		require.Len(t, w.rows(), 2)
		require.Equal(t, []event.Name{
			event.UserCreated, event.ConnectionCreated, event.SynchronizationStarted, event.ConsentGiven,
			event.AccountsAdded, event.TransactionsAdded, event.ConnectionUpdated, event.SynchronizationSucceeded,
		}, w.told())
	})

	t.Run("A_second_one_adds_nothing", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		c := w.connect()
		w.work(c.LastSynchronizationID)
		before := w.rows()
		again, err := w.runs.Start(w.ctx, w.asker, string(c.ID), synchronization.All)
		require.NoError(t, err)
		w.work(again.ID)
		require.Equal(t, synchronization.Success, w.run(again.ID).Status)
		require.Equal(t, before, w.rows())
		require.Equal(t, bank.Day("2026-02-15"), w.bank.fetched[1].Window.From["a1"])
	})

	t.Run("A_second_one_beside_it_is_refused_with_its_id", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		c := w.connect()
		_, err := w.runs.Start(w.ctx, w.asker, string(c.ID), synchronization.All)
		require.ErrorIs(t, err, synchronization.ErrRunning)
		require.Len(t, w.store.Jobs(), 1)
	})
}

func TestChallenge(t *testing.T) {
	t.Parallel()
	code := func(text string) secret.Values { return secret.Values{"code": secret.New(text)} }

	t.Run("Pauses_the_run_until_the_answer", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.bank.begin = func(port.Begin) (port.Step, error) { return asks(connection.Form, false), nil }
		c := w.connect()
		w.work(c.LastSynchronizationID)
		require.Equal(t, synchronization.Paused, w.run(c.LastSynchronizationID).Status)
		require.Equal(t, connection.Running, w.connection(c.ID).Status)
		asked, err := w.links.Current(w.ctx, w.asker, string(c.ID))
		require.NoError(t, err)
		w.work(c.LastSynchronizationID) // woken for nothing
		require.Empty(t, w.bank.continued)
		require.NoError(t, w.links.Answer(w.ctx, w.asker, string(c.ID), string(asked.ID), code("1234")))
		require.ErrorIs(t, w.links.Answer(w.ctx, w.asker, string(c.ID), string(asked.ID), code("1234")), connection.ErrChallengeOver)
		w.work(c.LastSynchronizationID)
		require.Equal(t, "1234", w.bank.continued[0].Answers["code"].Reveal())
		require.Equal(t, "asked", string(w.bank.continued[0].State.Data.Reveal()))
		require.Equal(t, synchronization.Success, w.run(c.LastSynchronizationID).Status)
	})

	t.Run("Not_answered_in_time_fails_the_run", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.bank.begin = func(port.Begin) (port.Step, error) { return asks(connection.Form, false), nil }
		c := w.connect()
		w.work(c.LastSynchronizationID)
		asked, err := w.links.Current(w.ctx, w.asker, string(c.ID))
		require.NoError(t, err)
		w.pass(11 * time.Minute)
		_, err = w.links.Current(w.ctx, w.asker, string(c.ID))
		require.ErrorIs(t, err, connection.ErrNoChallenge)
		require.ErrorIs(t, w.links.Answer(w.ctx, w.asker, string(c.ID), string(asked.ID), code("1")), connection.ErrChallengeExpired)
		w.work(c.LastSynchronizationID)
		require.Equal(t, synchronization.Failed, w.run(c.LastSynchronizationID).Status)
		require.Equal(t, connection.ChallengeRequired, w.connection(c.ID).Channels[0].Status)
		require.Empty(t, w.bank.continued)
	})

	t.Run("Decoupled_is_polled_until_the_bank_goes_on", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.bank.begin = func(port.Begin) (port.Step, error) { return asks(connection.Decoupled, false), nil }
		w.bank.carryOn = func(req port.Continue) (port.Step, error) {
			require.True(t, req.Poll)
			if len(w.bank.continued) < 3 {
				return asks(connection.Decoupled, false), nil
			}
			return ready("session"), nil
		}
		c := w.connect()
		for polls := range 4 {
			w.work(c.LastSynchronizationID)
			w.work(c.LastSynchronizationID) // woken twice: the bank is not asked twice
			require.Len(t, w.bank.continued, polls)
			w.pass(2 * time.Second)
		}
		require.Len(t, w.bank.continued, 3)
		require.Equal(t, synchronization.Success, w.run(c.LastSynchronizationID).Status)
		count := 0
		for _, name := range w.told() {
			if name == event.SynchronizationChallengeRequired {
				count++
			}
		}
		require.Equal(t, 1, count)
		_, err := w.links.Current(w.ctx, w.asker, string(c.ID))
		require.ErrorIs(t, err, connection.ErrNoChallenge, "it was approved: nothing is asked any more")
	})

	t.Run("Redirect_is_answered_by_the_return_once", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.bank.begin = func(port.Begin) (port.Step, error) { return asks(connection.Redirect, false), nil }
		c := w.connect()
		w.work(c.LastSynchronizationID)
		require.Equal(t, "https://here.example/connect/return", w.bank.begun[0].ReturnURL)
		back := w.bank.begun[0].ReturnState
		answer := secret.Values{"code": secret.New("granted")}
		_, err := w.links.Return(w.ctx, secret.New("forged"), answer)
		require.ErrorIs(t, err, connection.ErrReturn)
		got, err := w.links.Return(w.ctx, back, answer)
		require.NoError(t, err)
		require.Equal(t, c.ID, got.ConnectionID)
		_, err = w.links.Return(w.ctx, back, answer)
		require.ErrorIs(t, err, connection.ErrReturn)
		w.work(c.LastSynchronizationID)
		require.Equal(t, "granted", w.bank.continued[0].Answers["code"].Reveal())
		require.Equal(t, synchronization.Success, w.run(c.LastSynchronizationID).Status)
	})

	t.Run("Live_session_is_kept_by_its_holder", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.bank.begin = func(port.Begin) (port.Step, error) { return asks(connection.Form, true), nil }
		c := w.connect()
		done := make(chan error, 1)
		go func() { done <- w.worker.Handle(w.ctx, string(c.LastSynchronizationID)) }()
		var asked *connection.Challenge
		require.Eventually(t, func() bool {
			var err error
			asked, err = w.links.Current(w.ctx, w.asker, string(c.ID))
			return err == nil
		}, 5*time.Second, time.Millisecond)
		w.work(c.LastSynchronizationID) // another worker leaves it alone
		require.NoError(t, w.links.Answer(w.ctx, w.asker, string(c.ID), string(asked.ID), code("1234")))
		require.NoError(t, <-done)
		require.Equal(t, synchronization.Success, w.run(c.LastSynchronizationID).Status)
	})

	t.Run("Live_session_whose_holder_died_is_lost_with_a_typed_status", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.bank.begin = func(port.Begin) (port.Step, error) { return asks(connection.Form, true), nil }
		c := w.connect()
		dying, kill := context.WithCancel(w.ctx)
		done := make(chan error, 1)
		go func() { done <- w.worker.Handle(dying, string(c.LastSynchronizationID)) }()
		require.Eventually(t, func() bool {
			_, err := w.links.Current(w.ctx, w.asker, string(c.ID))
			return err == nil
		}, 5*time.Second, time.Millisecond)
		kill()
		require.Error(t, <-done)
		w.pass(time.Minute) // the lease is over
		w.work(c.LastSynchronizationID)
		require.Equal(t, synchronization.Failed, w.run(c.LastSynchronizationID).Status)
		require.Equal(t, connection.ChallengeRequired, w.connection(c.ID).Channels[0].Status)
		require.Empty(t, w.bank.continued)
	})
}
