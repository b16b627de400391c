package ledger

import (
	"slices"
	"sort"
)

// asBooked pairs pending rows with the booked ones they became, without the
// help of an id: same amount and label, within 5 days, and nothing else fits.
// Several that differ in nothing but the day are paired in the order of their
// days, as long as there are as many on both sides.
func (r *reconciliation) asBooked() {
	r.becoming(func(c *candidate) bool { return c.match == nil && c.Status != Pending && !c.again })
	if slices.ContainsFunc(r.rows, func(c *candidate) bool { return c.again }) {
		r.becoming(func(c *candidate) bool { return c.match == nil && c.Status != Pending })
	}
}

// becoming pairs pending rows with the booked ones among some candidates: first
// those that are told once, because a booked row told twice is no second booking
// as long as another is there.
func (r *reconciliation) becoming(among func(*candidate) bool) {
	pending, booked := map[string][]*entry{}, map[string][]*candidate{}
	for _, e := range r.live {
		if e.match == nil && e.before.Status == Pending {
			key := essentials(rowOf(e.before))
			pending[key] = append(pending[key], e)
		}
	}
	if len(pending) == 0 {
		return
	}
	for _, c := range r.rows {
		if among(c) {
			key := essentials(c.Row)
			booked[key] = append(booked[key], c)
		}
	}
	for key, entries := range pending {
		if first := leading(entries); !pairInOrder(entries, booked[key]) && !pairInOrder(first, booked[key]) {
			pairAlone(first, booked[key])
			pairAlone(unpaired(entries), free(booked[key]))
		}
	}
}

// essentials are what a pending row and the booked one it becomes share.
func essentials(row Row) string {
	return row.Amount.Canonical() + row.Amount.Currency() + "\x00" + essence(row.Label)
}

func becomes(e *entry, c *candidate) bool { return near(e.before, c.Row, reachByContent) }

func pairInOrder(entries []*entry, candidates []*candidate) bool {
	if len(entries) != len(candidates) {
		return false
	}
	sort.SliceStable(entries, func(i, j int) bool { return entries[i].before.EffectiveDate < entries[j].before.EffectiveDate })
	sort.SliceStable(candidates, func(i, j int) bool {
		return EffectiveDay(candidates[i].Row, "") < EffectiveDay(candidates[j].Row, "")
	})
	for i := range entries {
		if !becomes(entries[i], candidates[i]) {
			return false
		}
	}
	for i := range entries {
		pair(entries[i], candidates[i])
	}
	return true
}

// pairAlone pairs where each is the only one that fits the other; where both name
// their day of purchase, those of one day first.
func pairAlone(entries []*entry, candidates []*candidate) {
	pairOnly(entries, candidates, func(e *entry, c *candidate) bool {
		return c.TransactionDate != "" && c.TransactionDate == e.before.TransactionDate && becomes(e, c)
	})
	pairOnly(unpaired(entries), free(candidates), becomes)
}

func pairOnly(entries []*entry, candidates []*candidate, matches func(*entry, *candidate) bool) {
	fits, rivals := map[*entry][]*candidate{}, map[*candidate]int{}
	for _, e := range entries {
		for _, c := range candidates {
			if matches(e, c) {
				fits[e] = append(fits[e], c)
				rivals[c]++
			}
		}
	}
	for _, e := range entries {
		if found := fits[e]; len(found) == 1 && rivals[found[0]] == 1 {
			pair(e, found[0])
		}
	}
}
