package ledger_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/ledger"
)

func TestReconcile_resolves_a_doubt_when_the_pending_row_vanishes(t *testing.T) {
	t.Parallel()
	b := newBook()
	fuel := pending("1", "-100", "2026-03-10", "TOTAL")
	held := only(t, b.read(all, fuel).Added)
	final := booked("2", "-43.20", "2026-03-11", "TOTAL A6")
	added := only(t, b.read(ledger.Window{From: "2026-03-11"}, final).Added) // its day is not covered: both stand
	require.True(t, added.Linked(ledger.DuplicateCandidate, held.ID))
	changes := b.read(all, final)
	require.Equal(t, held.ID, only(t, changes.Removed).ID)
	resolved := only(t, changes.Modified)
	require.True(t, resolved.Linked(ledger.PendingOf, held.ID))
	require.False(t, resolved.InDoubt())
	requireNothing(t, b.read(all, final), 1)
}

func TestReconcile_resolves_a_doubt_when_it_takes_the_place_at_once(t *testing.T) {
	t.Parallel()
	b := newBook()
	held := only(t, b.read(all, pending("1", "-100", "2026-03-10", "TOTAL")).Added)
	added := only(t, b.read(all, booked("2", "-43.20", "2026-03-11", "TOTAL A6")).Added)
	require.True(t, added.Linked(ledger.PendingOf, held.ID))
	require.Equal(t, added.ID, only(t, b.live()).ID)
}

func TestReconcile_resolves_a_doubt_for_one_booked_row_only(t *testing.T) {
	t.Parallel()
	b := newBook()
	held := only(t, b.read(all, pending("1", "-100", "2026-03-10", "TOTAL")).Added)
	added := b.read(all, booked("2", "-43.20", "2026-03-11", "TOTAL A6"), booked("3", "-100", "2026-03-11", "STATION")).Added
	require.Len(t, added, 2)
	for _, row := range added {
		require.Equal(t, row.RawLabel == "STATION", row.Linked(ledger.PendingOf, held.ID), "the same amount says more than the same name")
		require.False(t, row.InDoubt())
	}
}

func TestReconcile_resolves_a_doubt_when_the_pending_row_is_booked_itself(t *testing.T) {
	t.Parallel()
	b := newBook()
	fuel := pending("1", "-100", "2026-03-10", "TOTAL")
	held := only(t, b.read(all, fuel).Added)
	other := booked("2", "-43.20", "2026-03-11", "TOTAL A6")
	doubtful := only(t, b.read(all, fuel, booked("3", "-1", "2026-03-11", "X"), other).Added[:1])
	_ = doubtful
	changes := b.read(all, booked("1", "-100", "2026-03-12", "TOTAL"), booked("3", "-1", "2026-03-11", "X"), other)
	require.Empty(t, changes.Added)
	for _, row := range b.live() {
		require.False(t, row.InDoubt(), "%v", row)
	}
	require.Equal(t, ledger.Booked, b.rows[held.ID].Status)
}

func TestReconcile_writes_a_revision_for_each_change(t *testing.T) {
	t.Parallel()
	b := newBook()
	before := pending("1", "-5", "2026-03-10", "CAFE")
	before.Raw = []byte("before")
	require.Empty(t, b.read(all, before).Revisions)
	after := booked("1", "-6", "2026-03-12", "CAFE")
	after.Raw = []byte("after")
	changes := b.read(all, after)
	require.Len(t, changes.Revisions, 1)
	revision := changes.Revisions[0]
	require.Equal(t, 1, revision.Number)
	require.Equal(t, ledger.ByBankIDAlone, revision.Evidence)
	require.Equal(t, []byte("before"), revision.RawBefore)
	fields := map[string][2]string{}
	for _, c := range revision.Changes {
		fields[c.Field] = [2]string{c.From, c.To}
	}
	require.Equal(t, map[string][2]string{
		"amount": {"-5 EUR", "-6 EUR"}, "status": {"PENDING", "BOOKED"}, "booking_date": {"", "2026-03-12"},
	}, fields)
	removed := b.read(all, pending("x", "-9", "2026-03-10", "Y"))
	require.Len(t, removed.Added, 1)
	gone := b.read(all)
	require.Equal(t, ledger.ByAbsence, gone.Revisions[0].Evidence)
}
