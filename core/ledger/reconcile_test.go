package ledger_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/core/money"
)

var morning = time.Date(2026, 3, 12, 6, 0, 0, 0, time.UTC)

// book is an account's stored rows, and the readings that were applied to it.
type book struct {
	rows map[ident.Transaction]ledger.Transaction
	made int
	day  int
}

func newBook() *book { return &book{rows: map[ident.Transaction]ledger.Transaction{}} }

func (b *book) all() []ledger.Transaction {
	var all []ledger.Transaction
	for _, row := range b.rows {
		all = append(all, row)
	}
	return all
}

func (b *book) live() []ledger.Transaction {
	var live []ledger.Transaction
	for _, row := range b.rows {
		if !row.Removed {
			live = append(live, row)
		}
	}
	return live
}

// read applies an answer; each reading is an hour after the one before.
func (b *book) read(covered ledger.Window, rows ...ledger.Row) ledger.Changes {
	return b.apply(ledger.Reading{Covered: covered, Rows: rows})
}

// broken applies an answer that was not read to its end.
func (b *book) broken(rows ...ledger.Row) ledger.Changes {
	return b.apply(ledger.Reading{Partial: true, Rows: rows})
}

func (b *book) apply(reading ledger.Reading) ledger.Changes {
	b.day++
	changes := ledger.Reconcile(b.all(), ledger.Reading{
		Account: ledger.Account{ID: "acc_1", ClientID: "cli_1", UserID: "usr_1", ConnectionID: "con_1"},
		Rows:    reading.Rows, Covered: reading.Covered, Partial: reading.Partial, Now: morning.Add(time.Duration(b.day) * time.Hour), Today: "2026-03-12",
		NewID: func() ident.Transaction {
			b.made++
			return ident.Transaction(fmt.Sprintf("txn_%04d", b.made))
		},
		Describe: func(row ledger.Row) ledger.Description {
			return ledger.Description{Label: "clean " + row.Label, Category: ledger.Category{ID: "food.groceries", Source: "ENGINE", Confidence: 1}}
		},
	})
	for _, row := range changes.Store() {
		b.rows[row.ID] = row
	}
	return changes
}

var all = ledger.Window{From: "2026-01-01", To: "2026-03-31"}

func booked(id, amount string, day bank.Day, label string) ledger.Row {
	return ledger.Row{BankID: id, Amount: money.Must(amount, "EUR"), Status: ledger.Booked, BookingDate: day, Label: label}
}

func pending(id, amount string, day bank.Day, label string) ledger.Row {
	return ledger.Row{BankID: id, Amount: money.Must(amount, "EUR"), Status: ledger.Pending, TransactionDate: day, Label: label}
}

// only gives the one row of a list.
func only(t *testing.T, rows []ledger.Transaction) ledger.Transaction {
	t.Helper()
	require.Len(t, rows, 1)
	return rows[0]
}

func requireNothing(t require.TestingT, changes ledger.Changes, unchanged int) {
	require.Empty(t, changes.Added)
	require.Empty(t, changes.Modified)
	require.Empty(t, changes.Removed)
	require.Empty(t, changes.Renewed)
	require.Empty(t, changes.Booked)
	require.Equal(t, unchanged, changes.Unchanged)
}

func TestReconcile_adds_what_is_new_once(t *testing.T) {
	t.Parallel()
	b := newBook()
	row := booked("1", "-12.30", "2026-03-10", "LIDL")
	row.ValueDate, row.TransactionDate, row.Counterparty, row.MerchantCode, row.EndToEndID = "2026-03-11", "2026-03-09", "Lidl", "5411", "E2E"
	row.Type, row.Raw = ledger.PointOfSale, []byte("{}")
	added := only(t, b.read(all, row).Added)
	require.Equal(t, ledger.Transaction{
		ID: "txn_0001", ClientID: "cli_1", UserID: "usr_1", ConnectionID: "con_1", AccountID: "acc_1",
		Amount: row.Amount, Status: ledger.Booked, Type: ledger.PointOfSale, BookingDate: "2026-03-10", ValueDate: "2026-03-11",
		TransactionDate: "2026-03-09", EffectiveDate: "2026-03-09", FirstSeenAt: morning.Add(time.Hour), UpdatedAt: morning.Add(time.Hour),
		Label: "clean LIDL", RawLabel: "LIDL", Counterparty: "Lidl", MerchantCode: "5411", EndToEndID: "E2E",
		Category: ledger.Category{ID: "food.groceries", Source: "ENGINE", Confidence: 1},
		BankID:   "1", Fingerprint: ledger.Fingerprint(row), Raw: []byte("{}"),
	}, added)
	requireNothing(t, b.read(all, row), 1)
}

func TestReconcile_identical_purchases_stay_apart(t *testing.T) {
	t.Parallel()
	b := newBook()
	coffee := booked("", "-2.50", "2026-03-10", "CAFE")
	require.Len(t, b.read(all, coffee, coffee).Added, 2)
	requireNothing(t, b.read(all, coffee, coffee), 2)
	third := only(t, b.read(all, coffee, coffee, coffee).Added)
	require.Equal(t, 2, third.Occurrence)
	requireNothing(t, b.read(all, coffee), 1) // fewer are told: booked rows stay
	require.Len(t, b.live(), 3)
}

func TestReconcile_pending_becomes_booked(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ before, after ledger.Row }{
		"under_its_id":                      {pending("1", "-20", "2026-03-10", "SHOP"), booked("1", "-20", "2026-03-11", "SHOP")},
		"under_another_id":                  {pending("1", "-20", "2026-03-10", "SHOP"), booked("2", "-20", "2026-03-12", "SHOP")},
		"without_ids":                       {pending("", "-20", "2026-03-10", "SHOP"), booked("", "-20", "2026-03-12", "shop")},
		"on_the_same_day":                   {pending("", "-20", "2026-03-10", "SHOP"), booked("", "-20.00", "2026-03-10", "SHOP")},
		"with_a_tip_under_its_id":           {pending("1", "-20", "2026-03-10", "RESTO LE PHARE"), booked("1", "-23", "2026-03-11", "CB LE PHARE 10/03")},
		"with_another_label_under_its_id":   {pending("1", "-20", "2026-03-10", "AUTORISATION"), booked("1", "-20", "2026-03-11", "CB SHOP")},
		"after_an_authorisation_of_nothing": {pending("1", "0", "2026-03-10", "FUEL STATION"), booked("1", "-43", "2026-03-11", "FUEL STATION")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBook()
			first := only(t, b.read(all, c.before).Added)
			changes := b.read(all, c.after)
			now := only(t, changes.Modified)
			require.Empty(t, changes.Added)
			require.Empty(t, changes.Removed)
			require.Equal(t, first.ID, now.ID)
			require.Equal(t, ledger.Booked, now.Status)
			require.True(t, now.Amount.Equal(c.after.Amount))
			require.Equal(t, c.before.TransactionDate, now.TransactionDate, "what was told before is kept")
			require.Len(t, changes.Booked, 1)
			requireNothing(t, b.read(all, c.after), 1)
		})
	}
}

func TestReconcile_doubt_gives_two_rows(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ before, after []ledger.Row }{
		"one_pending_and_two_booked": {
			[]ledger.Row{pending("", "-5", "2026-03-10", "CAFE")},
			[]ledger.Row{booked("", "-5", "2026-03-11", "CAFE"), booked("", "-5", "2026-03-12", "CAFE")},
		},
		"two_pending_and_one_booked": {
			[]ledger.Row{pending("", "-5", "2026-03-10", "CAFE"), pending("", "-5", "2026-03-11", "CAFE")},
			[]ledger.Row{booked("", "-5", "2026-03-12", "CAFE")},
		},
		"another_amount_without_an_id": {
			[]ledger.Row{pending("", "-50", "2026-03-10", "TOTAL A6")}, []ledger.Row{booked("", "-43.20", "2026-03-12", "TOTAL A6")},
		},
		"another_label_without_an_id": {
			[]ledger.Row{pending("", "-50", "2026-03-10", "AUTORISATION")}, []ledger.Row{booked("", "-50", "2026-03-12", "TOTAL A6")},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBook()
			first := b.read(ledger.Window{}, c.before...).Added
			second := b.read(ledger.Window{}, c.after...)
			require.Len(t, second.Added, len(c.after))
			require.Empty(t, second.Modified)
			require.Len(t, b.live(), len(c.before)+len(c.after))
			for _, row := range second.Added {
				require.Len(t, row.Links, len(first))
				require.Equal(t, ledger.DuplicateCandidate, row.Links[0].Type)
			}
			requireNothing(t, b.read(ledger.Window{}, c.after...), len(c.after))
		})
	}
}

func TestReconcile_a_bank_id_needs_the_content_to_agree(t *testing.T) {
	t.Parallel()
	old := booked("1", "-20", "2026-03-10", "SHOP")
	for name, row := range map[string]ledger.Row{
		"another_direction": booked("1", "20", "2026-03-10", "SHOP"),
		"another_amount":    booked("1", "-21", "2026-03-10", "SHOP"),
		"another_currency":  {BankID: "1", Amount: money.Must("-20", "USD"), Status: ledger.Booked, BookingDate: "2026-03-10", Label: "SHOP"},
		"too_far_away":      booked("1", "-20", "2026-03-21", "SHOP"),
		"another_movement":  booked("1", "-20", "2026-03-11", "GARAGE"),
		"pending_again":     pending("1", "-20", "2026-03-11", "SHOP"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBook()
			b.read(all, old)
			changes := b.read(all, row)
			only(t, changes.Added)
			require.Empty(t, changes.Modified)
			require.Len(t, b.live(), 2)
		})
	}
	for name, row := range map[string]ledger.Row{
		"another_label": booked("1", "-20", "2026-03-10", "CB GARAGE"),
		"another_day":   booked("1", "-20", "2026-03-14", "SHOP"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBook()
			first := only(t, b.read(all, old).Added)
			require.Equal(t, first.ID, only(t, b.read(all, row).Modified).ID)
		})
	}
}

func TestReconcile_a_pending_row_needs_amount_or_label(t *testing.T) {
	t.Parallel()
	old := pending("1", "-20", "2026-03-10", "CARTE SHOP 1234")
	for name, row := range map[string]ledger.Row{
		"neither":                        booked("1", "-30", "2026-03-11", "GARAGE"),
		"another_direction":              booked("1", "30", "2026-03-11", "CARTE SHOP 1234"),
		"only_what_banks_always_write":   booked("1", "-30", "2026-03-11", "CARTE GARAGE"),
		"only_a_number":                  booked("1", "-30", "2026-03-11", "GARAGE 1234"),
		"too_long_ago_without_an_id":     booked("2", "-20", "2026-03-16", "CARTE SHOP 1234"),
		"another_currency_without_an_id": {Amount: money.Must("-20", "USD"), Status: ledger.Booked, BookingDate: "2026-03-10", Label: "CARTE SHOP 1234"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBook()
			first := only(t, b.read(all, old).Added)
			changes := b.read(all, row)
			only(t, changes.Added)
			require.Equal(t, first.ID, only(t, changes.Removed).ID)
		})
	}
}

func TestReconcile_a_booked_row_outside_the_answer_does_not_move(t *testing.T) {
	t.Parallel()
	for name, id := range map[string]string{"under_a_positional_id": "1", "without_an_id": ""} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBook()
			b.read(all, booked(id, "-5", "2026-03-10", "CAFE"))
			changes := b.read(ledger.Window{From: "2026-03-12"}, booked(id, "-5", "2026-03-13", "CAFE"))
			only(t, changes.Added)
			require.Len(t, b.live(), 2)
		})
	}
}

func TestReconcile_booked_twins_of_two_days_stay_two(t *testing.T) {
	t.Parallel()
	b := newBook()
	b.read(all, booked("", "-5", "2026-03-10", "CAFE"))
	only(t, b.read(all, booked("", "-5", "2026-03-12", "CAFE")).Added)
	require.Len(t, b.live(), 2)
}

func TestReconcile_does_not_describe_what_did_not_change(t *testing.T) {
	t.Parallel()
	b := newBook()
	row := pending("1", "-5", "2026-03-10", "CAFE")
	added := only(t, b.read(all, row).Added)
	added.Label, added.Category.ID = "as an older engine wrote it", "other.services"
	b.rows[added.ID] = added
	requireNothing(t, b.read(all, row), 1)
	now := only(t, b.read(all, booked("1", "-5", "2026-03-11", "CAFE")).Modified)
	require.Equal(t, added.Label, now.Label)
	require.Equal(t, added.Category, now.Category)
}

func TestReconcile_positional_ids_move_nothing(t *testing.T) {
	t.Parallel()
	b := newBook()
	b.read(all, booked("1", "-5", "2026-03-10", "CAFE"), booked("2", "-5", "2026-03-10", "KIOSK"), pending("3", "-9", "2026-03-10", "BAKERY"))
	changes := b.read(all, booked("1", "-5", "2026-03-10", "NEW"), booked("2", "-5", "2026-03-10", "CAFE"),
		booked("3", "-5", "2026-03-10", "KIOSK"), pending("4", "-9", "2026-03-10", "BAKERY"))
	require.Equal(t, "NEW", only(t, changes.Added).RawLabel)
	require.Empty(t, changes.Modified)
	require.Len(t, changes.Renewed, 3)
}

func TestReconcile_blank_and_repeated_ids_are_none(t *testing.T) {
	t.Parallel()
	b := newBook()
	rows := []ledger.Row{
		booked(" ", "-5", "2026-03-10", "CAFE"), booked(" ", "-6", "2026-03-10", "KIOSK"),
		booked("x", "-7", "2026-03-10", "BAKERY"), booked("x", "-8", "2026-03-10", "GARAGE"),
	}
	for _, row := range b.read(all, rows...).Added {
		require.Empty(t, row.BankID)
		require.Empty(t, row.Links)
	}
	requireNothing(t, b.read(all, rows...), 4)
}

func TestReconcile_a_row_told_twice_under_one_id_is_in_doubt(t *testing.T) {
	t.Parallel()
	b := newBook()
	row := booked("x", "-7", "2026-03-10", "BAKERY")
	added := b.read(all, row, row).Added
	require.Len(t, added, 2)
	require.Empty(t, added[0].Links)
	require.Equal(t, []ledger.Link{{Type: ledger.DuplicateCandidate, TransactionID: added[0].ID, Confidence: 0.5}}, added[1].Links)
}

func TestReconcile_an_id_that_all_rows_have_raises_no_doubt(t *testing.T) {
	t.Parallel()
	b := newBook()
	row := booked("0000", "-7", "2026-03-10", "BAKERY")
	for _, added := range b.read(all, row, row, booked("0000", "-8", "2026-03-11", "GARAGE")).Added {
		require.Empty(t, added.Links)
	}
}

func TestReconcile_keeps_what_users_set_and_asks_the_rules_anew(t *testing.T) {
	t.Parallel()
	for source, want := range map[string]string{ledger.SourceUser: "leisure.outings", ledger.SourceRule: "food.groceries"} {
		b := newBook()
		row := only(t, b.read(all, pending("1", "-5", "2026-03-10", "CAFE")).Added)
		row.Category = ledger.Category{ID: "leisure.outings", Source: source, Confidence: 1}
		b.rows[row.ID] = row
		requireNothing(t, b.read(all, pending("1", "-5", "2026-03-10", "CAFE")), 1) // its description is the same
		now := only(t, b.read(all, booked("1", "-5", "2026-03-11", "CB CAFE DU PORT")).Modified)
		require.Equal(t, want, now.Category.ID, source)
		require.Equal(t, "clean CB CAFE DU PORT", now.Label)
	}
}

func TestReconcile_a_late_answer_does_not_unbook(t *testing.T) {
	t.Parallel()
	b := newBook()
	day := pending("1", "-5", "2026-03-10", "CAFE")
	b.read(all, day)
	b.read(all, booked("1", "-5", "2026-03-10", "CAFE"))
	requireNothing(t, b.read(all, day), 1)
	require.Equal(t, ledger.Booked, only(t, b.live()).Status)
}

func TestReconcile_rows_without_dates(t *testing.T) {
	t.Parallel()
	b := newBook()
	row := pending("", "-5", "", "CAFE")
	require.Equal(t, bank.Day("2026-03-12"), only(t, b.read(all, row).Added).EffectiveDate)
	requireNothing(t, b.read(all, row), 1)
	now := only(t, b.read(all, booked("", "-5", "2026-03-13", "CAFE")).Modified)
	require.Equal(t, bank.Day("2026-03-13"), now.EffectiveDate)
}

func TestReach_holds_all_that_is_compared(t *testing.T) {
	t.Parallel()
	from, to := ledger.Reach(nil, ledger.Window{}, "2026-03-12")
	require.Equal(t, [2]bank.Day{"2026-03-02", "2026-03-22"}, [2]bank.Day{from, to})
	from, to = ledger.Reach([]ledger.Row{booked("", "1", "2026-02-01", ""), booked("", "1", "2026-04-01", "")}, all, "2026-03-12")
	require.Equal(t, [2]bank.Day{"2025-12-22", "2026-04-11"}, [2]bank.Day{from, to})
	from, _ = ledger.Reach([]ledger.Row{pending("", "1", "", "")}, ledger.Window{}, "2026-03-12")
	require.Equal(t, bank.Day("2026-01-16"), from)
}
