package synchronizing_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/core/synchronization"
	port "github.com/tributary-dev/tributary/ports/provider"
)

// A hotel's deposit stays for weeks. Once it lies outside the window nobody
// would see it vanish: found by playing whole lives.
func TestWindow_reaches_back_to_the_oldest_pending_row(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	deposit := row("1", "-300.00", "HOTEL BELLEVUE")
	deposit.Status, deposit.BookingDate, deposit.TransactionDate = ledger.Pending, "", "2026-02-27"
	rows := []ledger.Row{deposit}
	w.bank.fetch = func(_ context.Context, req port.Fetch, sink port.Sink) error {
		from := max(req.Window.From["a1"], "2026-01-01")
		if err := sink.Account("a", ledger.Report{BankID: "a1", StableID: true, Type: bank.Checkings, Status: ledger.Active, Currency: "EUR"}); err != nil {
			return err
		}
		if err := sink.Rows("a", rows); err != nil {
			return err
		}
		return sink.Done("a", from, req.Window.To)
	}
	c := w.connect()
	w.work(c.LastSynchronizationID)
	require.Len(t, w.rows(), 1)
	for range 20 {
		w.pass(24 * time.Hour)
		w.again(c, synchronization.All)
	}
	require.Equal(t, bank.Day("2026-02-27"), w.bank.fetched[20].Window.From["a1"])
	rows = nil
	w.again(c, synchronization.All)
	require.Empty(t, w.rows(), "it vanished")
	w.again(c, synchronization.All)
	require.Equal(t, bank.Day("2026-03-07"), w.bank.fetched[22].Window.From["a1"], "nothing is waited for any more")
}
