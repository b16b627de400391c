package ledger

import "github.com/tributary-dev/tributary/core/bank"

// reachElsewhere is how many days apart two channels date one movement.
const reachElsewhere = 3

// byAmount pairs rows of another channel by what every channel agrees on: the
// exact amount, and the day as good as.
func (r *reconciliation) byAmount() {
	entries, candidates := map[string][]*entry{}, map[string][]*candidate{}
	for _, e := range unpaired(r.live) {
		key := e.before.Amount.Canonical() + e.before.Amount.Currency()
		entries[key] = append(entries[key], e)
	}
	for _, c := range free(r.rows) {
		key := c.Amount.Canonical() + c.Amount.Currency()
		candidates[key] = append(candidates[key], c)
	}
	for key, group := range entries {
		pairDays(group, candidates[key])
		pairNear(unpaired(group), free(candidates[key]))
	}
}

// pairDays pairs what has the same day, where there are as many on both sides.
func pairDays(entries []*entry, candidates []*candidate) {
	known, told := map[bank.Day][]*entry{}, map[bank.Day][]*candidate{}
	for _, e := range entries {
		day := accountingDay(rowOf(e.before))
		known[day] = append(known[day], e)
	}
	for _, c := range candidates {
		day := accountingDay(c.Row)
		told[day] = append(told[day], c)
	}
	for day, group := range known {
		if day == "" || len(group) != len(told[day]) {
			continue
		}
		for i, e := range group {
			pair(e, told[day][i])
		}
	}
}

// pairNear pairs where each is the only one that fits the other.
func pairNear(entries []*entry, candidates []*candidate) {
	pairOnly(entries, candidates, func(e *entry, c *candidate) bool { return near(e.before, c.Row, reachElsewhere) })
}
