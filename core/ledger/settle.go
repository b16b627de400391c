package ledger

import (
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/money"
)

// Types of link.
const (
	// Supersedes leads from a row that came back to the id that was removed.
	Supersedes = "supersedes"
	// DuplicateCandidate leads to a row that may be the same movement.
	DuplicateCandidate = "duplicate_candidate"
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
	graves := r.graves()
	for _, c := range r.rows {
		if c.match != nil {
			twins[c.content] = c.match.after.ID
		}
	}
	for _, c := range r.rows {
		if c.match != nil {
			continue
		}
		e := &entry{after: r.opened(c)}
		if old := r.tombstone(c, graves, returned); old != nil {
			returned[old.before.ID] = true
			e.after.Links = append(e.after.Links, Link{Type: Supersedes, TransactionID: old.before.ID, Confidence: 1})
		}
		e.after.Links = append(e.after.Links, doubts(c, doubtful)...)
		if first := twins[c.content]; c.repeats() && first != "" {
			e.after.Links = append(e.after.Links, Link{Type: DuplicateCandidate, TransactionID: first, Confidence: 0.5})
		} else {
			twins[c.content] = e.after.ID
		}
		r.fresh = append(r.fresh, e)
		pair(e, c)
	}
}

// bury removes the pending rows that a covered day does not hold any more.
func (r *reconciliation) bury() {
	for _, e := range r.live {
		if e.match == nil && r.vanishes(e) {
			e.after.Removed = true
		}
	}
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
		case e.after.Removed:
			e.after.UpdatedAt = r.Now
			changes.Removed = append(changes.Removed, e.after)
		case !sameToClients(e.before, e.after):
			e.after.UpdatedAt = r.Now
			changes.Modified = append(changes.Modified, e.after)
		case !sameIdentity(e.before, e.after):
			changes.Renewed = append(changes.Renewed, e.after)
		default:
			changes.Unchanged++
		}
	}
	return changes
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
// was booked before.
func counts(t Transaction) bool { return t.Status == Booked || t.Status == Refunded }
