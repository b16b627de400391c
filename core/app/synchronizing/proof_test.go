package synchronizing_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/app/reading"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/core/money"
	"github.com/tributary-dev/tributary/core/synchronization"
	"github.com/tributary-dev/tributary/ports/store"
)

// The bank counts a row in the balance a day before it tells it.
func TestBalances_a_late_row_closes_the_gap_that_it_made(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first, late := movement("1", "-5", "CAFE", ledger.Booked, ""), movement("2", "-9", "SHOP", ledger.Booked, "")
	w.tells(told{balance: "100.00", rows: []ledger.Row{first}, read: true})
	c := w.connect()
	w.work(c.LastSynchronizationID)
	for _, day := range []struct {
		rows  []ledger.Row
		state string
	}{{[]ledger.Row{first}, "gap"}, {[]ledger.Row{first}, "proven"}, {[]ledger.Row{first, late}, "proven"}} {
		w.pass(24 * time.Hour)
		w.tells(told{balance: "91.00", rows: day.rows, read: true})
		outcome := w.again(c, synchronization.All).Accounts[0]
		require.Equal(t, day.state, outcome.Integrity)
		require.Equal(t, day.state == "gap", outcome.Gap != nil)
	}
}

func TestBalances_are_kept_run_by_run_and_proven_by_rows(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first := movement("1", "-5", "CAFE", ledger.Booked, "")
	w.tells(told{balance: "100.00", rows: []ledger.Row{first}, read: true})
	c := w.connect()
	w.work(c.LastSynchronizationID)
	w.pass(24 * time.Hour)
	w.tells(told{balance: "91.00", rows: []ledger.Row{first, movement("2", "-9", "SHOP", ledger.Booked, "")}, read: true})
	proven := w.again(c, synchronization.All)
	require.Equal(t, "proven", proven.Accounts[0].Integrity)
	require.Nil(t, proven.Accounts[0].Gap)
	w.pass(24 * time.Hour)
	w.tells(told{balance: "80.00", rows: []ledger.Row{first, movement("3", "-1", "KIOSK", ledger.Booked, "")}, read: true})
	gap := w.again(c, synchronization.All).Accounts[0]
	require.Equal(t, "gap", gap.Integrity)
	require.True(t, money.Must("-10", "EUR").Equal(gap.Gap.Missing), "%s", gap.Gap.Missing)

	page := store.Page{Limit: 2}
	slice, err := reading.Service{Store: w.store}.Balances(w.ctx, w.asker, string(w.accounts()[0].ID), page)
	require.NoError(t, err)
	require.Len(t, slice.Items, 2)
	require.Equal(t, "80.00", slice.Items[0].Balance.Decimal())
	require.Equal(t, ledger.Gap, slice.Items[0].Integrity.State)
	page.After = slice.Next
	slice, err = reading.Service{Store: w.store}.Balances(w.ctx, w.asker, string(w.accounts()[0].ID), page)
	require.NoError(t, err)
	require.Equal(t, ledger.NotComputable, slice.Items[0].Integrity.State, "nothing was known before")

	stranger := w.asker
	stranger.User = "usr_00000000000000000000000000"
	_, err = reading.Service{Store: w.store}.Balances(w.ctx, stranger, string(w.accounts()[0].ID), page)
	require.ErrorIs(t, err, ledger.ErrAccountNotFound)
}
