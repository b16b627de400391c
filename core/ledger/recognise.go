package ledger

import (
	"slices"

	"github.com/tributary-dev/tributary/core/ident"
)

// byContent pairs rows of equal fingerprints, as many as there are on both
// sides: two identical purchases stay two, and a third is new. Within a group
// it prefers the pair that changes nothing, so that nothing is ever swapped.
func (r *reconciliation) byContent() {
	entries, candidates := map[string][]*entry{}, map[string][]*candidate{}
	for _, e := range r.live {
		entries[e.before.Fingerprint] = append(entries[e.before.Fingerprint], e)
	}
	for _, c := range r.rows {
		candidates[c.fingerprint] = append(candidates[c.fingerprint], c)
	}
	for fingerprint, group := range entries {
		r.pairGroup(group, candidates[fingerprint])
	}
}

// repeated pairs what an answer tells again with rows that nothing else was told
// of. It comes after the bookings: of two purchases alike, of which one was
// booked, the pending one may be told twice.
func (r *reconciliation) repeated() {
	again := map[string][]*candidate{}
	for _, c := range r.rows {
		if c.again && c.match == nil {
			again[c.fingerprint] = append(again[c.fingerprint], c)
		}
	}
	if len(again) == 0 {
		return
	}
	left := map[string][]*entry{}
	for _, e := range unpaired(r.live) {
		left[e.before.Fingerprint] = append(left[e.before.Fingerprint], e)
	}
	for fingerprint, candidates := range again {
		r.pairAlike(left[fingerprint], candidates)
	}
}

// spokenFor reports whether id, amount and label say that a pending row was
// booked as another row than this one, or this one was another pending row: two
// purchases alike, of which one is booked, must not change places.
func (r *reconciliation) spokenFor(e *entry, c *candidate) bool {
	if r.Elsewhere || e.before.Status != Pending || (c.id != "" && c.id == e.before.BankID) {
		return false
	}
	if own := r.told[e.before.BankID]; own != nil && own.Status != Pending && r.certain(e.before, own) {
		return true
	}
	return c.id != "" && c.Status != Pending && only(r.named[c.id], func(named *entry) bool { return r.certain(named.before, c) }) != nil
}

func (r *reconciliation) pairGroup(entries []*entry, candidates []*candidate) {
	switch { // nearly always there is no choice
	case len(candidates) == 0:
		return
	case len(entries) == 1 && len(candidates) == 1:
		if !r.spokenFor(entries[0], candidates[0]) {
			pair(entries[0], candidates[0])
		}
		return
	}
	once := slices.DeleteFunc(slices.Clone(candidates), func(c *candidate) bool { return c.again })
	if len(candidates) < len(entries) {
		r.pairAlike(leading(entries), once)
	}
	r.pairAlike(unpaired(entries), free(once))
}

// leading leaves out the rows that were merged into another one of these: where a
// bank tells fewer than there are, it tells the one that is shown.
func leading(entries []*entry) []*entry {
	there := map[ident.Transaction]bool{}
	for _, e := range entries {
		there[e.before.ID] = true
	}
	return slices.DeleteFunc(slices.Clone(entries), func(e *entry) bool {
		into, merged := e.before.MergedInto()
		return merged && there[into]
	})
}

// cede gives what was told of a merged row to the one that it was merged into,
// where the answer has nothing else for that and the two differ in no more than a
// day: the bank tells the movement under the number of the other. Where that is
// booked, what an old answer tells of the day before it was corrected stays with
// the merged row.
func (r *reconciliation) cede() {
	var shown map[ident.Transaction]*entry
	for _, e := range r.live {
		into, merged := e.before.MergedInto()
		if e.match == nil || !merged {
			continue
		}
		if shown == nil {
			shown = r.unmatched()
		}
		if to, c := shown[into], e.match; to != nil && to.match == nil && !regresses(to.before, c) && !outdated(to, e) &&
			essentials(rowOf(to.before)) == essentials(c.Row) && becomes(to, c) {
			to.by, e.by, e.match = e.by, "", nil
			pair(to, c)
		}
	}
}

// outdated reports whether what was told of a merged row is of its own day, and
// the booked one that it was merged into of another.
func outdated(to, merged *entry) bool {
	day := accountingDay(merged.match.Row)
	return to.before.Status != Pending && day == accountingDay(rowOf(merged.before)) && day != accountingDay(rowOf(to.before))
}

// unmatched are the rows that are shown and that nothing was told of.
func (r *reconciliation) unmatched() map[ident.Transaction]*entry {
	left := map[ident.Transaction]*entry{}
	for _, e := range unpaired(r.live) {
		if !e.before.Removed {
			left[e.before.ID] = e
		}
	}
	return left
}

func (r *reconciliation) pairAlike(entries []*entry, candidates []*candidate) {
	sameStatus := func(e *entry, c *candidate) bool { return e.before.Status == c.Status }
	sameID := func(e *entry, c *candidate) bool { return c.id != "" && e.before.BankID == c.id }
	forward := func(e *entry, c *candidate) bool { return !regresses(e.before, c) }
	r.pairIdentical(entries, candidates)
	entries, candidates = unpaired(entries), free(candidates)
	if len(entries)*len(candidates) <= largestMatching {
		for _, unchanged := range []func(*entry, *candidate) bool{r.unchanged, r.sameUnderID, r.unchangedToClients} {
			open := free(candidates)
			for _, e := range unpaired(entries) {
				r.pairUnchanged(e, open, unchanged, map[*candidate]bool{})
			}
		}
	}
	for _, fits := range []func(*entry, *candidate) bool{
		func(e *entry, c *candidate) bool { return sameStatus(e, c) && sameID(e, c) },
		func(e *entry, c *candidate) bool { return sameStatus(e, c) && !r.spokenFor(e, c) },
		func(e *entry, c *candidate) bool { return forward(e, c) && sameID(e, c) },
		func(e *entry, c *candidate) bool { return forward(e, c) && !r.spokenFor(e, c) },
		func(e *entry, c *candidate) bool { return !r.spokenFor(e, c) },
	} {
		pairFirst(entries, candidates, fits)
	}
}

// largestMatching bounds the pairs that pairUnchanged looks at: above it, some
// hundred different rows of one amount, day and label, a bank tells nonsense.
const largestMatching = 100_000

// pairIdentical pairs what is the same to the last detail, which needs no search.
func (r *reconciliation) pairIdentical(entries []*entry, candidates []*candidate) {
	waiting := map[content][]*candidate{}
	for _, c := range candidates {
		row := c.Row
		row.BankID, row.BalanceAfter = c.id, ""
		key := contentOf(row)
		waiting[key] = append(waiting[key], c)
	}
	for _, e := range entries {
		key := contentOf(rowOf(e.before))
		if found := waiting[key]; len(found) > 0 {
			pair(e, found[0])
			waiting[key] = found[1:]
		}
	}
}

func unpaired(entries []*entry) []*entry {
	var left []*entry
	for _, e := range entries {
		if e.match == nil {
			left = append(left, e)
		}
	}
	return left
}

func free(candidates []*candidate) []*candidate {
	var left []*candidate
	for _, c := range candidates {
		if c.match == nil {
			left = append(left, c)
		}
	}
	return left
}

// pairUnchanged finds e a row that changes nothing of it, and makes room by
// giving other entries other such rows: a maximum matching, entry by entry.
func (r *reconciliation) pairUnchanged(e *entry, candidates []*candidate, unchanged func(*entry, *candidate) bool, seen map[*candidate]bool) bool {
	var fitting []*candidate
	for _, c := range candidates {
		if seen[c] || e.before.Status != c.Status || r.spokenFor(e, c) || !unchanged(e, c) {
			continue
		}
		if c.match == nil {
			pair(e, c)
			return true
		}
		fitting = append(fitting, c)
	}
	for _, c := range fitting {
		seen[c] = true
		if r.pairUnchanged(c.match, candidates, unchanged, seen) {
			pair(e, c)
			return true
		}
	}
	return false
}

func (r *reconciliation) unchanged(e *entry, c *candidate) bool {
	after := r.merged(e.before, c)
	return sameToClients(e.before, after) && sameIdentity(e.before, after)
}

// sameUnderID leaves out the evidence that a plugin keeps.
func (r *reconciliation) sameUnderID(e *entry, c *candidate) bool {
	return c.id != "" && c.id == e.before.BankID && r.unchangedToClients(e, c)
}

// unchangedToClients leaves out how a row is recognised: where a bank numbers by
// position, that changes every day.
func (r *reconciliation) unchangedToClients(e *entry, c *candidate) bool {
	return sameToClients(e.before, r.merged(e.before, c))
}

func pairFirst(entries []*entry, candidates []*candidate, fits func(*entry, *candidate) bool) {
	candidates = free(candidates)
	for _, e := range unpaired(entries) {
		for i, c := range candidates {
			if fits(e, c) {
				pair(e, c)
				candidates = slices.Delete(candidates, i, i+1)
				break
			}
		}
	}
}
