package synchronizing_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/core/synchronization"
	port "github.com/tributary-dev/tributary/ports/provider"
)

// Some banks number accounts by their place in a list: once one is gone, another
// has its id. The window asked for is that of the one that is there, and the old
// rows that the other one owed are nobody's: found by playing whole lives.
// An account that the bank told as closed, and then forgot, is no different.
func TestID_of_an_account_that_is_gone_goes_to_another(t *testing.T) {
	t.Parallel()
	for _, last := range []ledger.AccountStatus{ledger.Active, ledger.Closed} {
		t.Run(string(last), func(t *testing.T) { t.Parallel(); handsOver(newWorld(t), t, last) })
	}
}

func handsOver(w *world, t *testing.T, last ledger.AccountStatus) {
	of := func(id, iban string) ledger.Report {
		return ledger.Report{BankID: id, Type: bank.Checkings, Status: ledger.Active, Currency: "EUR", IBAN: iban}
	}
	list := []ledger.Report{of("1", "FR7611111111"), of("2", "FR7622222222")}
	full := false
	w.bank.fetch = func(_ context.Context, req port.Fetch, sink port.Sink) (err error) {
		if req.Window.Default == "" && !full { // older rows are not given yet
			return &port.Failure{Code: port.ProviderUnavailable, Whose: port.Bank}
		}
		for _, report := range list {
			label := "RECENT " + report.IBAN
			day := bank.Day("2026-02-20")
			if req.Window.Default == "" {
				label, day = "OLD "+report.IBAN, "2025-06-01"
			}
			row := movement("", "-5", label, ledger.Booked, "")
			row.BookingDate = day
			err = errors.Join(err, sink.Account(report.BankID, report), sink.Rows(report.BankID, []ledger.Row{row}),
				sink.Done(report.BankID, max(req.Window.From[report.BankID], req.Window.Default, "2025-01-01"), "2026-12-31"))
		}
		return err
	}
	c := w.connect()
	w.work(c.LastSynchronizationID)
	second := w.accountOf("FR7622222222")
	list[0].Status = last
	w.again(c, synchronization.All)
	for range 40 {
		w.pass(24 * time.Hour)
		list = []ledger.Report{of("1", "FR7622222222")}
		run := w.queue(w.connection(c.ID), synchronization.Scheduled, synchronization.All)
		w.work(run.ID)
	}
	require.Equal(t, second, w.accountOf("FR7622222222"), "it is the same under another id")
	today := bank.DayOf(w.now())
	recent := slices.DeleteFunc(slices.Clone(w.bank.fetched), func(req port.Fetch) bool { return req.Window.Default == "" })
	require.Equal(t, today.AddDays(-1-14), recent[len(recent)-1].Window.From["1"], "the window is its own")

	full = true
	require.Equal(t, synchronization.Success, w.again(c, synchronization.All).Status)
	for _, row := range w.rows() {
		if row.RawLabel == "OLD FR7622222222" {
			require.Equal(t, second, row.AccountID)
			return
		}
	}
	require.Fail(t, "its old rows were not read")
}

func (w *world) accountOf(iban string) ident.Account {
	for _, account := range w.accounts() {
		if account.IBAN == iban {
			return account.ID
		}
	}
	return ""
}
