package ledger_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/ledger"
)

// What the simulation of whole lives found, each as the smallest example.

func TestReconcile_two_shops_of_a_trade_are_no_tip_under_a_positional_id(t *testing.T) {
	t.Parallel()
	b := newBook()
	first := only(t, b.read(all, pending("2026-03-10-0", "-120", "2026-03-10", "BOULANGERIE Renpont NANTES")).Added)
	changes := b.read(all, booked("2026-03-10-0", "-44.23", "2026-03-10", "BOULANGERIE Norval LYON"))
	require.Equal(t, first.ID, only(t, changes.Removed).ID)
	only(t, changes.Added)
}

func TestReconcile_an_id_of_a_vanished_purchase_names_none_of_its_amount_on_another_day(t *testing.T) {
	t.Parallel()
	b := newBook()
	first := only(t, b.read(all, pending("7", "-152.87", "2026-03-08", "MARCHE Vigfort")).Added)
	changes := b.read(all, pending("7", "-152.87", "2026-03-14", "GARAGE Verfort LILLE"))
	require.Equal(t, first.ID, only(t, changes.Removed).ID)

	again := only(t, changes.Added)
	now := only(t, b.read(all, pending("7", "-152.87", "2026-03-14", "CARTE 1234 VERFORT GARAGE")).Modified)
	require.Equal(t, again.ID, now.ID, "another label of one day is believed")
}

func TestReconcile_an_id_is_unique_among_those_that_agree(t *testing.T) {
	t.Parallel()
	b := newBook()
	cancelled := pending("7", "-43", "2026-03-04", "TABAC Lanroche")
	cancelled.Status = ledger.Cancelled
	b.read(all, cancelled)
	first := only(t, b.read(all, pending("7", "-160", "2026-03-10", "CAFE Verfort")).Added) // the bank uses the id again
	now := only(t, b.read(all, booked("7", "-160", "2026-03-12", "CARTE 9386 Verfort")).Modified)
	require.Equal(t, first.ID, now.ID)
}

func TestReconcile_a_purchase_booked_on_the_day_of_its_twin_keeps_its_id(t *testing.T) {
	t.Parallel()
	b := newBook()
	b.read(all, pending("a", "-5", "2026-03-09", "CAFE"), pending("b", "-5", "2026-03-10", "CAFE"), pending("c", "-9", "2026-03-10", "AUTORISATION"))
	changes := b.read(all, booked("a", "-5", "2026-03-10", "CAFE"), booked("b", "-5", "2026-03-11", "CAFE"), booked("c", "-9", "2026-03-11", "SHOP"))
	require.Len(t, changes.Modified, 3, "and the ids of the answer are believed")
	for _, row := range changes.Modified {
		require.Equal(t, map[string]string{"a": "2026-03-09", "b": "2026-03-10", "c": "2026-03-10"}[row.BankID], string(row.TransactionDate))
	}
}

func TestReconcile_a_twin_does_not_take_the_place_of_what_was_booked(t *testing.T) {
	t.Parallel()
	b := newBook()
	first := only(t, b.read(all, pending("a", "-5", "2026-03-10", "CAFE")).Added)
	changes := b.read(all, booked("a", "-5", "2026-03-12", "CAFE"), pending("b", "-5", "2026-03-10", "CAFE"))
	require.Equal(t, first.ID, only(t, changes.Modified).ID)
	require.Equal(t, "b", only(t, changes.Added).BankID)
}

func TestReconcile_a_twin_told_twice_under_ids_of_the_session_leaves_the_other_to_be_booked(t *testing.T) {
	t.Parallel()
	b := newBook()
	added := b.read(all, pending("a", "-5", "2026-03-10", "CAFE"), pending("b", "-5", "2026-03-10", "CAFE")).Added
	twin := pending("c", "-5", "2026-03-10", "CAFE")
	changes := b.read(all, booked("d", "-5", "2026-03-12", "CAFE"), twin, twin)
	require.Len(t, added, 2)
	require.Contains(t, []ident.Transaction{added[0].ID, added[1].ID}, changes.Modified[0].ID)
	require.Equal(t, ledger.Booked, changes.Modified[0].Status)
	require.Len(t, candidates(only(t, changes.Added)), 1, "what is told twice is in doubt, and stands for nothing else")
	require.Len(t, b.live(), 3)
}

func TestReconcile_a_twin_told_twice_does_not_take_the_place_of_what_was_booked(t *testing.T) {
	t.Parallel()
	b := newBook()
	twin, other := pending("b", "-5", "2026-03-10", "CAFE"), booked("x", "-1", "2026-03-10", "X")
	b.read(all, pending("a", "-5", "2026-03-10", "CAFE"), twin, other)
	changes := b.read(all, booked("a", "-5", "2026-03-12", "CAFE"), twin, twin, other)
	require.Equal(t, ledger.Booked, only(t, changes.Modified).Status)
	require.Len(t, candidates(only(t, changes.Added)), 1)
}

// The booked twin that is told again is of the pending row's own day; the row that
// it became is not.
func TestReconcile_a_booked_twin_told_twice_is_not_what_a_pending_row_became(t *testing.T) {
	t.Parallel()
	b := newBook()
	twin := booked("s1/b", "-5", "2026-03-10", "TABAC")
	first := only(t, b.read(all, pending("s1/a", "-5", "2026-03-10", "TABAC")).Added)
	b.read(all, pending("s1/a", "-5", "2026-03-10", "TABAC"), twin)
	twin.BankID = "s2/b"
	changes := b.read(all, booked("s2/a", "-5", "2026-03-13", "TABAC"), twin, twin)
	require.Equal(t, first.ID, only(t, changes.Modified).ID)
	require.Len(t, candidates(only(t, changes.Added)), 1, "what is told twice is in doubt")
	require.Len(t, b.live(), 3)
}

func TestReconcile_a_hidden_row_told_twice_stays_hidden(t *testing.T) {
	t.Parallel()
	b := newBook()
	row := booked("a", "-5", "2026-03-10", "CAFE")
	hidden := only(t, b.read(all, row).Added)
	hidden.Hide(morning)
	b.rows[hidden.ID] = hidden
	require.Empty(t, b.read(all, row, row).Store())
	require.Empty(t, b.live())
	only(t, b.read(all, row, booked("b", "-5", "2026-03-10", "CAFE")).Added) // another one
}

func TestReconcile_a_corrected_booked_row_without_an_id_is_in_doubt(t *testing.T) {
	t.Parallel()
	for name, now := range map[string]ledger.Row{
		"another_day":   booked("", "-5", "2026-03-12", "CAFE"),
		"another_label": booked("", "-5", "2026-03-10", "CARTE KIOSK"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBook()
			first := only(t, b.read(all, booked("", "-5", "2026-03-10", "CAFE")).Added)
			second := only(t, b.read(all, now).Added)
			require.Equal(t, []ident.Transaction{first.ID}, candidates(second))
			requireNothing(t, b.read(all, now), 1)
		})
	}
	b := newBook()
	b.read(all, booked("", "-5", "2026-03-10", "CAFE"))
	require.Empty(t, candidates(only(t, b.read(ledger.Window{From: "2026-03-11"}, booked("", "-5", "2026-03-12", "CAFE")).Added)),
		"the other day was not looked at")
	require.Empty(t, candidates(only(t, b.read(all, booked("", "-5", "2026-03-10", "CAFE"), booked("", "-5", "2026-03-12", "CAFE"),
		booked("", "-5", "2026-03-13", "CAFE")).Added)), "nothing is missing")
}

func TestReconcile_a_booked_row_of_a_day_to_come_moves_back(t *testing.T) {
	t.Parallel()
	b := newBook()
	first := only(t, b.read(all, booked("1", "-5", "2026-03-13", "CAFE")).Added)
	now := only(t, b.read(ledger.Window{From: "2026-03-01", To: "2026-03-12"}, booked("1", "-5", "2026-03-11", "CAFE")).Modified)
	require.Equal(t, first.ID, now.ID)
}

func candidates(t ledger.Transaction) (ids []ident.Transaction) {
	for _, link := range t.Links {
		if link.Type == ledger.DuplicateCandidate {
			ids = append(ids, link.TransactionID)
		}
	}
	return ids
}

func TestReconcile_an_answer_that_broke_off_adds_no_booked_row_that_may_be_known(t *testing.T) {
	t.Parallel()
	b := newBook()
	first := only(t, b.read(all, booked("1", "-5", "2026-03-10", "CAFE")).Added)
	moved := booked("1", "-5", "2026-03-12", "CAFE")
	require.Empty(t, b.broken(moved).Store(), "it may be the known one, told anew")
	only(t, b.broken(moved, booked("2", "-6", "2026-03-12", "CAFE")).Added)
	require.Equal(t, first.ID, only(t, b.read(all, moved, booked("2", "-6", "2026-03-12", "CAFE")).Modified).ID)

	b = newBook()
	b.read(all, booked("", "-5", "2026-03-10", "CAFE"))
	twice := []ledger.Row{booked("", "-5", "2026-03-10", "CAFE"), booked("", "-5", "2026-03-11", "CAFE")}
	only(t, b.broken(twice...).Added) // the known one is there
}

func TestReconcile_a_row_told_again_does_not_take_the_place_of_its_twin(t *testing.T) {
	t.Parallel()
	b := newBook()
	b.read(all, booked("1/a", "-5", "2026-03-10", "CAFE"), booked("1/b", "-5", "2026-03-10", "CAFE"))
	twin := booked("2/b", "-5", "2026-03-10", "CAFE") // ids of the session
	again := only(t, b.read(all, booked("2/a", "-5", "2026-03-10", "CAFE"), twin, twin).Added)
	require.Equal(t, ledger.DuplicateCandidate, again.Links[0].Type)
}

func TestReconcile_an_answer_of_earlier_moves_no_ids(t *testing.T) {
	t.Parallel()
	b := newBook()
	fuel := only(t, b.read(all, pending("f", "-150", "2026-03-06", "GARAGE")).Added)
	b.read(all, pending("f", "-150", "2026-03-06", "GARAGE"), booked("a", "-5", "2026-03-07", "CAFE"))
	b.read(all, pending("f", "-150", "2026-03-06", "GARAGE"), pending("a", "-5", "2026-03-06", "CAFE"))
	b.read(all, booked("f", "-76", "2026-03-09", "GARAGE"), booked("a", "-5", "2026-03-07", "CAFE"), booked("b", "-5", "2026-03-09", "CAFE"))
	for _, row := range b.rows {
		if row.ID == fuel.ID {
			require.Equal(t, ledger.Booked, row.Status, "a has its row, so no id has moved")
		}
	}
}

func TestReconcile_twins_under_moving_ids_keep_their_days(t *testing.T) {
	t.Parallel()
	b := newBook()
	on := func(row ledger.Row, acted bank.Day) ledger.Row {
		row.TransactionDate = acted
		return row
	}
	older, newer := on(booked("3", "-5", "2026-03-07", "CAFE"), "2026-03-06"), on(booked("2", "-5", "2026-03-07", "CAFE"), "2026-03-07")
	b.read(all, older, newer, pending("1", "-9", "2026-03-09", "SHOP"))
	older.BankID = "2" // an answer of before the newer one was booked
	changes := b.read(all, older, pending("1", "-5", "2026-03-07", "CAFE"))
	require.Empty(t, changes.Modified)
}

func TestReconcile_a_row_told_again_stays_in_doubt_when_it_is_booked(t *testing.T) {
	t.Parallel()
	b := newBook()
	b.read(all, pending("a", "-5", "2026-03-10", "CAFE"))
	told := booked("a", "-5", "2026-03-10", "CAFE")
	again := only(t, b.read(all, told, told).Added)
	require.Equal(t, ledger.DuplicateCandidate, again.Links[0].Type)
	b.read(all, told, told)
	require.Len(t, b.rows[again.ID].Links, 1)

	b = newBook()
	waiting := pending("a", "-5", "2026-03-10", "CAFE")
	b.read(all, waiting)
	again = only(t, b.read(all, waiting, waiting).Added)
	b.read(all, told, told)
	require.Equal(t, ledger.DuplicateCandidate, b.rows[again.ID].Links[0].Type)
}

func TestReconcile_twins_keep_their_ids_when_only_their_evidence_changes(t *testing.T) {
	t.Parallel()
	b := newBook()
	raw := func(row ledger.Row, text string) ledger.Row {
		row.Raw = []byte(text)
		return row
	}
	one, other := booked("7", "-5", "2026-03-07", "CAFE"), booked("3", "-5", "2026-03-07", "CAFE")
	b.read(all, raw(one, "x 7"))
	b.read(all, raw(one, "x 7"), raw(other, "x 3"))
	before := b.all()
	b.read(all, raw(other, "a 3"), raw(one, "a 7"))
	for _, row := range before {
		require.Equal(t, row.BankID, b.rows[row.ID].BankID)
	}
}

func TestReconcile_a_day_that_is_not_told_does_not_stand_in_the_way(t *testing.T) {
	t.Parallel()
	b := newBook()
	first := only(t, b.read(all, pending("a", "-5", "", "CAFE")).Added)
	now := only(t, b.read(all, pending("a", "-6", "", "CAFE")).Modified)
	require.Equal(t, first.ID, now.ID)
}

// A booked row keeps the day of its purchase, which the bank told while it was
// pending and not since. A correction is compared with what the bank tells now.
func TestReconcile_compares_the_dates_that_two_tellings_share(t *testing.T) {
	t.Parallel()
	b := newBook()
	b.read(all, pending("1", "-5", "2026-03-01", "CAFE"))
	b.read(all, booked("1", "-6", "2026-03-09", "CAFE"))
	known := only(t, b.live())
	require.Equal(t, bank.Day("2026-03-01"), known.EffectiveDate)
	anew := only(t, b.read(all, booked("9", "-6", "2026-03-08", "CAFE")).Added)
	require.True(t, anew.Linked(ledger.DuplicateCandidate, known.ID), "%v", anew.Links)
}

// What is older is read on its own: that the answer lacks what is recent says
// nothing.
func TestReconcile_rows_behind_a_window_that_is_past_are_not_in_doubt(t *testing.T) {
	t.Parallel()
	for to, doubts := range map[bank.Day]int{"2026-03-03": 0, "2026-03-12": 1, "2026-03-13": 1, "": 1} {
		b := newBook()
		b.read(all, booked("1", "-5", "2026-03-05", "CAFE"))
		added := only(t, b.read(ledger.Window{From: "2026-01-01", To: to}, booked("9", "-5", "2026-03-02", "KIOSK")).Added)
		require.Len(t, added.Links, doubts, "until %q", to)
	}
}
