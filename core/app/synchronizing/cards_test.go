package synchronizing_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/core/synchronization"
	port "github.com/tributary-dev/tributary/ports/provider"
)

// Whatever a plugin tells, the whole number of a card is never kept; the card is recognised all the same, also when it is
// told masked one day and in full the next.
func TestCard_is_never_kept_with_its_whole_number(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	told := "4970 1234 5678 3021"
	w.bank.fetch = func(_ context.Context, _ port.Fetch, sink port.Sink) error {
		card := ledger.Report{Type: bank.CreditCard, Status: ledger.Active, Currency: "EUR", Number: told}
		other := card
		other.Number = "4970 1234 5678 9999"
		return errors.Join(sink.Account("card", card), sink.Done("card", "2026-01-01", "2026-02-28"),
			sink.Account("other", other), sink.Done("other", "2026-01-01", "2026-02-28"))
	}
	c := w.connect()
	w.work(c.LastSynchronizationID)
	before := w.accounts()
	require.Len(t, before, 2)
	for _, told = range []string{"**** **** **** 3021", "4970123456783021"} {
		w.pass(24 * time.Hour)
		w.again(c, synchronization.All)
	}
	after := w.accounts()
	require.Len(t, after, 2)
	for i := range after {
		require.Equal(t, before[i].ID, after[i].ID)
		require.Contains(t, []string{"************3021", "************9999"}, after[i].Number)
	}
}
