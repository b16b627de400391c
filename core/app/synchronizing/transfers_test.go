package synchronizing_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/app/correcting"
	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/core/money"
	"github.com/tributary-dev/tributary/core/synchronization"
	port "github.com/tributary-dev/tributary/ports/provider"
	"github.com/tributary-dev/tributary/ports/usecase"
)

func movement(id, amount, label string, status ledger.Status, kind ledger.Type) ledger.Row {
	return ledger.Row{BankID: id, Amount: money.Must(amount, "EUR"), Label: label, Status: status, Type: kind, BookingDate: "2026-02-20"}
}

func changeOf(label, category string) usecase.TransactionChange {
	return usecase.TransactionChange{Label: &label, Category: &category}
}

// tellsAccounts answers with two accounts and their rows.
func (w *world) tellsAccounts(current, savings []ledger.Row) {
	w.bank.fetch = func(_ context.Context, _ port.Fetch, sink port.Sink) error {
		return errors.Join(
			sink.Account("a", ledger.Report{BankID: "a", StableID: true, Type: bank.Checkings, Status: ledger.Active, Currency: "EUR"}),
			sink.Account("b", ledger.Report{BankID: "b", StableID: true, Type: bank.Savings, Status: ledger.Active, Currency: "EUR"}),
			sink.Rows("a", current), sink.Rows("b", savings),
			sink.Done("a", "2026-01-01", "2026-03-01"), sink.Done("b", "2026-01-01", "2026-03-01"))
	}
}

func TestTransfers_are_linked_also_when_the_other_side_comes_later(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	out, in := movement("1", "-200", "VIR LIVRET", ledger.Booked, ledger.InternalTransfer), movement("2", "200.00", "VIR RECU", ledger.Booked, ledger.Credit)
	w.tellsAccounts([]ledger.Row{out, movement("3", "-5", "CAFE", ledger.Booked, ledger.PointOfSale)}, nil)
	c := w.connect()
	w.work(c.LastSynchronizationID)
	w.tellsAccounts([]ledger.Row{out}, []ledger.Row{in})
	w.pass(time.Hour)
	w.again(c, synchronization.All)
	paired := 0
	for _, t2 := range w.rows() {
		for _, link := range t2.Links {
			require.Equal(t, ledger.TransferPair, link.Type)
			paired++
		}
	}
	require.Equal(t, 2, paired)
	require.Equal(t, 1, w.count(event.TransactionsModified), "the side that was known changed")
}

// Where only one account has something new, its own known rows count all the same.
func TestTransfers_are_not_linked_where_a_known_row_fits_as_well(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	out := func(id string) ledger.Row {
		return movement(id, "-200", "VIR LIVRET "+id, ledger.Booked, ledger.InternalTransfer)
	}
	in := movement("4", "200.00", "VIR RECU", ledger.Booked, ledger.Credit)
	w.tellsAccounts([]ledger.Row{out("1"), out("2")}, []ledger.Row{in})
	c := w.connect()
	w.work(c.LastSynchronizationID)
	w.tellsAccounts([]ledger.Row{out("1"), out("2"), out("3")}, []ledger.Row{in})
	w.pass(time.Hour)
	w.again(c, synchronization.All)
	require.Len(t, w.rows(), 4)
	for _, row := range w.rows() {
		require.Empty(t, row.Links)
	}
}

func TestChanges_make_history_and_never_overwrite_a_person(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.tellsAccounts([]ledger.Row{movement("1", "-5", "CAFE DU PORT", ledger.Pending, "")}, nil)
	c := w.connect()
	w.work(c.LastSynchronizationID)
	id := w.rows()[0].ID
	people := correcting.Service{Store: w.store, Now: w.now}
	label, category := "With Ann", "food.groceries"
	_, err := people.Change(t.Context(), w.asker, string(id), changeOf(label, category))
	require.NoError(t, err)

	w.tellsAccounts([]ledger.Row{movement("1", "-6", "CAFE DU PORT NANTES", ledger.Booked, "")}, nil)
	w.pass(time.Hour)
	run := w.again(c, synchronization.All)
	require.Equal(t, synchronization.Success, run.Status)
	kept := w.rows()[0]
	require.Equal(t, id, kept.ID)
	require.Equal(t, label, kept.ShownLabel())
	require.Equal(t, ledger.Category{ID: category, Source: ledger.SourceUser, Confidence: 1}, kept.Category)
	history, err := people.History(t.Context(), w.asker, string(id))
	require.NoError(t, err)
	require.Len(t, history.Revisions, 2)
	require.Equal(t, run.ID, history.Revisions[1].Synchronization)
	require.Equal(t, ledger.ByBankIDAlone, history.Revisions[1].Evidence)

	require.NoError(t, people.Hide(t.Context(), w.asker, string(id)))
	w.pass(time.Hour)
	w.again(c, synchronization.All)
	require.Empty(t, w.rows(), "what is hidden stays hidden")
}
