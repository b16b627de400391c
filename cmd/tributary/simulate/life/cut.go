package life

import (
	"slices"
	"time"
)

// Cut is the same life with one account alone, as far as a visit, and of its
// movements only those that are kept: for looking at what went wrong.
func (l *Life) Cut(account, visit int, keep func(*Movement) bool) *Life {
	short := *l
	short.Short = l.Short || visit+1 < len(l.Visits)
	short.Visits = l.Visits[:visit+1]
	short.Accounts = nil
	for _, a := range l.Accounts {
		if a.Serial == account {
			alone := *a
			alone.Movements = slices.DeleteFunc(slices.Clone(a.Movements), func(m *Movement) bool { return !keep(m) })
			short.Accounts = []*Account{&alone}
		}
	}
	return &short
}

// Around keeps the movements that are told first within some days before a visit.
func (l *Life) Around(visit, days int) func(*Movement) bool {
	end := l.Visits[visit].At
	return func(m *Movement) bool {
		return !m.Happened().After(end) && m.Happened().After(end.Add(-time.Duration(days)*dayLong))
	}
}
