package life

import "slices"

// Wish is what a user wants of a transaction, by our ids: one of these.
type Wish struct {
	Transaction string
	Category    string
	Label       string
	Hide        bool
	// Into is the transaction that it is the same movement as. With Back that was
	// said before, and is taken back.
	Into string
	Back bool
	// Apart is a transaction that it is not the same movement as.
	Apart string
}

// names are the transactions that a wish is about.
func (w Wish) names() []string {
	return slices.DeleteFunc([]string{w.Transaction, w.Into, w.Apart}, func(id string) bool { return id == "" })
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

// Choices are what a user may have second thoughts about after a visit.
type Choices struct {
	// Merged are merges that can be taken back, Offered pairs that are offered as
	// one movement, Mistakes pairs that a user may take for one.
	Merged, Offered, Mistakes []Wish
}

// Regrets draws what a user does besides: takes a merge back, says of two that
// they are not one, or that two are one which are not. done is what the user
// does already, to which nothing is added.
func (l *Life) Regrets(visit, account int, of Choices, done []Wish) (wishes []Wish) {
	d, used := newDraw(l.Seed, 16, uint64(visit), uint64(account)), map[string]bool{} //nolint:gosec // small and positive
	want := func(w Wish) {
		if slices.ContainsFunc(w.names(), func(id string) bool { return used[id] }) {
			return
		}
		for _, id := range w.names() {
			used[id] = true
		}
		wishes = append(wishes, w)
	}
	for _, w := range done {
		want(w)
	}
	wishes = nil
	for _, w := range of.Merged {
		if d.chance(80) {
			want(w)
		}
	}
	for _, w := range of.Offered {
		if d.chance(200) {
			want(w)
		}
	}
	if len(of.Mistakes) > 0 && d.chance(25) {
		want(pick(d, of.Mistakes...))
	}
	return wishes
}
