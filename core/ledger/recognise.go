package ledger

import "slices"

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
	r.pairAlike(entries, once)
	r.pairAlike(unpaired(entries), free(candidates)) // what is told again takes no other's place
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
