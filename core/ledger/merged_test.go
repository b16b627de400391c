package ledger_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/ledger"
)

// movedTo is a book whose rows were joined with what is read elsewhere.
func (b *book) movedTo(t require.TestingT, rows ...ledger.Row) {
	arrived := newBook()
	arrived.made = 5000
	arrived.read(all, rows...)
	changes := ledger.Migrate(b.all(), arrived.all(), ledger.Reading{
		Account: ledger.Account{ID: "acc_1"}, Now: noon, Today: "2026-03-12", Describe: func(row ledger.Row) ledger.Description { return ledger.Description{Label: row.Label} },
	})
	require.Len(t, changes.Store(), len(b.rows)+len(arrived.rows))
	b.keep(changes.Store()...)
}

func (b *book) merge(t require.TestingT, from, into ident.Transaction) {
	one, other := b.rows[from], b.rows[into]
	_, err := ledger.Merge(&one, &other, noon)
	require.NoError(t, err)
	b.keep(one, other)
}

// What was joined when an account moved stands for nothing any more: the bank
// tells one row. Found by playing whole lives: it took the place of the row that
// was shown, which then vanished or changed its id.
func TestJoined_row_takes_nothing_from_the_one_that_is_shown(t *testing.T) {
	t.Parallel()
	for name, now := range map[string]ledger.Row{
		"the same":                      pending("1", "-5", "2026-03-10", "CAFE"),
		"the same under another number": pending("7", "-5", "2026-03-10", "CAFE"),
		"booked":                        booked("8", "-5", "2026-03-12", "CAFE"),
		"booked under its number":       booked("1", "-5", "2026-03-12", "CAFE"),
		"booked with a tip":             booked("1", "-6", "2026-03-12", "CAFE"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBook()
			shown := only(t, b.read(all, pending("3", "-5", "2026-03-10", "CAFE")).Added)
			b.movedTo(t, pending("1", "-5", "2026-03-10", "CAFE"))
			changes := b.read(all, now)
			require.Empty(t, changes.Added)
			require.Empty(t, changes.Removed)
			require.Equal(t, shown.ID, only(t, b.live()).ID)
		})
	}
	t.Run("a second purchase alike", func(t *testing.T) {
		t.Parallel()
		b := newBook()
		b.read(all, booked("3", "-5", "2026-03-10", "CAFE"))
		b.movedTo(t, booked("1", "-5", "2026-03-10", "CAFE"))
		added := only(t, b.read(all, booked("1", "-5", "2026-03-10", "CAFE"), booked("2", "-5", "2026-03-10", "CAFE")).Added)
		require.Empty(t, added.Links, "and it is nothing that came back")
		require.Len(t, b.live(), 2)
	})
}

// The bank told one movement twice and its user made one of it; from then on the
// bank tells it once, under a number that changes every day.
func TestMerged_row_takes_nothing_from_the_one_that_is_shown(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ twice, once ledger.Row }{
		"pending":                  {pending("", "-5", "2026-03-10", "CAFE"), pending("2", "-5", "2026-03-10", "CAFE")},
		"booked":                   {pending("", "-5", "2026-03-10", "CAFE"), booked("8", "-5", "2026-03-12", "CAFE")},
		"booked, under its number": {pending("", "-5", "2026-03-10", "CAFE"), booked("2", "-5", "2026-03-12", "CAFE")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for from, into := range map[ident.Transaction]ident.Transaction{"txn_0001": "txn_0002", "txn_0002": "txn_0001"} {
				b := newBook()
				first, second := c.twice, c.twice
				first.BankID, second.BankID = "1", "2"
				b.read(all, first, second)
				b.merge(t, from, into)
				changes := b.read(all, c.once)
				require.Empty(t, changes.Added)
				require.Empty(t, changes.Removed)
				require.Equal(t, into, only(t, b.live()).ID)
			}
		})
	}
}

// The bank corrected the day of a row, and its user made one of the two. A page of
// yesterday tells the old day once more: that is no news.
func TestMerged_row_keeps_the_day_that_was_corrected(t *testing.T) {
	t.Parallel()
	b := newBook()
	b.read(all, booked("", "-5", "2026-03-24", "CAFE"))
	corrected := booked("", "-5", "2026-03-23", "CAFE")
	require.Len(t, candidates(only(t, b.read(all, corrected).Added)), 1)
	b.merge(t, "txn_0001", "txn_0002")
	requireNothing(t, b.read(all, booked("", "-5", "2026-03-24", "CAFE")), 1)
	require.Equal(t, bank.Day("2026-03-23"), only(t, b.live()).BookingDate)
	requireNothing(t, b.read(all, corrected), 1)
}

// Of a row that was merged and whose account moved afterwards, the merge can still
// be taken back: it leads to what the user named, not to what it was joined with.
func TestUnmerge_after_a_move(t *testing.T) {
	t.Parallel()
	b := newBook()
	rows := []ledger.Row{booked("1", "-5", "2026-03-10", "CAFE"), booked("2", "-9", "2026-03-11", "SHOP")}
	b.read(all, rows...)
	b.merge(t, "txn_0001", "txn_0002")
	b.movedTo(t, rows...)
	merged := b.rows["txn_0001"]
	at, is := merged.MergedInto()
	require.True(t, is)
	require.Equal(t, ident.Transaction("txn_0002"), at)
	into := b.rows[at]
	back, _, err := ledger.Unmerge(&merged, &into, "txn_9", noon)
	require.NoError(t, err)
	b.keep(back, merged, into)
	requireNothing(t, b.read(all, rows...), 2)
	require.Len(t, b.live(), 2)
}

// A row that comes back from a merge is still told apart from those that it was.
func TestUnmerge_keeps_what_was_told_apart(t *testing.T) {
	t.Parallel()
	b := newBook()
	b.read(all, booked("1", "-5", "2026-03-10", "A"), booked("2", "-5", "2026-03-10", "B"), booked("3", "-5", "2026-03-10", "C"))
	one, other, third := b.rows["txn_0001"], b.rows["txn_0002"], b.rows["txn_0003"]
	_, err := ledger.TellApart(&one, &other, noon)
	require.NoError(t, err)
	_, err = ledger.Merge(&one, &third, noon)
	require.NoError(t, err)
	back, _, err := ledger.Unmerge(&one, &third, "txn_9", noon)
	require.NoError(t, err)
	for _, id := range []ident.Transaction{other.ID, third.ID} {
		require.True(t, back.Linked(ledger.NotDuplicateOf, id))
	}
	require.Len(t, back.Links, 3)
}

// TestMove_keeps_ids: whatever happens to pending rows after an account moved, those
// that the rules keep without a move keep their ids with one.
func TestMove_keeps_ids(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		b := newBook()
		var before, after []ledger.Row
		for i := range rapid.IntRange(1, 6).Draw(t, "rows") {
			amount, day := fmt.Sprintf("-%d", i+1), dayOf(i)
			before = append(before, pending(fmt.Sprint(i), amount, day, "SHOP "+string(rune('A'+i))))
			row := before[i]
			if rapid.Bool().Draw(t, "booked") {
				row = booked("", amount, day.AddDays(rapid.IntRange(0, 4).Draw(t, "later")), row.Label)
			}
			row.BankID = fmt.Sprint(rapid.IntRange(0, 5).Draw(t, "number"), "/", rapid.IntRange(0, 5).Draw(t, "second"))
			after = append(after, row)
		}
		b.read(all, before...)
		known := map[string]ident.Transaction{}
		for _, row := range b.live() {
			known[row.Amount.Canonical()] = row.ID
		}
		b.movedTo(t, rapid.Permutation(before).Draw(t, "told")...)
		b.read(ledger.Window{From: bank.Day("2026-01-01"), To: "2026-12-31"}, after...)
		require.Len(t, b.live(), len(after))
		for _, row := range b.live() {
			require.Equal(t, known[row.Amount.Canonical()], row.ID)
		}
	})
}

// What was given back under a new id is over under the old one: another purchase
// alike is a row of its own.
func TestUnmerge_ends_the_removed_row_for_good(t *testing.T) {
	t.Parallel()
	b := newBook()
	rows := []ledger.Row{booked("1", "-5", "2026-03-10", "CAFE"), booked("2", "-9", "2026-03-11", "SHOP")}
	b.read(all, rows...)
	b.merge(t, "txn_0001", "txn_0002")
	merged, into := b.rows["txn_0001"], b.rows["txn_0002"]
	back, _, err := ledger.Unmerge(&merged, &into, "txn_9", noon)
	require.NoError(t, err)
	require.Equal(t, ledger.Replaced, merged.Removal)
	b.keep(back, merged, into)
	only(t, b.read(all, append(rows, booked("3", "-5", "2026-03-10", "CAFE"))...).Added)
	require.Len(t, b.live(), 3)
}
