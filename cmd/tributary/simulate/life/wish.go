package life

// Wish is what a user wants of a transaction, by our ids: one of these.
type Wish struct {
	Transaction string
	Category    string
	Label       string
	Hide        bool
	// Into is the transaction that it is the same movement as.
	Into string
}

// Categories that users give.
var Categories = []string{"income.salary", "leisure.outings"}

// Wishes draws what a user does after a visit: nothing, on most days. first are
// the transactions that one can choose from, doubts those that may be another.
func (l *Life) Wishes(visit, account int, rows []string, doubts []Wish) (wishes []Wish) {
	d := newDraw(l.Seed, 8, uint64(visit), uint64(account)) //nolint:gosec // small and positive
	for _, w := range doubts {
		if d.chance(400) {
			wishes = append(wishes, w)
		}
	}
	if len(rows) == 0 || !d.chance(60) {
		return wishes
	}
	w := Wish{Transaction: pick(d, rows...)}
	switch d.IntN(3) {
	case 0:
		w.Hide = true
	case 1:
		w.Label = "Ours " + digits(d, 3)
	default:
		w.Category = pick(d, Categories...)
	}
	return append(wishes, w)
}
