package ledger

import (
	"maps"
	"slices"

	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
)

// ErrNotMovable says that two accounts cannot be one.
var ErrNotMovable = fault.New(fault.Invalid, "not_migratable", "These two accounts cannot be one.")

// Movable fails with ErrNotMovable where an account cannot be the one that is
// seen elsewhere as to.
func (a Account) Movable(to Account) error {
	for _, rule := range []struct {
		broken bool
		reason string
	}{
		{a.ID == to.ID, "is the account itself"},
		{a.UserID != to.UserID, "is an account of another user"},
		{a.Currency != to.Currency, "is in another currency"},
		{!akin(a.Type, to.Type), "is of another type"},
		{!agree(compact(a.IBAN), compact(to.IBAN)), "has another IBAN"},
	} {
		if rule.broken {
			return ErrNotMovable.With(fault.At("body.to", rule.reason))
		}
	}
	return nil
}

// Moved is the account where it is seen now: it keeps its id, the user's name
// for it and since when it is known, and takes over what the bank there tells.
func (a Account) Moved(to Account) Account {
	moved := to
	moved.ID, moved.GivenName, moved.FirstSeenAt, moved.Supersedes = a.ID, a.GivenName, a.FirstSeenAt, a.Supersedes
	if moved.GivenName == "" {
		moved.GivenName = to.GivenName
	}
	switch {
	case a.History == Complete:
		moved.History = Complete
	case to.History == Recent:
		moved.History = Moved
	}
	moved.KnownAs, moved.SharedBy = maps.Clone(to.KnownAs), slices.Clone(to.SharedBy)
	return moved
}

// Migrate joins an account's rows (known) with those that were read of it
// elsewhere under another account (arriving). reading names the account as Moved
// gives it. Rows that are one movement become one, under the id that was known
// first; the others keep their ids. It gives every row of both.
func Migrate(known, arriving []Transaction, reading Reading) Changes {
	shown := slices.DeleteFunc(slices.Clone(arriving), func(t Transaction) bool { return t.Removed })
	reading.Elsewhere, reading.Covered, reading.Rows = true, Window{}, nil
	for _, t := range shown {
		reading.Rows = append(reading.Rows, rowOf(t))
	}
	r := newReconciliation(known, reading)
	r.recognise()
	r.settle()
	r.join(shown)
	var changes Changes
	for _, entries := range [][]*entry{r.live, r.dead, r.fresh} {
		for _, e := range entries {
			r.move(e, &changes)
		}
	}
	for _, t := range arriving {
		if t.Removed {
			r.move(&entry{before: t, after: t}, &changes)
		}
	}
	return changes
}

// join makes entries of the arriving rows: what is known already is merged, the
// rest stands beside it, with a link where that is in doubt.
func (r *reconciliation) join(arriving []Transaction) {
	doubtful := r.doubtful()
	for _, c := range r.rows {
		t := arriving[c.at]
		e := &entry{before: t, after: t, by: ByAmountAndDay}
		if c.match != nil {
			kept := &c.match.after
			kept.inherit(t)
			kept.joins(t.ID)
			e.after.relink(Link{Type: DuplicateOf, TransactionID: kept.ID, Confidence: 1}, DuplicateCandidate)
			e.after.Removed, e.after.Removal = true, Joined
		} else {
			for _, doubt := range r.doubts(c, doubtful) {
				e.after.relink(doubt)
			}
		}
		r.fresh = append(r.fresh, e)
	}
}

// joins links to a row that became part of this one. Where this one was merged
// itself, the link to what it was merged into stays the last.
func (t *Transaction) joins(other ident.Transaction) {
	t.unlink(other, DuplicateOf)
	t.Links = slices.Insert(t.Links, 0, Link{Type: DuplicateOf, TransactionID: other, Confidence: 1})
}

// move puts a row into the account and tells the change.
func (r *reconciliation) move(e *entry, changes *Changes) {
	e.after.AccountID, e.after.ConnectionID = r.Account.ID, r.Account.ConnectionID
	if e.before.Removed {
		changes.Renewed = append(changes.Renewed, e.after)
		return
	}
	changes.Revisions = append(changes.Revisions, r.revision(e))
	if e.after.Removed {
		changes.Removed = append(changes.Removed, e.after)
		return
	}
	changes.Modified = append(changes.Modified, e.after)
}
