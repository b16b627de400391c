package synchronizing_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/core/money"
	"github.com/tributary-dev/tributary/core/synchronization"
	port "github.com/tributary-dev/tributary/ports/provider"
)

// TestOneFailingCall is field note 2: it never throws away what others read.
func TestOneFailingCall(t *testing.T) {
	t.Parallel()
	later := epoch.Add(6 * time.Hour)
	throttled := &port.Failure{Code: port.RateLimited, Whose: port.Bank, RetryAt: later, Message: bank.Text{"en": "Enough for today."}}

	t.Run("For_balances_keeps_the_rows", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.bank.fetch = func(_ context.Context, _ port.Fetch, sink port.Sink) error {
			return errors.Join(
				sink.Account("a", shown("a")), sink.Account("b", shown("b")),
				sink.Failed("a", port.ScopeBalances, throttled), sink.Rows("a", []ledger.Row{row("1", "-1.00", "CB UNE")}),
				sink.Rows("b", []ledger.Row{row("2", "-2.00", "CB DEUX")}), sink.Done("b", "2026-01-01", "2026-03-01"),
			)
		}
		c := w.connect()
		w.work(c.LastSynchronizationID)
		require.Len(t, w.rows(), 2)
		requireOutcomes(t, w.run(c.LastSynchronizationID), "WAITING RATE_LIMITED", "SUCCESS")
		require.Equal(t, "Enough for today.", w.run(c.LastSynchronizationID).Accounts[0].Problem.Message["en"])
		a, b := w.byBank("a"), w.byBank("b")
		require.Equal(t, ledger.Active, a.Status)
		require.Zero(t, a.LastSuccessAt)
		require.Equal(t, later, a.NextTryAt)
		require.Equal(t, w.now(), a.LastAttemptAt)
		require.Equal(t, ledger.Active, b.Status)
		require.Equal(t, w.now(), b.LastSuccessAt)
		require.Zero(t, b.NextTryAt)
		channel := w.connection(c.ID).Channels[0]
		require.Equal(t, connection.ChannelPartial, channel.Status)
		require.Equal(t, later, channel.RetryAt, "when what failed is tried again")
	})

	t.Run("For_rows_keeps_the_balances", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.bank.fetch = func(_ context.Context, _ port.Fetch, sink port.Sink) error {
			return errors.Join(
				sink.Account("a", shown("a")),
				sink.Balances("a", []ledger.Balance{{Type: ledger.BalanceBooked, Amount: money.Must("7.00", "EUR")}}),
				sink.Failed("a", port.ScopeTransactions, throttled),
			)
		}
		c := w.connect()
		w.work(c.LastSynchronizationID)
		require.Equal(t, "7.00", w.accounts()[0].Balance.Decimal())
		requireOutcomes(t, w.run(c.LastSynchronizationID), "WAITING RATE_LIMITED")
	})
}

// TestFetch_that_breaks_off keeps the accounts that were read to their end.
func TestFetch_that_breaks_off(t *testing.T) {
	t.Parallel()
	// breaks tells two accounts and reads the first, then fails.
	breaks := func(failure error) func(context.Context, port.Fetch, port.Sink) error {
		return func(_ context.Context, _ port.Fetch, sink port.Sink) error {
			return errors.Join(
				sink.Account("a", shown("a")), sink.Rows("a", []ledger.Row{row("1", "-1.00", "CB UNE")}), sink.Done("a", "2026-01-01", "2026-03-01"),
				sink.Account("b", shown("b")), sink.Rows("b", []ledger.Row{row("2", "-2.00", "CB DEUX")}), failure,
			)
		}
	}

	for name, c := range map[string]struct {
		failure port.Failure
		channel connection.ChannelStatus
		outcome string
	}{
		"Bank_goes_down":    {port.Failure{Code: port.ProviderUnavailable, Whose: port.Bank, RetryAt: epoch.Add(time.Hour)}, connection.ChannelPartial, "FAILED PROVIDER_UNAVAILABLE"},
		"Plugin_crashes":    {port.Failure{Code: port.Technical, Whose: port.Plugin}, connection.ChannelPartial, "FAILED TECHNICAL_ERROR"},
		"Consent_ends":      {port.Failure{Code: port.TokenExpired, Whose: port.User}, connection.TokenExpired, "FAILED TOKEN_EXPIRED"},
		"Session_is_lost":   {port.Failure{Code: port.SessionLost, Whose: port.Plugin}, connection.ChallengeRequired, "FAILED CHALLENGE_REQUIRED"},
		"Password_is_wrong": {port.Failure{Code: port.AuthFailed, Whose: port.User}, connection.AuthFailed, "FAILED AUTH_FAILED"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			failure := c.failure
			w.bank.fetch = breaks(&failure)
			made := w.connect()
			w.work(made.LastSynchronizationID)
			run := w.run(made.LastSynchronizationID)
			require.Equal(t, synchronization.Partial, run.Status)
			requireOutcomes(t, run, "SUCCESS", c.outcome)
			require.Len(t, w.rows(), 2, "also what came of the second")
			require.Equal(t, ledger.Active, w.byBank("a").Status)
			require.Equal(t, ledger.Failing, w.byBank("b").Status)
			channel := w.connection(made.ID).Channels[0]
			require.Equal(t, c.channel, channel.Status)
			require.Equal(t, string(c.failure.Code), channel.Cause)
			require.Equal(t, c.failure.RetryAt, channel.RetryAt)
			require.NotNil(t, run.Problem)
		})
	}

	t.Run("An_account_that_was_not_told_is_not_gone", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.two()
		c := w.connect()
		w.work(c.LastSynchronizationID)
		known := w.accounts()
		require.Len(t, known, 2)
		w.bank.fetch = func(_ context.Context, _ port.Fetch, sink port.Sink) error {
			return errors.Join(sink.Account("a", shown("a")), sink.Done("a", "2026-01-01", "2026-03-01"),
				&port.Failure{Code: port.ProviderUnavailable, Whose: port.Bank})
		}
		w.pass(time.Hour)
		run := w.again(c, synchronization.All)
		require.Equal(t, synchronization.Partial, run.Status)
		require.Len(t, run.Accounts, 2)
		require.Equal(t, "PROVIDER_UNAVAILABLE", run.Accounts[1].Problem.Code)
		other := w.byBank("b")
		require.Equal(t, ledger.Failing, other.Status)
		require.Equal(t, []string{channelID}, other.SharedBy)
		require.Equal(t, w.now(), other.LastAttemptAt)
		require.Equal(t, epoch, other.LastSuccessAt)
	})

	t.Run("An_account_that_may_be_either_of_two_waits_for_a_whole_answer", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		answer := func(end error, reports ...ledger.Report) {
			w.bank.fetch = func(_ context.Context, _ port.Fetch, sink port.Sink) error {
				for _, r := range reports {
					if err := errors.Join(sink.Account(r.BankID, r), sink.Done(r.BankID, "2026-01-01", "2026-03-01")); err != nil {
						return err
					}
				}
				return end
			}
		}
		told := func(bankID, number string) ledger.Report {
			return ledger.Report{BankID: bankID, Number: number, Type: bank.Checkings, Status: ledger.Active, Currency: "EUR"}
		}
		answer(nil, told("1", "****1111"), told("2", ""))
		c := w.connect()
		w.work(c.LastSynchronizationID)
		before := w.accounts()
		require.Len(t, before, 2)
		for _, end := range []error{outage(), nil} { // the ids of another session
			w.pass(time.Hour)
			reports := []ledger.Report{told("9", ""), told("8", "****1111")}
			if end != nil {
				reports = reports[:1]
			}
			answer(end, reports...)
			w.again(c, synchronization.All)
			require.Len(t, w.accounts(), 2)
			for i, a := range w.accounts() {
				require.Equal(t, before[i].ID, a.ID)
				require.Equal(t, before[i].Number, a.Number)
			}
		}
		require.Equal(t, "", w.byBank("9").Number)
	})

	t.Run("Before_any_account_was_read_is_a_failure", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.bank.fetch = func(_ context.Context, _ port.Fetch, sink port.Sink) error {
			return errors.Join(sink.Account("a", shown("a")), outage())
		}
		c := w.connect()
		w.work(c.LastSynchronizationID)
		require.Equal(t, synchronization.Failed, w.run(c.LastSynchronizationID).Status)
		require.Equal(t, connection.ProviderUnavailable, w.connection(c.ID).Channels[0].Status)
		require.Empty(t, w.accounts())
	})

	t.Run("On_one_of_two_channels_leaves_the_other_alone", func(t *testing.T) {
		t.Parallel()
		for _, broken := range []string{redirectID, channelID} {
			w := newWorld(t)
			w.bank.fetch = func(ctx context.Context, req port.Fetch, sink port.Sink) error {
				if req.Session.ChannelID == broken {
					return breaks(outage())(ctx, req, sink)
				}
				return errors.Join(sink.Account("z", shown("z")), sink.Done("z", "2026-01-01", "2026-03-01"))
			}
			c := w.connectBy(redirectID, channelID)
			w.work(c.LastSynchronizationID)
			require.Equal(t, synchronization.Partial, w.run(c.LastSynchronizationID).Status)
			for _, channel := range w.connection(c.ID).Channels {
				require.Equal(t, map[bool]connection.ChannelStatus{true: connection.ChannelPartial, false: connection.ChannelSuccess}[channel.DefinitionID == broken], channel.Status)
			}
			require.Equal(t, connection.Partial, w.connection(c.ID).Status)
			require.Len(t, w.accounts(), 3)
			require.Equal(t, ledger.Active, w.byBank("z").Status)
		}
	})
}

// requireOutcomes compares outcomes and codes, in the order of the bank.
func requireOutcomes(t *testing.T, run *synchronization.Synchronization, want ...string) {
	t.Helper()
	var got []string
	for _, o := range run.Accounts {
		text := o.Outcome
		if o.Problem != nil {
			text += " " + o.Problem.Code
			require.NotEmpty(t, o.Problem.Message["en"])
		}
		got = append(got, text)
	}
	require.Equal(t, want, got)
}
