package ledger_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/core/money"
)

func TestFingerprint(t *testing.T) {
	t.Parallel()
	base := booked("1", "-5", "2026-03-10", "CB Cafe 12")
	for name, c := range map[string]struct {
		change func(*ledger.Row)
		same   bool
	}{
		"the_status_is_no_part_of_it":   {func(r *ledger.Row) { r.Status = ledger.Pending }, true},
		"nor_is_the_bank_id":            {func(r *ledger.Row) { r.BankID = "2" }, true},
		"nor_how_the_amount_is_written": {func(r *ledger.Row) { r.Amount = money.Must("-5.00", "EUR") }, true},
		"nor_case_and_spacing":          {func(r *ledger.Row) { r.Label = " cb  CAFE-12 " }, true},
		"nor_dates_behind_the_first":    {func(r *ledger.Row) { r.ValueDate, r.TransactionDate = "2026-03-11", "2026-03-09" }, true},
		"the_amount_is":                 {func(r *ledger.Row) { r.Amount = money.Must("5", "EUR") }, false},
		"the_currency_is":               {func(r *ledger.Row) { r.Amount = money.Must("-5", "USD") }, false},
		"the_day_is":                    {func(r *ledger.Row) { r.BookingDate = "2026-03-11" }, false},
		"the_label_is":                  {func(r *ledger.Row) { r.Label = "CB Cafe 13" }, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			row := base
			c.change(&row)
			require.Equal(t, c.same, ledger.Fingerprint(base) == ledger.Fingerprint(row))
		})
	}
	acted := ledger.Row{Amount: base.Amount, TransactionDate: "2026-03-10", Label: base.Label}
	require.Equal(t, ledger.Fingerprint(base), ledger.Fingerprint(acted), "the first known date counts")
}

func TestEffectiveDay(t *testing.T) {
	t.Parallel()
	row := ledger.Row{TransactionDate: "2026-03-01", BookingDate: "2026-03-02", ValueDate: "2026-03-03"}
	for _, want := range []bank.Day{"2026-03-01", "2026-03-02", "2026-03-03", "2026-03-04"} {
		require.Equal(t, want, ledger.EffectiveDay(row, "2026-03-04"))
		switch want {
		case "2026-03-01":
			row.TransactionDate = ""
		case "2026-03-02":
			row.BookingDate = ""
		case "2026-03-03":
			row.ValueDate = ""
		}
	}
}

func TestWindow(t *testing.T) {
	t.Parallel()
	require.False(t, ledger.Window{}.Covers("2026-03-10"))
	require.False(t, ledger.Window{To: "2026-03-31"}.Covers("2026-03-10"))
	require.True(t, ledger.Window{From: "2026-03-10"}.Covers("2026-03-10"))
	require.True(t, ledger.Window{From: "2026-03-01", To: "2026-03-10"}.Covers("2026-03-10"))
	require.False(t, ledger.Window{From: "2026-03-01", To: "2026-03-09"}.Covers("2026-03-10"))
	require.False(t, ledger.Window{From: "2026-03-11"}.Covers("2026-03-10"))
}
