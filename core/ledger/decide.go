package ledger

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
)

// Errors of decisions about movements.
var (
	ErrNotMergeable = fault.New(fault.Invalid, "not_mergeable", "These two transactions cannot be one.")
	ErrNotMerged    = fault.New(fault.Conflict, "not_merged", "This transaction is not merged into another one.")
	ErrSameRow      = fault.New(fault.Invalid, "same_transaction", "A transaction cannot be compared with itself.").
			With(fault.At("body", "names the transaction itself"))
	ErrLabel = fault.New(fault.Invalid, "invalid_label", "A label has at most 200 characters, and no control characters.").
			With(fault.At("body.label", "is not acceptable"))
)

// Hide removes a row because its user wants so. What the bank tells of it goes
// on being recognised, so that it stays hidden.
func (t *Transaction) Hide(now time.Time) Revision {
	before := *t
	t.Removed, t.Removal = true, Hidden
	return revise(before, t, now, ByDecision)
}

// Relabel gives the row the user's own label; an empty one gives ours back.
func (t *Transaction) Relabel(label string) error {
	if utf8.RuneCountInString(label) > longestName || !utf8.ValidString(label) || strings.ContainsFunc(label, unicode.IsControl) {
		return ErrLabel
	}
	t.GivenLabel = strings.TrimSpace(label)
	return nil
}

// Changed makes the revision of a change that a person made, or none where
// nothing is different.
func (t *Transaction) Changed(before Transaction, now time.Time) (Revision, bool) {
	if len(differences(before, *t)) == 0 {
		return Revision{}, false
	}
	return revise(before, t, now, ByDecision), true
}

// Merge removes from, because it is the same movement as into. A category or
// label that a person gave to the removed row goes over where the other has
// none. It fails with ErrNotMergeable, naming why.
func Merge(from, into *Transaction, now time.Time) ([]Revision, error) {
	if err := mergeable(*from, *into); err != nil {
		return nil, err
	}
	was, stays := *from, *into
	kind := DuplicateOf
	if from.Status == Pending && into.Status != Pending {
		kind = PendingOf
	}
	from.relink(Link{Type: kind, TransactionID: into.ID, Confidence: 1}, DuplicateCandidate, NotDuplicateOf)
	into.relink(Link{Type: kind, TransactionID: from.ID, Confidence: 1}, DuplicateCandidate, NotDuplicateOf)
	from.Removed, from.Removal = true, Merged
	into.inherit(*from)
	return []Revision{revise(was, from, now, ByDecision), revise(stays, into, now, ByDecision)}, nil
}

func (t *Transaction) inherit(from Transaction) {
	if from.Category.Source == SourceUser && t.Category.Source != SourceUser {
		t.Category = from.Category
	}
	if t.GivenLabel == "" {
		t.GivenLabel = from.GivenLabel
	}
}

func mergeable(from, into Transaction) error {
	for _, rule := range []struct {
		broken bool
		reason string
	}{
		{from.AccountID != into.AccountID, "is a transaction of another account"},
		{from.Amount.Currency() != into.Amount.Currency(), "is in another currency"},
		{from.Amount.Sign() != into.Amount.Sign(), "goes the other way"},
		{from.Status != Pending && into.Status == Pending, "is pending: merge the pending transaction into the booked one"},
	} {
		if rule.broken {
			return ErrNotMergeable.With(fault.At("body.into", rule.reason))
		}
	}
	if from.ID == into.ID {
		return ErrSameRow
	}
	return nil
}

// MergedInto is the row that a merged one was merged into, or joined with.
func (t Transaction) MergedInto() (into ident.Transaction, merged bool) {
	if t.Removal != Merged && t.Removal != Joined {
		return "", false
	}
	for _, l := range t.Links {
		if l.Type == DuplicateOf || l.Type == PendingOf {
			into = l.TransactionID
		}
	}
	return into, into != ""
}

// Unmerge takes a merge back. The removed row stays removed, because its id
// never returns: the answer is a row with a new id that supersedes it. The two
// are remembered as different.
func Unmerge(merged, into *Transaction, id ident.Transaction, now time.Time) (Transaction, []Revision, error) {
	if at, is := merged.MergedInto(); !is || at != into.ID {
		return Transaction{}, nil, ErrNotMerged
	}
	back := *merged
	back.ID, back.Removed, back.Removal, back.Revisions, back.FirstSeenAt, back.UpdatedAt = id, false, "", 0, now, now
	back.Links = append(inherited(*merged), Link{Type: Supersedes, TransactionID: merged.ID, Confidence: 1})
	back.relink(Link{Type: NotDuplicateOf, TransactionID: into.ID, Confidence: 1})
	was, stays := *merged, *into
	merged.Removal = Replaced
	merged.unlink(into.ID, DuplicateOf, PendingOf)
	into.relink(Link{Type: NotDuplicateOf, TransactionID: id, Confidence: 1})
	into.unlink(merged.ID, DuplicateOf, PendingOf)
	return back, []Revision{revise(was, merged, now, ByDecision), revise(stays, into, now, ByDecision)}, nil
}

// TellApart remembers that two rows are different movements.
func TellApart(a, b *Transaction, now time.Time) ([]Revision, error) {
	if a.ID == b.ID {
		return nil, ErrSameRow
	}
	was, other := *a, *b
	a.relink(Link{Type: NotDuplicateOf, TransactionID: b.ID, Confidence: 1}, DuplicateCandidate)
	b.relink(Link{Type: NotDuplicateOf, TransactionID: a.ID, Confidence: 1}, DuplicateCandidate)
	return []Revision{revise(was, a, now, ByDecision), revise(other, b, now, ByDecision)}, nil
}

// Forget takes away what of the rows' doubts leads to a row that is gone, and
// gives the rows that it changed with their revisions.
func Forget(rows []Transaction, gone ident.Transaction, now time.Time) (changed []Transaction, revisions []Revision) {
	for _, t := range rows {
		if t.ID == gone || t.Removed || !t.Linked(DuplicateCandidate, gone) {
			continue
		}
		before := t
		t.unlink(gone, DuplicateCandidate)
		revisions = append(revisions, revise(before, &t, now, ByDecision))
		changed = append(changed, t)
	}
	return changed, revisions
}
