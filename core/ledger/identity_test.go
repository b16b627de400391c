package ledger_test

import (
	"maps"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/core/money"
)

// detailed is a booked row with the details that tell identical purchases apart.
func detailed(acted, counterparty string) ledger.Row {
	row := booked("", "-5", "2026-03-10", "CAFE")
	row.TransactionDate, row.Counterparty = bank.Day(acted), counterparty
	return row
}

func TestReconcile_swaps_nothing_when_a_bank_forgets(t *testing.T) {
	t.Parallel()
	b := newBook()
	b.read(all, detailed("2026-03-09", "A"), detailed("2026-03-08", "B"))
	requireNothing(t, b.read(all, detailed("", "A"), detailed("", "B")), 2)
}

func TestReconcile_makes_room_for_the_row_that_fits_one_only(t *testing.T) {
	t.Parallel()
	b := newBook()
	b.read(all, detailed("2026-03-08", "A"))
	b.read(all, detailed("2026-03-08", "A"), detailed("2026-03-08", ""))
	requireNothing(t, b.read(all, detailed("", ""), detailed("", "A")), 2)
}

func TestReconcile_believes_no_id_of_an_answer_in_which_one_moved(t *testing.T) {
	t.Parallel()
	b := newBook()
	b.read(all, booked("1", "-6", "2026-03-10", "SHOP"), pending("2", "-9", "2026-03-10", "BAKERY ROSE"))
	changes := b.read(all, booked("1", "-3", "2026-03-11", "KIOSK"), pending("2", "-9.50", "2026-03-11", "BAKERY LUNE"), booked("3", "-6", "2026-03-10", "SHOP"))
	require.Equal(t, "BAKERY ROSE", only(t, changes.Removed).RawLabel)
	require.Len(t, changes.Added, 2)
	require.Empty(t, changes.Modified)
}

func TestReconcile_an_exact_match_comes_before_an_id(t *testing.T) {
	t.Parallel()
	b := newBook()
	b.read(all, pending("2", "-1", "2026-03-10", "CAFE"), pending("1", "-2", "2026-03-10", "CAFE"))
	before := maps.Clone(b.rows)
	changes := b.read(all, booked("2", "-2", "2026-03-11", "CAFE"), booked("1", "-3", "2026-03-11", "CAFE"))
	require.Equal(t, "-1", only(t, changes.Removed).Amount.Decimal())
	require.Equal(t, "-3", only(t, changes.Added).Amount.Decimal())
	require.Equal(t, "-2", only(t, changes.Modified).Amount.Decimal())
	require.Equal(t, before[changes.Modified[0].ID].Amount, changes.Modified[0].Amount, "and was that before")
}

func TestReconcile_an_id_tells_alike_rows_apart(t *testing.T) {
	t.Parallel()
	b := newBook()
	b.read(all, pending("1", "-5", "2026-03-09", "CAFE"), pending("2", "-5", "2026-03-10", "CAFE"))
	b.read(all, booked("1", "-5", "2026-03-13", "CAFE"), booked("2", "-5", "2026-03-11", "CAFE"))
	for _, row := range b.live() {
		require.Equal(t, map[string]string{"1": "2026-03-09", "2": "2026-03-10"}[row.BankID], string(row.TransactionDate))
	}
}

// TestReconcile_doubts_a_corrected_amount: under an id that a bank may have used
// again, another amount is not believed; the two are candidates.
func TestReconcile_doubts_a_corrected_amount(t *testing.T) {
	t.Parallel()
	power := booked("7", "-68.40", "2026-03-10", "DIRECT DEBIT POWER COMPANY")
	for name, c := range map[string]struct {
		covered ledger.Window
		change  func(*ledger.Row)
		doubted bool
	}{
		"on its day":             {all, func(*ledger.Row) {}, true},
		"nobody looked":          {ledger.Window{From: "2026-03-11"}, func(*ledger.Row) {}, false},
		"under another id":       {all, func(r *ledger.Row) { r.BankID = "8" }, false},
		"on another day":         {all, func(r *ledger.Row) { r.BookingDate = "2026-03-12" }, false},
		"under another label":    {all, func(r *ledger.Row) { r.Label = "MARKET" }, false},
		"in the other direction": {all, func(r *ledger.Row) { r.Amount = money.Must("86.40", "EUR") }, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBook()
			b.read(all, power)
			corrected := power
			corrected.Amount = money.Must("-86.40", "EUR")
			c.change(&corrected)
			require.Equal(t, c.doubted, only(t, b.read(c.covered, corrected).Added).InDoubt())
		})
	}
}
