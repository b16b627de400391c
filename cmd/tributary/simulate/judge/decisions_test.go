package judge

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/cmd/tributary/simulate/life"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/ledger"
)

// What must follow from a decision, broken in each way: a judge that did not see
// it would judge nothing.
func TestDecisions_are_held(t *testing.T) {
	t.Parallel()
	link := func(kind ledger.LinkType, to ident.Transaction) ledger.Link {
		return ledger.Link{Type: kind, TransactionID: to}
	}
	wish := life.Wish{Label: "Ours"}
	for name, c := range map[string]struct {
		rows []ledger.Transaction
		want Kind
	}{
		"all_is_well": {rows: []ledger.Transaction{
			{ID: "new", GivenLabel: "Ours", Links: []ledger.Link{link(ledger.Supersedes, "old"), link(ledger.NotDuplicateOf, "other")}}, {ID: "other"},
		}},
		"it_vanished_when_it_was_pending": {rows: []ledger.Transaction{{ID: "new", Removed: true, Links: []ledger.Link{link(ledger.Supersedes, "old")}}}},
		"it_is_not_there":                 {rows: []ledger.Transaction{{ID: "other"}}, want: Missing},
		"it_forgot_its_label":             {rows: []ledger.Transaction{{ID: "new", Links: []ledger.Link{link(ledger.Supersedes, "old")}}}, want: Unfaithful},
		"it_is_offered_again": {rows: []ledger.Transaction{
			{ID: "new", GivenLabel: "Ours", Links: []ledger.Link{link(ledger.Supersedes, "old")}}, {ID: "other", Links: []ledger.Link{link(ledger.DuplicateCandidate, "new")}},
		}, want: Unfaithful},
		"it_is_merged_again": {rows: []ledger.Transaction{
			{ID: "new", Removed: true, Removal: ledger.Merged, Links: []ledger.Link{link(ledger.Supersedes, "old"), link(ledger.DuplicateOf, "other")}},
		}, want: Unfaithful},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBook(&life.Account{})
			b.merges = []merge{{from: "old", into: "other", mistaken: true, memory: &memory{hidden: true, mistaken: true}, wish: wish}}
			(&comparison{book: b}).takeBack("old")
			found, _ := b.compare(nil, c.rows).judge("9999-12-31") // of rows alone nothing is too much
			if c.want == "" {
				require.Empty(t, found)
				return
			}
			found, _ = b.compare(nil, c.rows).judge("")
			kinds := map[Kind]bool{}
			for _, f := range found {
				kinds[f.Kind] = true
			}
			require.True(t, kinds[c.want], "%v", found)
		})
	}
}

// What a user took for another movement counts for nothing when it is booked, also
// where it was gone for a while: no gap is wrong then.
func TestTake_marks_what_was_mistaken(t *testing.T) {
	t.Parallel()
	for name, before := range map[string]int{"pending_before": 0, "vanished_before": -1} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			said := life.Said{Cents: -500, Label: "BAR", Acted: "2026-03-01"}
			pending, booked := said, said
			pending.Status, booked.Status = life.Pending, life.Booked
			movement := &life.Movement{Stages: []life.Stage{{Said: pending}, {Said: booked}}}
			for mistaken, want := range map[bool]bool{true: true, false: false} {
				m := &memory{Movement: movement, stage: before, told: map[int]bool{}, ghosts: map[int]bool{}, hidden: mistaken, mistaken: mistaken}
				require.Equal(t, want, m.take(life.Row{Movement: movement, Stage: 1, Said: booked}, life.Visit{}, "", life.Kept))
			}
		})
	}
}
