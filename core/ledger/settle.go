package ledger

import (
	"cmp"
	"slices"
	"strings"

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
	returned, doubtful, twins := r.superseded(), r.doubtful(), map[string]ident.Transaction{}
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

// graves finds tombstones by what a returning row can share with them.
type graves map[string][]*entry

func (r *reconciliation) graves() graves {
	g := graves{}
	for _, e := range r.dead {
		g["print "+e.before.Fingerprint] = append(g["print "+e.before.Fingerprint], e)
		g["id "+e.before.BankID] = append(g["id "+e.before.BankID], e)
		if e.before.Status == Pending {
			g["row "+e.essentials] = append(g["row "+e.essentials], e)
		}
	}
	return g
}

// tombstone finds the movement removed last that this row brings back.
func (r *reconciliation) tombstone(c *candidate, g graves, returned map[ident.Transaction]bool) *entry {
	var last *entry
	latest := func(found []*entry, same func(*entry) bool) {
		for _, e := range found {
			if !returned[e.before.ID] && (last == nil || last.before.UpdatedAt.Before(e.before.UpdatedAt)) && same(e) {
				last = e
			}
		}
	}
	latest(g["print "+c.fingerprint], func(*entry) bool { return true })
	latest(g["row "+c.essentials], func(e *entry) bool { return becomes(e, c) })
	if c.id != "" {
		latest(g["id "+c.id], func(e *entry) bool { return r.believable(e.before, c) })
	}
	return last
}

// mostDoubts bounds the rows that a new one is compared with, mostLinks those it
// is linked to: where hundreds are in doubt, no single one tells anything.
const (
	mostDoubts = 200
	mostLinks  = 5
)

// doubtful are the pending rows that nothing told in this answer explains.
func (r *reconciliation) doubtful() []*entry {
	var found []*entry
	for _, e := range r.live {
		if e.match == nil && e.before.Status == Pending && len(found) < mostDoubts {
			found = append(found, e)
		}
	}
	return found
}

// doubts links a new row to the pending ones that it may have become.
func doubts(c *candidate, doubtful []*entry) []Link {
	var links []Link
	for _, e := range doubtful {
		if c.Status != Pending && resembles(e.before, c.Row) {
			links = append(links, Link{Type: DuplicateCandidate, TransactionID: e.before.ID, Confidence: likeness(e.before, c.Row)})
		}
	}
	slices.SortStableFunc(links, func(a, b Link) int { return cmp.Compare(b.Confidence, a.Confidence) })
	return links[:min(len(links), mostLinks)]
}

// repeats reports whether the bank gave the row's id to another row as well: if
// that one is the same in everything, it may be the same movement told twice.
func (c *candidate) repeats() bool { return c.id == "" && strings.TrimSpace(c.BankID) != "" }

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
