package synchronizing_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/core/money"
	"github.com/tributary-dev/tributary/core/synchronization"
	port "github.com/tributary-dev/tributary/ports/provider"
)

// TestSameFetch_again tells one statement twenty times, each time in another
// order and in other portions: only the first time may anything happen.
func TestSameFetch_again(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		accounts := rapid.SliceOfNDistinct(accountOf(), 1, 3, func(a account) string { return a.report.IBAN }).Draw(r, "accounts")
		w := newWorld(t)
		w.bank.fetch = func(_ context.Context, _ port.Fetch, sink port.Sink) error {
			for _, a := range rapid.Permutation(accounts).Draw(r, "order of accounts") {
				if err := a.tell(r, sink); err != nil {
					return err
				}
			}
			return nil
		}
		c := w.connect()
		w.work(c.LastSynchronizationID)
		if w.run(c.LastSynchronizationID).Status != synchronization.Success {
			r.Fatalf("the first run ended as %s", w.run(c.LastSynchronizationID).Status)
		}
		rows, changes := w.rows(), w.changes()
		for range 20 {
			w.pass(time.Hour)
			run := w.again(c, synchronization.All)
			if run.Status != synchronization.Success || !slices.Equal(changes, w.changes()) {
				r.Fatalf("%s %v, not %v", run.Status, w.changes(), changes)
			}
		}
		require.Equal(t, rows, w.rows())
		require.Len(t, w.accounts(), len(accounts))
	})
}

// changes are the events that tell of a change in the ledger.
func (w *world) changes() (names []event.Name) {
	for _, name := range w.told() {
		if slices.Contains([]event.Name{
			event.AccountsAdded, event.AccountsUpdated, event.AccountsClosed,
			event.TransactionsAdded, event.TransactionsModified, event.TransactionsRemoved,
		}, name) {
			names = append(names, name)
		}
	}
	return names
}

type account struct {
	report  ledger.Report
	balance string
	rows    []ledger.Row
}

func (a account) tell(r *rapid.T, sink port.Sink) error {
	ref := a.report.BankID
	if err := sink.Account(ref, a.report); err != nil {
		return err
	}
	if err := sink.Balances(ref, []ledger.Balance{{Type: ledger.BalanceBooked, Amount: money.Must(a.balance, "EUR"), AsOf: epoch}}); err != nil {
		return err
	}
	rows := rapid.Permutation(a.rows).Draw(r, "order of rows")
	cut := rapid.IntRange(0, len(rows)).Draw(r, "portion")
	for _, portion := range [][]ledger.Row{rows[:cut], rows[cut:]} {
		if err := sink.Rows(ref, portion); err != nil {
			return err
		}
	}
	return sink.Done(ref, "2026-01-01", "2026-03-01")
}

func accountOf() *rapid.Generator[account] {
	return rapid.Custom(func(r *rapid.T) account {
		n := rapid.IntRange(0, 9).Draw(r, "account")
		return account{
			report: ledger.Report{
				BankID: fmt.Sprint("bank ", n), StableID: rapid.Bool().Draw(r, "stable"), Status: ledger.Active, Currency: "EUR",
				Type: rapid.SampledFrom(bank.AccountTypes()).Draw(r, "type"), IBAN: fmt.Sprintf("FR761234567890123456789012%d", n),
			},
			balance: rapid.SampledFrom([]string{"0.00", "-12.30", "1500"}).Draw(r, "balance"),
			rows:    rapid.SliceOfN(rowOf(), 0, 8).Draw(r, "rows"),
		}
	})
}

// rowOf draws from little, so that rows are often alike or nearly so.
func rowOf() *rapid.Generator[ledger.Row] {
	return rapid.Custom(func(r *rapid.T) ledger.Row {
		day := rapid.SampledFrom([]bank.Day{"", "2026-02-26", "2026-02-27", "2026-02-28"})
		return ledger.Row{
			BankID:      rapid.SampledFrom([]string{"", "", "1", "2", "3"}).Draw(r, "bank id"),
			Amount:      money.Must(rapid.SampledFrom([]string{"-12.30", "-12.3", "12.30", "-5"}).Draw(r, "amount"), "EUR"),
			Status:      rapid.SampledFrom([]ledger.Status{ledger.Booked, ledger.Booked, ledger.Pending}).Draw(r, "status"),
			BookingDate: day.Draw(r, "booked"), TransactionDate: day.Draw(r, "done"),
			Label: rapid.SampledFrom([]string{"CB BOULANGERIE", "CB Boulangerie", "VIR LOYER", ""}).Draw(r, "label"),
		}
	})
}
