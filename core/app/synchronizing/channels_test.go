package synchronizing_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/core/secret"
	"github.com/tributary-dev/tributary/core/synchronization"
	port "github.com/tributary-dev/tributary/ports/provider"
)

// shown is an account as one channel tells it: the bank's id is the channel's
// own, the IBAN is the same.
func shown(bankID string) ledger.Report {
	return ledger.Report{BankID: bankID, StableID: true, Type: bank.Checkings, Status: ledger.Active, IBAN: "FR7612345678901234567890123", Currency: "EUR"}
}

func readWith(sink port.Sink, bankID string, rows ...ledger.Row) error {
	return errors.Join(sink.Account(bankID, shown(bankID)), sink.Rows(bankID, rows), sink.Done(bankID, "2026-01-01", "2026-03-01"))
}

// bothRead has each channel read the account, unless it is told to skip it.
func (w *world) bothRead() {
	w.bank.fetch = func(_ context.Context, req port.Fetch, sink port.Sink) error {
		return readWith(sink, "of-"+req.Session.ChannelID, row(req.Session.ChannelID, "-12.30", "CB BOULANGERIE"))
	}
}

func TestTwoChannels(t *testing.T) {
	t.Parallel()

	t.Run("Show_one_account_that_one_of_them_feeds", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.bothRead()
		c := w.connectBy(channelID, redirectID)
		w.work(c.LastSynchronizationID)
		run := w.run(c.LastSynchronizationID)
		require.Equal(t, synchronization.Success, run.Status)
		require.Equal(t, redirectID, w.bank.fetched[0].Session.ChannelID, "REDIRECT goes first")
		require.Empty(t, w.bank.fetched[1].Skip, "nobody knows yet what EMBEDDED calls it")
		require.Empty(t, w.bank.fetched[0].Skip)
		accounts := w.accounts()
		require.Len(t, accounts, 1)
		require.Equal(t, []string{redirectID, channelID}, accounts[0].SharedBy)
		require.Equal(t, redirectID, accounts[0].FedBy)
		require.Equal(t, "of-"+redirectID, accounts[0].BankID)
		require.Len(t, w.rows(), 1)
		require.Len(t, run.Accounts, 1)
		require.Equal(t, 2, w.bank.ended)

		id, known := accounts[0].ID, w.rows()
		run = w.again(c, synchronization.All)
		require.Equal(t, id, w.accounts()[0].ID)
		require.Equal(t, known, w.rows())
		require.Len(t, run.Accounts, 1)
		require.Equal(t, []string{"of-" + channelID}, w.bank.fetched[3].Skip, "in the words of the channel that is told")
	})

	t.Run("Pass_an_account_on_with_its_id_when_REDIRECT_reads_it", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		redirect := func(sink port.Sink) error { return sink.Account("r", shown("r")) } // lists, reads nothing
		w.bank.fetch = func(_ context.Context, req port.Fetch, sink port.Sink) error {
			if req.Session.ChannelID == redirectID {
				return redirect(sink)
			}
			return readWith(sink, "e", row("1", "-12.30", "CB BOULANGERIE"))
		}
		c := w.connectBy(redirectID, channelID)
		w.work(c.LastSynchronizationID)
		run := w.run(c.LastSynchronizationID)
		require.Len(t, run.Accounts, 1, "of two channels that came to feed it the last speaks")
		require.Equal(t, synchronization.OutcomeSuccess, run.Accounts[0].Outcome)
		account := w.accounts()[0]
		require.Equal(t, channelID, account.FedBy, "REDIRECT gives no transactions: EMBEDDED feeds it")
		require.Equal(t, ledger.Active, account.Status)
		require.Empty(t, w.bank.fetched[1].Skip)
		w.again(c, synchronization.All)
		require.Equal(t, channelID, w.accounts()[0].FedBy, "an account changes hands with its transactions only")

		redirect = func(sink port.Sink) error { return readWith(sink, "r", row("x", "-12.30", "Boulangerie, carte 1234")) }
		w.again(c, synchronization.All)
		moved := w.accounts()
		require.Len(t, moved, 1)
		require.Equal(t, account.ID, moved[0].ID)
		require.Equal(t, redirectID, moved[0].FedBy)
		require.Len(t, w.rows(), 1, "it keeps its rows")
		require.Equal(t, []string{"e"}, w.bank.fetched[5].Skip)
	})

	t.Run("Leave_an_account_that_REDIRECT_shows_no_more_to_EMBEDDED", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.bothRead()
		c := w.connectBy(redirectID, channelID)
		w.work(c.LastSynchronizationID)
		id := w.accounts()[0].ID
		both := w.bank.fetch
		w.bank.fetch = func(ctx context.Context, req port.Fetch, sink port.Sink) error {
			if req.Session.ChannelID == redirectID {
				return nil
			}
			return both(ctx, req, sink)
		}
		w.again(c, synchronization.All)
		accounts := w.accounts()
		require.Len(t, accounts, 1)
		require.Equal(t, id, accounts[0].ID)
		require.Equal(t, channelID, accounts[0].FedBy)
		require.Equal(t, []string{channelID}, accounts[0].SharedBy)
		require.Equal(t, ledger.Active, accounts[0].Status)
		require.Len(t, w.rows(), 1)
	})

	t.Run("One_lost_and_one_done_is_partial", func(t *testing.T) {
		t.Parallel()
		for _, lost := range []string{redirectID, channelID} {
			w := newWorld(t)
			w.bothRead()
			w.bank.begin = func(req port.Begin) (port.Step, error) {
				if req.Session.ChannelID == lost {
					return port.Step{}, &port.Failure{Code: port.AuthFailed, Fields: []string{"login"}}
				}
				return ready("session"), nil
			}
			c := w.connectBy(redirectID, channelID)
			w.work(c.LastSynchronizationID)
			run := w.run(c.LastSynchronizationID)
			require.Equal(t, synchronization.Partial, run.Status)
			require.Equal(t, "AUTH_FAILED", run.Problem.Code)
			require.Len(t, w.rows(), 1)
			changed := w.connection(c.ID)
			require.Equal(t, connection.Failed, changed.Status)
			for _, channel := range changed.Channels {
				want := connection.ChannelSuccess
				if channel.DefinitionID == lost {
					want = connection.AuthFailed
					require.Equal(t, []string{"login"}, channel.Fields)
				}
				require.Equal(t, want, channel.Status)
			}
			require.Equal(t, 1, w.count(event.SynchronizationPartial))
		}
	})

	t.Run("Second_one_asks_after_the_first_is_done", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.bothRead()
		w.bank.begin = func(req port.Begin) (port.Step, error) {
			if req.Session.ChannelID == channelID {
				return asks(connection.Form, false), nil
			}
			return ready("session"), nil
		}
		c := w.connectBy(redirectID, channelID)
		w.work(c.LastSynchronizationID)
		require.Equal(t, synchronization.Paused, w.run(c.LastSynchronizationID).Status)
		require.Len(t, w.rows(), 1, "what the first read is there already")
		asked, err := w.links.Current(w.ctx, w.asker, string(c.ID))
		require.NoError(t, err)
		require.Equal(t, channelID, asked.ChannelDefinition)
		require.NoError(t, w.links.Answer(w.ctx, w.asker, string(c.ID), string(asked.ID), secret.Values{"code": secret.New("1")}))
		w.work(c.LastSynchronizationID)
		require.Equal(t, synchronization.Success, w.run(c.LastSynchronizationID).Status)
		require.Len(t, w.bank.begun, 2)
		require.Equal(t, 1, w.count(event.SynchronizationSucceeded))
	})

	t.Run("One_bank_id_in_two_channels_is_two_accounts", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.bank.fetch = func(_ context.Context, req port.Fetch, sink port.Sink) error {
			report := ledger.Report{BankID: "1", Type: bank.Savings, Status: ledger.Active, Currency: "EUR", Number: "***1111"}
			if req.Session.ChannelID == redirectID {
				report.Type, report.Number = bank.Checkings, "***2222"
			}
			return errors.Join(sink.Account("1", report), sink.Done("1", "2026-01-01", "2026-03-01"))
		}
		c := w.connectBy(redirectID, channelID)
		w.work(c.LastSynchronizationID)
		require.Len(t, w.accounts(), 2)
		w.again(c, synchronization.All)
		require.Len(t, w.accounts(), 2)
		require.Empty(t, w.bank.fetched[2].Skip)
		require.Empty(t, w.bank.fetched[3].Skip, "its own account has that id too")
	})
}
