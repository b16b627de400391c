package life

import "time"

// Life is one user's accounts at one bank, over some days.
type Life struct {
	Seed     uint64
	Days     int
	Start    time.Time
	Habits   Habits
	Channels []string
	Accounts []*Account
	Visits   []Visit
	// Move is the visit in which the accounts move to another connection, -1 for
	// none; Onward is its channel, where that is another one.
	Move   int
	Onward string
	// Short says that the visits end before the life does: nothing is told then
	// for good.
	Short bool
}

// Size bounds a life.
type Size struct {
	Accounts, Days int
	// Settled leaves out that accounts move.
	Settled bool
	// Only plays these families; empty plays all.
	Only []string
}

// New makes up a life; the same seed and size make the same one.
func New(seed uint64, size Size) *Life {
	d := newDraw(seed, 0)
	l := &Life{
		Seed: seed, Days: size.Days, Habits: newHabits(d),
		Start: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, d.IntN(365)),
	}
	l.Channels = pick(d, []string{Redirect}, []string{Embedded}, []string{Embedded}, []string{Redirect, Embedded})
	l.Habits.Unsure = l.Habits.Accounts == Kept && newDraw(seed, 14).chance(400)
	l.Habits.Located = newDraw(seed, 15).chance(600)
	l.plan()
	for serial := range size.Accounts {
		l.Accounts = append(l.Accounts, l.newAccount(serial))
	}
	l.arrange()
	if l.Move = -1; !size.Settled {
		l.move()
	}
	for _, a := range l.Accounts {
		l.happen(a, size.Only)
	}
	l.number()
	l.stumble()
	return l
}

// number gives movements the bank's own numbers; a bank that reuses them gives
// the next new row that of a pending one that vanished.
func (l *Life) number() {
	for _, a := range l.Accounts {
		d := newDraw(l.Seed, 4, uint64(a.Serial)) //nolint:gosec // small and positive
		var free []freed
		for _, m := range a.Movements {
			m.number = digits(d, 10)
			for i, f := range free {
				if f.from.Before(m.Happened()) && l.Habits.IDs == Reused {
					m.number, free = f.number, append(free[:i:i], free[i+1:]...)
					break
				}
			}
			if last := m.Stages[len(m.Stages)-1]; last.Absent {
				free = append(free, freed{last.From, m.number})
			}
		}
	}
}

type freed struct {
	from   time.Time
	number string
}

func digits(d draw, n int) string {
	out := make([]byte, n)
	for i := range out {
		out[i] = "0123456789"[d.IntN(10)]
	}
	return string(out)
}

// Rows counts the movements of all accounts.
func (l *Life) Rows() (rows, doubtful int) {
	for _, a := range l.Accounts {
		for _, m := range a.Movements {
			rows++
			if m.Doubtful {
				doubtful++
			}
		}
	}
	return rows, doubtful
}
