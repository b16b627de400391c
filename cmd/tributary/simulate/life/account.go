package life

import (
	"fmt"
	"slices"
	"strings"
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
	// Gone is the visit from which no channel lists it any more, without a word; -1 for never.
	Gone int
	// Steady accounts are listed in every answer, from the first to the last: one
	// of their kind has neither number nor IBAN, and only the others tell it apart.
	Steady    bool
	Faces     []Face
	Movements []*Movement
}

// Face is how an account looks from an instant on.
type Face struct {
	From               time.Time
	Name, IBAN, Number string
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

type accountType struct {
	name   string
	iban   bool
	weight int
}

var accountTypes = []accountType{{"CHECKINGS", true, 50}, {"SAVINGS", false, 25}, {"CREDIT_CARD", false, 15}, {"LOAN", false, 10}}

// newAccount makes the account with a serial number; the first is always one
// for payments.
func (l *Life) newAccount(serial int) *Account {
	d := newDraw(l.Seed, 1, uint64(serial)) //nolint:gosec // small and positive
	kind := l.kind(serial, d)
	a := &Account{
		Serial: serial, Type: kind.name, Currency: "EUR", Number: fmt.Sprintf("%04d", 1000+serial*1111+d.IntN(1000)), Holder: "Ann Example",
		Opening: int64(d.between(-200_000, 500_000)), Opened: l.Start.AddDate(0, 0, -l.Habits.History-5), Shown: []string{l.Channels[0]},
		Withdrawn: -1, Gone: -1,
	}
	if kind.iban {
		a.IBAN = fmt.Sprintf("FR76%014d%05d%s", 30_000_000_000_000+int64(d.IntN(1e9)), d.IntN(1e5), a.Number)
	}
	if serial > 0 && d.chance(150) {
		a.Currency = "USD"
	}
	if before := l.pocketOf(a); before != nil && d.chance(500) { // one number, two currencies
		a.Number, a.IBAN = before.Number, before.IBAN
	}
	return a
}

// kind draws the type of an account; some users have several of one type.
func (l *Life) kind(serial int, d draw) accountType {
	weight := func(k accountType) int { return k.weight }
	if serial == 0 {
		return accountTypes[0]
	}
	if same := newDraw(l.Seed, 10); same.chance(400) {
		return weighted(same, accountTypes, weight)
	}
	return weighted(d, accountTypes, weight)
}

// pocketOf is an account before this one of the same type in another currency,
// that shares its number with none yet.
func (l *Life) pocketOf(a *Account) *Account {
	for _, other := range l.Accounts {
		shares := func(third *Account) bool { return third != other && third.Number == other.Number }
		if other.Type == a.Type && other.Currency != a.Currency && !slices.ContainsFunc(l.Accounts, shares) {
			return other
		}
	}
	return nil
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
	last := Face{From: a.Opened, Name: fmt.Sprintf("Account %d", a.Serial), IBAN: a.IBAN, Number: a.masked(l.Habits)}
	a.Faces = []Face{last}
	put := func(f Face) { last, a.Faces = f, append(a.Faces, f) }
	somewhere := func() time.Time { return l.Start.AddDate(0, 0, d.IntN(l.Days)) }
	if d.chance(300) {
		last.From, last.Name = somewhere(), fmt.Sprintf("Renamed %d", a.Serial)
		put(last)
	}
	if a.IBAN != "" && d.chance(300) {
		last.From, last.IBAN = last.From.Add(l.days(3, 60)), spaced(a.IBAN)
		put(last)
	}
	if l.Habits.Accounts == Kept && !l.Habits.Unsure && len(l.Channels) == 1 && !a.Steady && d.chance(500) { // the bank renumbers, under a stable id
		last.From = last.From.Add(l.days(5, 90))
		last.Number = renumbered(last.Number, 3)
		last.IBAN = renumbered(last.IBAN, 3)
		put(last)
	}
	switch {
	case a.Steady:
	case a.Serial > 0 && d.chance(150):
		a.Opened = somewhere()
	case a.Serial > 0 && d.chance(300):
		a.Closed = somewhere().AddDate(0, 0, 40)
	}
}

// masked is the number as the bank tells it: where there is an IBAN, not always.
func (a *Account) masked(h Habits) string {
	if a.Number == "" || (a.IBAN != "" && h.IBANOnly) {
		return ""
	}
	return "XXXX XXXX " + a.Number
}

// renumbered is another number of the same form.
func renumbered(number string, by rune) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return '0' + (r-'0'+by)%10
		}
		return r
	}, number)
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
