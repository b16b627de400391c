package ledger_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/ledger"
)

var noon = morning.Add(6 * time.Hour)

func (b *book) keep(rows ...ledger.Transaction) {
	for _, row := range rows {
		b.rows[row.ID] = row
	}
}

func (b *book) hide(id ident.Transaction) {
	row := b.rows[id]
	row.Hide(noon)
	b.keep(row)
}

func TestHide_lasts_whatever_the_bank_tells(t *testing.T) {
	t.Parallel()
	for name, later := range map[string][]ledger.Row{
		"the same again":           {pending("1", "-5", "2026-03-10", "CAFE")},
		"booked under its id":      {booked("1", "-5", "2026-03-12", "CAFE")},
		"booked under another one": {booked("9", "-5", "2026-03-12", "CAFE")},
		"booked with a tip":        {booked("1", "-6", "2026-03-12", "CAFE")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBook()
			row := only(t, b.read(all, pending("1", "-5", "2026-03-10", "CAFE")).Added)
			b.hide(row.ID)
			changes := b.read(all, later...)
			require.Empty(t, changes.Added)
			require.Empty(t, changes.Modified)
			require.Empty(t, changes.Removed)
			require.Empty(t, b.live())
			b.read(all) // the bank drops it, and tells it again
			require.Empty(t, b.read(all, later...).Added)
			require.Empty(t, b.live())
		})
	}
}

func TestMerge_makes_one_of_two_for_ever(t *testing.T) {
	t.Parallel()
	b := newBook()
	rows := []ledger.Row{booked("1", "-5", "2026-03-10", "CAFE"), booked("2", "-5", "2026-03-11", "CAFE PARIS 11")}
	b.read(all, rows...)
	from, into := b.rows["txn_0001"], b.rows["txn_0002"]
	from.Category = ledger.Category{ID: "food.restaurants", Source: ledger.SourceUser, Confidence: 1}
	revisions, err := ledger.Merge(&from, &into, noon)
	require.NoError(t, err)
	b.keep(from, into)
	require.Len(t, revisions, 2)
	require.Equal(t, "food.restaurants", into.Category.ID, "what a person set goes over")
	require.Equal(t, into.ID, only(t, b.live()).ID)
	require.True(t, into.Linked(ledger.DuplicateOf, from.ID))
	at, merged := from.MergedInto()
	require.True(t, merged)
	require.Equal(t, into.ID, at)
	requireNothing(t, b.read(all, rows...), 2)

	back, _, err := ledger.Unmerge(&from, &into, "txn_back", noon)
	require.NoError(t, err)
	b.keep(from, into, back)
	require.True(t, back.Linked(ledger.Supersedes, from.ID), "the old id never returns")
	require.True(t, back.Linked(ledger.NotDuplicateOf, into.ID))
	require.Len(t, b.live(), 2)
	requireNothing(t, b.read(all, rows...), 2)
	_, _, err = ledger.Unmerge(&from, &into, "txn_again", noon)
	require.ErrorIs(t, err, ledger.ErrNotMerged)
}

func TestMerge_of_a_pending_row_says_so(t *testing.T) {
	t.Parallel()
	b := newBook()
	b.read(all, pending("1", "-50", "2026-03-10", "TOTAL"), booked("2", "-43", "2026-03-11", "TOTAL A6"))
	from, into := b.rows["txn_0001"], b.rows["txn_0002"]
	if from.Status != ledger.Pending {
		from, into = into, from
	}
	_, err := ledger.Merge(&from, &into, noon)
	require.NoError(t, err)
	require.True(t, into.Linked(ledger.PendingOf, from.ID))
	require.False(t, into.InDoubt())
}

func TestMerge_refuses_what_cannot_be_one(t *testing.T) {
	t.Parallel()
	row := func(id string, change func(*ledger.Transaction)) *ledger.Transaction {
		t := ledger.Transaction{ID: ident.Transaction(id), AccountID: "acc_1", Status: ledger.Booked, Amount: booked("", "-5", "", "").Amount}
		change(&t)
		return &t
	}
	same := func(*ledger.Transaction) {}
	for name, pair := range map[string][2]*ledger.Transaction{
		"another account":     {row("a", same), row("b", func(t *ledger.Transaction) { t.AccountID = "acc_2" })},
		"another currency":    {row("a", same), row("b", func(t *ledger.Transaction) { t.Amount = rowIn("-5", "USD") })},
		"the other way":       {row("a", same), row("b", func(t *ledger.Transaction) { t.Amount = rowIn("5", "EUR") })},
		"booked into pending": {row("a", same), row("b", func(t *ledger.Transaction) { t.Status = ledger.Pending })},
		"itself":              {row("a", same), row("a", same)},
	} {
		before := [2]ledger.Transaction{*pair[0], *pair[1]}
		_, err := ledger.Merge(pair[0], pair[1], noon)
		require.Equal(t, fault.Invalid, fault.KindOf(err), name)
		require.Equal(t, before, [2]ledger.Transaction{*pair[0], *pair[1]}, name)
	}
}

func TestTellApart_is_remembered_when_a_row_comes_back(t *testing.T) {
	t.Parallel()
	b := newBook()
	doubled := pending("7", "-5", "2026-03-10", "CAFE")
	b.read(all, doubled, doubled)
	a, other := b.rows["txn_0001"], b.rows["txn_0002"]
	require.True(t, other.InDoubt())
	_, err := ledger.TellApart(&other, &a, noon)
	require.NoError(t, err)
	b.keep(a, other)
	require.False(t, other.InDoubt())
	requireNothing(t, b.read(all, doubled, doubled), 2)
	b.read(all, doubled) // one vanishes and comes back under a new id
	back := only(t, b.read(all, doubled, doubled).Added)
	require.False(t, back.InDoubt(), "%v", back.Links)
}

func TestForget_takes_doubts_about_a_row_away(t *testing.T) {
	t.Parallel()
	b := newBook()
	doubled := booked("7", "-5", "2026-03-10", "CAFE")
	b.read(all, doubled, doubled)
	changed, revisions := ledger.Forget(b.all(), "txn_0001", noon)
	require.False(t, only(t, changed).InDoubt())
	require.Len(t, revisions, 1)
}

// TestDecisions_stand_against_any_bank: whatever is hidden, merged and told
// apart between readings, a decision stands, and no id returns.
func TestDecisions_stand_against_any_bank(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		ids := rapid.SampledFrom([]string{"true", "none", "reissued", "session", "constant", "positional"}).Draw(t, "ids")
		e, b := &emulated{ids: ids}, newBook()
		gone, hidden := map[ident.Transaction]bool{}, map[ident.Transaction]bool{}
		for day := range rapid.IntRange(1, 6).Draw(t, "readings") {
			e.today++
			for range rapid.IntRange(0, 4).Draw(t, "events") {
				rapid.SampledFrom([]func(*rapid.T){e.spend, e.spend, e.book, e.drop}).Draw(t, "event")(t)
			}
			rows := e.tell(t)
			b.read(ledger.Window{From: "2026-02-01", To: "2026-04-30"}, rows...)
			decide(t, b, hidden, fmt.Sprint(day))
			requireNothing(t, b.read(ledger.Window{From: "2026-02-01", To: "2026-04-30"}, shuffled(t, rows)...), len(rows))
			for id, row := range b.rows {
				require.False(t, gone[id] && !row.Removed, "%s returned", id)
				require.False(t, hidden[id] && row.Removal != ledger.Hidden, "%s is hidden no more", id)
				gone[id] = gone[id] || row.Removed
			}
		}
	})
}

func decide(t *rapid.T, b *book, hidden map[ident.Transaction]bool, day string) {
	for range rapid.IntRange(0, 2).Draw(t, "decisions") {
		live := b.live()
		if len(live) < 2 {
			return
		}
		picked := rapid.Permutation(sorted(live)).Draw(t, "picked")
		one, two := picked[0], picked[1]
		switch rapid.IntRange(0, 3).Draw(t, "decision") {
		case 0:
			hidden[one.ID] = true
			one.Hide(noon)
			b.keep(one)
		case 1:
			if _, err := ledger.Merge(&one, &two, noon); err == nil {
				b.keep(one, two)
			}
		case 2:
			if _, err := ledger.Merge(&one, &two, noon); err == nil {
				back, _, err := ledger.Unmerge(&one, &two, ident.Transaction("txn_back"+day+string(one.ID)), noon)
				require.NoError(t, err)
				b.keep(one, two, back)
			}
		case 3:
			_, err := ledger.TellApart(&one, &two, noon)
			require.NoError(t, err)
			b.keep(one, two)
		}
	}
}
