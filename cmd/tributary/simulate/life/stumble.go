package life

// repeated is the row that an answer holds twice: in half of the visits one that
// has another beside it which says the same.
func (b Bank) repeated(rows []Row, visit int) int {
	if newDraw(b.Life.Seed, 20, uint64(visit)).chance(500) { //nolint:gosec // small and positive
		seen := map[Said]bool{}
		for i, row := range rows {
			if seen[row.Said] {
				return i
			}
			seen[row.Said] = true
		}
	}
	return len(rows) / 2
}

// stumble has answers break off where a bank tells a booked row anew and nothing
// ties it to what it was: what could show that it is the same does not come.
func (l *Life) stumble() {
	d := newDraw(l.Seed, 21)
	if !d.chance(400) {
		return
	}
	for _, a := range l.Accounts {
		for _, m := range a.Movements {
			for i := 1; i < len(m.Stages); i++ {
				visit := l.firstAt(m.Stages[i])
				if m.Doubtful && m.Stages[i-1].Status == Booked && l.mayStumble(visit) && d.chance(600) {
					l.Visits[visit].Fault = Fault{Kind: NoRows, Account: a.Serial}
				}
			}
		}
	}
}

// firstAt is the first visit that hears of a stage.
func (l *Life) firstAt(s Stage) int {
	for i, v := range l.Visits {
		if !v.At.Before(s.From) {
			return i
		}
	}
	return len(l.Visits)
}

// mayStumble reports whether nothing else is amiss around a visit, and no shrunk
// window follows, which would leave out what it did not tell.
func (l *Life) mayStumble(visit int) bool {
	if visit < 2 || visit+5 > len(l.Visits)-3 {
		return false
	}
	for i := visit - 1; i < visit+5; i++ {
		if l.Visits[i].Fault.Kind == Short || l.Visits[i].Kind == Moving {
			return false
		}
	}
	return l.quiet(visit) && l.quiet(visit-1)
}
