package ledger_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/ledger"
)

func TestReconcile_removes_pending_that_vanished(t *testing.T) {
	t.Parallel()
	b := newBook()
	b.read(all, booked("2", "-9", "2026-03-10", "SHOP"))
	first := only(t, b.read(all, pending("1", "-5", "2026-03-10", "CAFE"), booked("2", "-9", "2026-03-10", "SHOP")).Added)
	requireNothing(t, b.read(ledger.Window{}), 0)
	requireNothing(t, b.read(ledger.Window{From: "2026-03-11"}), 0)
	requireNothing(t, b.read(ledger.Window{From: "2026-03-01", To: "2026-03-09"}), 0)
	gone := only(t, b.read(ledger.Window{From: "2026-03-10"}).Removed)
	require.Equal(t, first.ID, gone.ID)
	require.True(t, gone.Removed)
	require.True(t, gone.UpdatedAt.After(first.UpdatedAt))
	require.Equal(t, ledger.Booked, only(t, b.live()).Status)
	requireNothing(t, b.read(all), 0)
}

func TestReconcile_a_removed_id_never_returns(t *testing.T) {
	t.Parallel()
	for name, back := range map[string]ledger.Row{
		"as_it_was":     pending("1", "-5", "2026-03-10", "CAFE"),
		"as_booked":     booked("2", "-5", "2026-03-12", "CAFE"),
		"under_its_id":  booked("1", "-6", "2026-03-12", "CB CAFE"),
		"without_an_id": pending("", "-5", "2026-03-10", "CAFE"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBook()
			first := only(t, b.read(all, pending("1", "-5", "2026-03-10", "CAFE")).Added)
			only(t, b.read(all).Removed)
			again := only(t, b.read(all, back).Added)
			require.NotEqual(t, first.ID, again.ID)
			require.Equal(t, []ledger.Link{{Type: ledger.Supersedes, TransactionID: first.ID, Confidence: 1}}, again.Links)
			if again.Fingerprint == first.Fingerprint {
				require.NotEqual(t, first.Occurrence, again.Occurrence)
			}
			requireNothing(t, b.read(all, back), 1)
		})
	}
}

func TestReconcile_two_that_return_supersede_one_each(t *testing.T) {
	t.Parallel()
	b := newBook()
	coffee := pending("", "-5", "2026-03-10", "CAFE")
	b.read(all, coffee, coffee)
	for range 2 {
		removed := b.read(all).Removed
		added := b.read(all, coffee, coffee).Added
		require.Len(t, added, 2)
		require.ElementsMatch(t, []ident.Transaction{removed[0].ID, removed[1].ID},
			[]ident.Transaction{added[0].Links[0].TransactionID, added[1].Links[0].TransactionID})
	}
	b.read(all, coffee)
	last := b.read(all, coffee, coffee, coffee).Added
	require.Len(t, last, 2)
	require.Len(t, append(last[0].Links, last[1].Links...), 1, "one was removed once: only one can have come back")
}
