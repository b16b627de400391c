package life

import (
	"fmt"
	"time"
)

// Channels of the simulated bank.
const (
	Redirect = "simulated-redirect"
	Embedded = "simulated-embedded"
)

// Account is one real account.
type Account struct {
	Serial   int
	Type     string
	Currency string
	// Number is the end of the masked number, IBAN is empty where there is none.
	Number, IBAN string
	Holder       string
	Opening      int64
	Opened       time.Time
	// Closed is zero for an account that stays open.
	Closed time.Time
	// Shown are the channels that show it; REDIRECT does until the visit Withdrawn.
	Shown     []string
	Withdrawn int
	Faces     []Face
	Movements []*Movement
}

// Face is how an account looks from an instant on.
type Face struct {
	From       time.Time
	Name, IBAN string
}

func (a *Account) face(t time.Time) Face {
	found := a.Faces[0]
	for _, f := range a.Faces {
		if !f.From.After(t) {
			found = f
		}
	}
	return found
}

// Balance is what is booked on the account at an instant.
func (a *Account) Balance(t time.Time) int64 { return a.sum(t, Booked) }

// Expected counts what is pending too.
func (a *Account) Expected(t time.Time) int64 { return a.sum(t, Booked, Pending) }

func (a *Account) sum(t time.Time, statuses ...Status) int64 {
	sum := a.Opening
	for _, m := range a.Movements {
		at := m.At(t)
		for _, status := range statuses {
			if at >= 0 && m.Stages[at].Status == status {
				sum += m.Stages[at].Cents
			}
		}
	}
	return sum
}

var accountTypes = []struct {
	kind   string
	iban   bool
	weight int
}{{"CHECKINGS", true, 50}, {"SAVINGS", false, 25}, {"CREDIT_CARD", false, 15}, {"LOAN", false, 10}}

// newAccount makes the account with a serial number; the first is always one
// for payments.
func (l *Life) newAccount(serial int) *Account {
	d := newDraw(l.Seed, 1, uint64(serial)) //nolint:gosec // small and positive
	kind := accountTypes[0]
	if serial > 0 {
		kind = weighted(d, accountTypes, func(k struct {
			kind   string
			iban   bool
			weight int
		}) int {
			return k.weight
		})
	}
	a := &Account{
		Serial: serial, Type: kind.kind, Currency: "EUR", Number: fmt.Sprintf("%04d", 1000+serial*1111+d.IntN(1000)), Holder: "Ann Example",
		Opening: int64(d.between(-200_000, 500_000)), Opened: l.Start.AddDate(0, 0, -l.Habits.History-5), Shown: []string{l.Channels[0]}, Withdrawn: -1,
	}
	if kind.iban {
		a.IBAN = fmt.Sprintf("FR76%014d%05d%s", 30_000_000_000_000+int64(d.IntN(1e9)), d.IntN(1e5), a.Number)
	}
	if serial > 0 && d.chance(80) {
		a.Currency = "USD"
	}
	l.show(a, d)
	l.dress(a, d)
	return a
}

// show decides which channels show an account: payment accounts both, others
// the web site alone.
func (l *Life) show(a *Account, d draw) {
	if len(l.Channels) < 2 {
		return
	}
	if a.IBAN == "" {
		a.Shown = []string{Embedded}
		return
	}
	a.Shown = []string{Redirect, Embedded}
	if d.chance(300) { // the user takes the account out of the consent
		a.Withdrawn = d.between(20, max(21, len(l.Visits)-20))
	}
}

// dress decides about names, notations, and the days an account opens and closes.
func (l *Life) dress(a *Account, d draw) {
	a.Faces = []Face{{From: a.Opened, Name: "Account " + a.Number, IBAN: a.IBAN}}
	somewhere := func() time.Time { return l.Start.AddDate(0, 0, d.IntN(l.Days)) }
	if d.chance(300) {
		a.Faces = append(a.Faces, Face{From: somewhere(), Name: "Renamed " + a.Number, IBAN: a.IBAN})
	}
	if a.IBAN != "" && d.chance(300) {
		a.Faces = append(a.Faces, Face{From: a.Faces[len(a.Faces)-1].From.Add(l.days(3, 60)), Name: a.Faces[len(a.Faces)-1].Name, IBAN: spaced(a.IBAN)})
	}
	switch {
	case a.Serial > 0 && d.chance(150):
		a.Opened = somewhere()
	case a.Serial > 0 && d.chance(120):
		a.Closed = somewhere().AddDate(0, 0, 40)
	}
}

func (l *Life) days(from, to int) time.Duration {
	return time.Duration(newDraw(l.Seed, 9).between(from, to)) * 24 * time.Hour
}

func spaced(iban string) string {
	out := ""
	for i, r := range iban {
		if i > 0 && i%4 == 0 {
			out += " "
		}
		out += string(r)
	}
	return out
}
