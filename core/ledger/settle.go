package ledger

import (
	"slices"
	"strings"

	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/money"
)

// settle writes what the matched rows tell into their entries.
func (r *reconciliation) settle() {
	for _, e := range r.live {
		if e.match != nil {
			e.after = r.merged(e.before, e.match)
		}
	}
}

// admit makes a new movement of each row that nothing known explains.
func (r *reconciliation) admit() {
	returned, doubtful, twins := r.superseded(), r.doubtful(), map[content]ident.Transaction{}
	graves, shared, hidden := r.graves(), r.shared(), map[content]bool{}
	for _, c := range r.rows {
		if c.match != nil {
			twins[c.content] = c.match.after.ID
			hidden[c.content] = hidden[c.content] || c.match.after.decided()
		}
	}
	for _, c := range r.rows {
		repeated := c.repeats() && !shared[strings.TrimSpace(c.BankID)]
		if c.match != nil || r.waits(c) || (repeated && hidden[c.content]) { // what was hidden stays so when it is told twice
			continue
		}
		e := &entry{after: r.opened(c)}
		if old := r.tombstone(c, graves, returned); old != nil {
			returned[old.before.ID] = true
			e.after.Links = append(inherited(old.before), Link{Type: Supersedes, TransactionID: old.before.ID, Confidence: 1})
		}
		e.after.Links = append(e.after.Links, r.doubts(c, doubtful)...)
		if first := twins[c.content]; repeated && first != "" {
			e.after.Links = append(e.after.Links, Link{Type: DuplicateCandidate, TransactionID: first, Confidence: 0.5})
		} else {
			twins[c.content] = e.after.ID
		}
		e.after.Links = decidedFirst(e.after.Links)
		r.fresh = append(r.fresh, e)
		pair(e, c)
	}
}

// bury removes the pending rows that a covered day does not hold any more.
func (r *reconciliation) bury() {
	for _, e := range r.live {
		if e.match == nil && r.vanishes(e) {
			e.after.Removed, e.after.Removal, e.by = true, Vanished, ByAbsence
		}
	}
}

// decidedFirst leaves out doubts about rows that a person told apart.
func decidedFirst(links []Link) []Link {
	return slices.DeleteFunc(links, func(l Link) bool {
		return l.Type == DuplicateCandidate && slices.ContainsFunc(links, func(other Link) bool {
			return other.Type == NotDuplicateOf && other.TransactionID == l.TransactionID
		})
	})
}

// inherited is what a row that comes back keeps of its old links: what a person
// decided about it.
func inherited(old Transaction) []Link {
	return slices.DeleteFunc(slices.Clone(old.Links), func(l Link) bool { return l.Type != NotDuplicateOf })
}

// number gives new and changed rows the first free occurrence of their
// fingerprint; tombstones keep theirs.
func (r *reconciliation) number() {
	type place struct {
		fingerprint string
		occurrence  int
	}
	taken := map[place]bool{}
	var moved []*entry
	for _, entries := range [][]*entry{r.dead, r.live, r.fresh} {
		for _, e := range entries {
			if e.before.ID != "" && e.before.Fingerprint == e.after.Fingerprint {
				taken[place{e.after.Fingerprint, e.after.Occurrence}] = true
			} else {
				moved = append(moved, e)
			}
		}
	}
	next := map[string]int{}
	for _, e := range moved {
		e.after.Occurrence = next[e.after.Fingerprint]
		for taken[place{e.after.Fingerprint, e.after.Occurrence}] {
			e.after.Occurrence++
		}
		next[e.after.Fingerprint] = e.after.Occurrence + 1
	}
}

func (r *reconciliation) changes() Changes {
	var changes Changes
	for _, e := range append(r.live, r.fresh...) {
		if e.match == nil && !e.after.Removed {
			continue // nothing was told of it
		}
		changes.Booked = append(changes.Booked, bookedBy(e)...)
		switch {
		case e.before.ID == "":
			changes.Added = append(changes.Added, e.after)
		case e.before.Removed: // what it stands for changes unseen
			if !sameToClients(e.before, e.after) || !sameIdentity(e.before, e.after) {
				changes.Renewed = append(changes.Renewed, e.after)
			} else if e.match != nil {
				changes.Unchanged++
			}
		case e.after.Removed:
			changes.Revisions = append(changes.Revisions, r.revision(e))
			changes.Removed = append(changes.Removed, e.after)
		case !sameToClients(e.before, e.after):
			changes.Revisions = append(changes.Revisions, r.revision(e))
			changes.Modified = append(changes.Modified, e.after)
		case !sameIdentity(e.before, e.after):
			changes.Renewed = append(changes.Renewed, e.after)
		default:
			changes.Unchanged++
		}
	}
	return changes
}

func (r *reconciliation) revision(e *entry) Revision {
	revision := revise(e.before, &e.after, r.Now, e.by)
	revision.Synchronization = r.Synchronization
	return revision
}

// bookedBy is what an entry adds to the booked balance.
func bookedBy(e *entry) []money.Amount {
	var amounts []money.Amount
	was, is := e.before.ID != "" && counts(e.before), counts(e.after)
	if was && is && e.before.Amount.Equal(e.after.Amount) {
		return nil
	}
	if was {
		amounts = append(amounts, e.before.Amount.Neg())
	}
	if is {
		amounts = append(amounts, e.after.Amount)
	}
	return amounts
}

// counts reports whether a row is part of the booked balance; what was refunded
// was booked before, and what was merged is told by another row.
func counts(t Transaction) bool {
	return (t.Status == Booked || t.Status == Refunded) && t.Removal != Merged
}
