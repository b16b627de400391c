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
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/core/money"
	"github.com/tributary-dev/tributary/core/synchronization"
	port "github.com/tributary-dev/tributary/ports/provider"
)

// told is a statement of one account: what it says, less what is nil.
type told struct {
	balance string
	rows    []ledger.Row
	read    bool
}

func (s told) send(sink port.Sink) error {
	err := sink.Account("a", shown("a"))
	if s.balance != "" {
		err = errors.Join(err, sink.Balances("a", []ledger.Balance{{Type: ledger.BalanceBooked, Amount: money.Must(s.balance, "EUR"), AsOf: epoch}}))
	}
	if s.rows != nil {
		err = errors.Join(err, sink.Rows("a", s.rows))
	}
	if s.read {
		err = errors.Join(err, sink.Done("a", "2026-01-01", "2026-03-01"))
	}
	return err
}

func (w *world) tells(s told) {
	w.bank.fetch = func(_ context.Context, _ port.Fetch, sink port.Sink) error { return s.send(sink) }
}

func TestListAccounts(t *testing.T) {
	t.Parallel()

	t.Run("Reads_no_rows_and_moves_no_window", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		c := w.connect()
		w.work(c.LastSynchronizationID)
		first, rows := w.accounts()[0], w.rows()
		w.pass(40 * 24 * time.Hour)
		w.bank.fetch = func(_ context.Context, req port.Fetch, sink port.Sink) error {
			require.Equal(t, synchronization.ListAccounts, req.Mode)
			return errors.Join(
				sink.Account("a", ledger.Report{BankID: "a1", StableID: true, Type: bank.Checkings, Status: ledger.Active, IBAN: first.IBAN, Currency: "EUR"}),
				sink.Balances("a", []ledger.Balance{{Type: ledger.BalanceBooked, Amount: money.Must("7.00", "EUR")}}),
				sink.Account("new", ledger.Report{BankID: "n1", StableID: true, Type: bank.Savings, Status: ledger.Active, Currency: "EUR"}),
			)
		}
		run := w.again(c, synchronization.ListAccounts)
		require.Equal(t, synchronization.Success, run.Status)
		for _, outcome := range run.Accounts {
			require.Equal(t, string(ledger.NotComputable), outcome.Integrity, "nobody read the rows between")
		}
		listed := w.accounts()
		require.Len(t, listed, 2)
		require.Equal(t, "7.00", listed[0].Balance.Decimal())
		require.Equal(t, first.LastSuccessAt, listed[0].LastSuccessAt)
		require.Zero(t, listed[1].LastSuccessAt)
		require.Equal(t, rows, w.rows())

		w.bank.fetch = nil
		w.again(c, synchronization.All)
		window := w.bank.fetched[2].Window.From
		require.Equal(t, map[string]bank.Day{"a1": "2026-02-15"}, window, "from the last reading, and all of the new account")
	})

	t.Run("Does_not_mend_what_a_reading_broke", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.tells(told{})
		c := w.connect()
		w.work(c.LastSynchronizationID)
		require.Equal(t, ledger.Failing, w.accounts()[0].Status)
		w.again(c, synchronization.ListAccounts)
		require.Equal(t, ledger.Failing, w.accounts()[0].Status)
		w.tells(told{read: true})
		w.again(c, synchronization.All)
		require.Equal(t, ledger.Active, w.accounts()[0].Status)
	})
}

func TestAccount_that_disappears_keeps_its_rows(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.connect()
	w.work(c.LastSynchronizationID)
	id, rows := w.accounts()[0].ID, w.rows()
	w.bank.fetch = func(context.Context, port.Fetch, port.Sink) error { return nil }
	w.pass(time.Hour)
	require.Equal(t, synchronization.Success, w.again(c, synchronization.All).Status)
	require.Equal(t, connection.ChannelEmpty, w.connection(c.ID).Channels[0].Status)
	require.Equal(t, connection.Success, w.connection(c.ID).Status, "it stays what it was")
	require.Equal(t, ledger.Missing, w.accounts()[0].Status)
	require.Equal(t, w.now(), w.accounts()[0].LastAttemptAt)
	require.Empty(t, w.accounts()[0].SharedBy)
	require.Equal(t, rows, w.rows())
	updates := w.count(event.AccountsUpdated)
	w.again(c, synchronization.All)
	require.Equal(t, updates, w.count(event.AccountsUpdated), "it is told once")
	w.bank.fetch = nil
	w.again(c, synchronization.All)
	require.Len(t, w.accounts(), 1)
	require.Equal(t, id, w.accounts()[0].ID)
	require.Equal(t, ledger.Active, w.accounts()[0].Status)
	require.Equal(t, []string{channelID}, w.accounts()[0].SharedBy)
	require.Equal(t, rows, w.rows())
}

func TestPlugin_at_fault(t *testing.T) {
	t.Parallel()

	t.Run("Neither_done_nor_failed_is_a_failed_account_that_keeps_what_came", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.tells(told{balance: "10.00", rows: []ledger.Row{row("1", "-1.00", "CB UNE")}})
		c := w.connect()
		w.work(c.LastSynchronizationID)
		run := w.run(c.LastSynchronizationID)
		require.Equal(t, synchronization.Partial, run.Status)
		require.Equal(t, synchronization.OutcomeFailed, run.Accounts[0].Outcome)
		require.Equal(t, "TECHNICAL_ERROR", run.Accounts[0].Problem.Code)
		require.NotEmpty(t, run.Accounts[0].Problem.Message["fr"])
		require.Len(t, w.rows(), 1)
		require.Zero(t, w.accounts()[0].LastSuccessAt)
	})

	for name, wrong := range map[string]func(port.Sink) error{
		"Balances_of_an_unknown_account": func(s port.Sink) error { return s.Balances("x", nil) },
		"Rows_of_an_unknown_account":     func(s port.Sink) error { return s.Rows("x", nil) },
		"Done_with_an_unknown_account":   func(s port.Sink) error { return s.Done("x", "", "") },
		"Failed_on_an_unknown_account":   func(s port.Sink) error { return s.Failed("x", port.ScopeBalances, &port.Failure{}) },
		"The_same_account_twice":         func(s port.Sink) error { return s.Account("a", shown("a")) },
	} {
		t.Run(name+"_loses_the_channel_and_writes_nothing", func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.bank.fetch = func(_ context.Context, _ port.Fetch, sink port.Sink) error {
				if err := statement(sink); err != nil {
					return err
				}
				return wrong(sink)
			}
			c := w.connect()
			w.work(c.LastSynchronizationID)
			require.Equal(t, synchronization.Failed, w.run(c.LastSynchronizationID).Status)
			require.Equal(t, connection.TechnicalError, w.connection(c.ID).Channels[0].Status)
			require.Empty(t, w.accounts())
			require.Empty(t, w.rows())
		})
	}

	t.Run("A_step_that_is_nothing_loses_the_channel", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.bank.begin = func(port.Begin) (port.Step, error) { return port.Step{}, nil }
		c := w.connect()
		w.work(c.LastSynchronizationID)
		require.Equal(t, connection.TechnicalError, w.connection(c.ID).Channels[0].Status)
	})

	t.Run("A_state_of_an_impossible_version_is_its_fault", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.bank.begin = func(port.Begin) (port.Step, error) {
			step := ready("session")
			step.Ready.State.Version = -1
			return step, nil
		}
		c := w.connect()
		w.work(c.LastSynchronizationID)
		require.Equal(t, connection.TechnicalError, w.connection(c.ID).Channels[0].Status)
	})
}

func TestIntegrity(t *testing.T) {
	t.Parallel()
	before := []ledger.Row{row("1", "-5.00", "CB UNE")}
	after := append(before, row("2", "-10.00", "CB DEUX"))
	for name, c := range map[string]struct {
		runs []told
		want ledger.IntegrityState
	}{
		"Rows_explain_the_balance":            {[]told{{"100.00", before, true}, {"90.00", after, true}}, ledger.Proven},
		"A_row_is_missing":                    {[]told{{"100.00", before, true}, {"90.00", before, true}}, ledger.Gap},
		"First_time":                          {[]told{{"100.00", before, true}}, ledger.NotComputable},
		"No_balance_now":                      {[]told{{"100.00", before, true}, {"", after, true}}, ledger.NotComputable},
		"Balance_before_came_without_rows":    {[]told{{"100.00", before, true}, {"90.00", nil, false}, {"90.00", after, true}}, ledger.NotComputable},
		"Rows_were_not_read_to_their_end_now": {[]told{{"100.00", before, true}, {"90.00", after, false}}, ledger.NotComputable},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.tells(c.runs[0])
			made := w.connect()
			w.work(made.LastSynchronizationID)
			run := w.run(made.LastSynchronizationID)
			for _, next := range c.runs[1:] {
				w.pass(time.Hour)
				w.tells(next)
				run = w.again(made, synchronization.All)
			}
			require.Equal(t, string(c.want), run.Accounts[0].Integrity)
		})
	}
}

func TestDescription_that_a_bank_leaves_out_stays(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	full := shown("a")
	full.Name, full.Holder, full.Number, full.CreditLimit = "Current", "Ana", "123", money.Must("500.00", "EUR")
	report := full
	w.bank.fetch = func(_ context.Context, _ port.Fetch, sink port.Sink) error {
		return errors.Join(sink.Account("a", report), sink.Done("a", "2026-01-01", "2026-03-01"))
	}
	c := w.connect()
	w.work(c.LastSynchronizationID)
	was := w.accounts()[0]
	report = ledger.Report{BankID: "a", StableID: true, Type: bank.Checkings}
	w.again(c, synchronization.All)
	is := w.accounts()
	require.Len(t, is, 1)
	require.Equal(t, was, is[0])
	require.Zero(t, w.count(event.AccountsUpdated))
}
