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
	returned := r.superseded()
	for _, c := range r.rows {
		if c.match != nil {
			continue
		}
		e := &entry{after: r.opened(c)}
		if old := r.tombstone(c, returned); old != nil {
			returned[old.before.ID] = true
			e.after.Links = append(e.after.Links, Link{Type: Supersedes, TransactionID: old.before.ID, Confidence: 1})
		}
		e.after.Links = append(e.after.Links, r.doubts(c)...)
		r.fresh = append(r.fresh, e)
		pair(e, c)
	}
}

// superseded are the removed ids whose movement came back before.
func (r *reconciliation) superseded() map[ident.Transaction]bool {
	ids := map[ident.Transaction]bool{}
	for _, entries := range [][]*entry{r.live, r.dead} {
		for _, e := range entries {
			for _, link := range e.before.Links {
				if link.Type == Supersedes {
					ids[link.TransactionID] = true
				}
			}
		}
	}
	return ids
}

// tombstone finds the movement removed last that this row brings back.
func (r *reconciliation) tombstone(c *candidate, returned map[ident.Transaction]bool) *entry {
	var last *entry
	for _, e := range r.dead {
		t := e.before
		same := t.Fingerprint == c.fingerprint || (c.id != "" && t.BankID == c.id && r.believable(t, c)) ||
			(t.Status == Pending && essentials(rowOf(t)) == essentials(c.Row) && becomes(e, c))
		if same && !returned[t.ID] && (last == nil || last.before.UpdatedAt.Before(t.UpdatedAt)) {
			last = e
		}
	}
	return last
}

// doubts links a new row to those that may be the same movement: a pending one
// that nearly fits, or the twin of a row that the bank told twice under one id.
func (r *reconciliation) doubts(c *candidate) []Link {
	var links []Link
	for _, e := range r.live {
		if e.match == nil && e.before.Status == Pending && c.Status != Pending && resembles(e.before, c.Row) {
			links = append(links, Link{Type: DuplicateCandidate, TransactionID: e.before.ID, Confidence: likeness(e.before, c.Row)})
		}
	}
	for _, twin := range r.rows {
		if twin != c && twin.match != nil && twin.id == "" && twin.BankID != "" && twin.content == c.content {
			links = append(links, Link{Type: DuplicateCandidate, TransactionID: twin.match.after.ID, Confidence: 0.5})
			break
		}
	}
	return links
}

func resembles(t Transaction, row Row) bool {
	return t.Amount.Currency() == row.Amount.Currency() && t.Amount.Sign() == row.Amount.Sign() && near(t, row, reachByContent) &&
		(t.Amount.Equal(row.Amount) || alike(t.RawLabel, row.Label))
}

func likeness(t Transaction, row Row) float64 {
	switch sameAmount, sameLabel := t.Amount.Equal(row.Amount), alike(t.RawLabel, row.Label); {
	case sameAmount && sameLabel:
		return 0.8
	case sameAmount:
		return 0.5
	}
	return 0.4
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
	for _, e := range moved {
		e.after.Occurrence = 0
		for taken[place{e.after.Fingerprint, e.after.Occurrence}] {
			e.after.Occurrence++
		}
		taken[place{e.after.Fingerprint, e.after.Occurrence}] = true
	}
}

func (r *reconciliation) changes() Changes {
	var changes Changes
	for _, e := range append(r.live, r.fresh...) {
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
		case e.match != nil:
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
