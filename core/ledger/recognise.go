package ledger

import (
	"slices"
	"strings"
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

func (r *reconciliation) pairGroup(entries []*entry, candidates []*candidate) {
	sameStatus := func(e *entry, c *candidate) bool { return e.before.Status == c.Status }
	sameID := func(e *entry, c *candidate) bool { return c.id != "" && e.before.BankID == c.id }
	forward := func(e *entry, c *candidate) bool { return !regresses(e.before, c) }
	r.pairIdentical(entries, candidates)
	entries, candidates = unpaired(entries), free(candidates)
	if len(entries)*len(candidates) <= largestMatching {
		for _, e := range entries {
			r.pairUnchanged(e, candidates, map[*candidate]bool{})
		}
	}
	for _, fits := range []func(*entry, *candidate) bool{
		func(e *entry, c *candidate) bool { return sameStatus(e, c) && sameID(e, c) },
		sameStatus,
		func(e *entry, c *candidate) bool { return forward(e, c) && sameID(e, c) },
		forward,
		func(*entry, *candidate) bool { return true },
	} {
		pairFirst(entries, candidates, fits)
	}
}

// largestMatching bounds the pairs that pairUnchanged looks at: above it, some
// hundred different rows of one amount, day and label, a bank tells nonsense.
const largestMatching = 100_000

// pairIdentical pairs what is the same to the last detail, which needs no search.
func (r *reconciliation) pairIdentical(entries []*entry, candidates []*candidate) {
	waiting := map[string][]*candidate{}
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
func (r *reconciliation) pairUnchanged(e *entry, candidates []*candidate, seen map[*candidate]bool) bool {
	var fitting []*candidate
	for _, c := range candidates {
		if seen[c] || e.before.Status != c.Status || !r.unchanged(e, c) {
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
		if r.pairUnchanged(c.match, candidates, seen) {
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

// byBankID pairs what is left by the bank's id, where the content agrees. An
// answer in which an id moved from one known movement to another numbers by
// position, or uses ids again: then none of its ids is believed.
func (r *reconciliation) byBankID(agree func(Transaction, *candidate) bool) {
	if r.idsMoved() {
		return
	}
	left := map[string][]*entry{}
	for _, e := range r.live {
		if e.match == nil && e.before.BankID != "" {
			left[e.before.BankID] = append(left[e.before.BankID], e)
		}
	}
	for _, c := range r.rows {
		if found := left[c.id]; c.match == nil && c.id != "" && len(found) == 1 && found[0].match == nil && agree(found[0].before, c) {
			pair(found[0], c)
		}
	}
}

func (r *reconciliation) idsMoved() bool {
	told := map[string]bool{}
	for _, c := range r.rows {
		told[strings.TrimSpace(c.BankID)] = true
	}
	for _, e := range r.live {
		if e.match != nil && e.before.BankID != "" && e.match.id != "" && e.before.BankID != e.match.id && told[e.before.BankID] {
			return true
		}
	}
	return false
}

// believable says whether a row with a known id can be that movement: the same
// direction, within 10 days, and the same amount unless it was pending (a tip,
// a fuel authorisation). Without the amount the label has to speak for it. A
// booked movement moves to another day only when its old day was looked at, and
// never becomes pending again.
func (r *reconciliation) believable(t Transaction, c *candidate) bool {
	if t.Amount.Currency() != c.Amount.Currency() || !within10(t, c) || (t.Amount.Sign() != c.Amount.Sign() && t.Amount.Sign() != 0) {
		return false
	}
	sameAmount, sameDay := t.Amount.Equal(c.Amount), accountingDay(rowOf(t)) == accountingDay(c.Row)
	if t.Status == Pending {
		return sameAmount || alike(t.RawLabel, c.Label)
	}
	moved := r.Covered.Covers(t.EffectiveDate) && alike(t.RawLabel, c.Label)
	return c.Status != Pending && sameAmount && (sameDay || moved)
}

// certain asks for more than believable: amount and label both.
func (r *reconciliation) certain(t Transaction, c *candidate) bool {
	return r.believable(t, c) && t.Amount.Equal(c.Amount) && alike(t.RawLabel, c.Label)
}

func within10(t Transaction, c *candidate) bool { return near(t, c.Row, reachByID) }

// near compares the dates that two tellings share, else their first ones; days
// that are not known do not stand in the way.
func near(t Transaction, row Row, days int) bool {
	distance, known := EffectiveDay(rowOf(t), t.EffectiveDate).DaysTo(EffectiveDay(row, ""))
	return !known || (distance <= days && distance >= -days)
}

// alike labels share a word that tells something.
func alike(a, b string) bool {
	if essence(a) == essence(b) {
		return true
	}
	words := map[string]bool{}
	for _, word := range strings.Fields(strings.ToLower(a)) {
		words[essence(word)] = true
	}
	for _, word := range strings.Fields(strings.ToLower(b)) {
		if word = essence(word); words[word] && tells(word) {
			return true
		}
	}
	return false
}

// tells is false for numbers and for what banks write on every row.
func tells(word string) bool {
	return len(word) >= 3 && strings.Trim(word, "0123456789") != "" && !common[word]
}

var common = map[string]bool{
	"carte": true, "card": true, "paiement": true, "payment": true, "achat": true, "purchase": true, "prlv": true, "sepa": true, "virement": true,
	"vir": true, "inst": true, "transfer": true, "debit": true, "credit": true, "from": true, "the": true, "des": true, "les": true, "sur": true,
	"pour": true, "facture": true, "retrait": true, "paris": true, "london": true, "france": true,
}
