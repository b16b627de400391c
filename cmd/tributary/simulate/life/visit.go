package life

import (
	"fmt"
	"time"
)

// Visit is one synchronization, with what goes wrong in it.
type Visit struct {
	At   time.Time
	Kind Kind
	// Present says that the user is there.
	Present bool
	// Consent counts how often the user has signed in anew.
	Consent int
	Fault   Fault
}

// Agreement is the bank's name for what the user last agreed to there.
func (v Visit) Agreement() string { return fmt.Sprint("agreement ", v.Consent) }

// Kind is what a synchronization is for.
type Kind string

// Kinds.
const (
	Everyday  Kind = "every day"
	Reconnect Kind = "reconnect"
	Listing   Kind = "list of accounts"
)

// Fault is what goes wrong in one visit; at most one thing does.
type Fault struct {
	Kind FaultKind
	// Account is the serial number of the account it concerns, where it concerns one.
	Account int
	// Amount says how much: hours that an answer is old, days that it covers.
	Amount int
}

// FaultKind is a way to fail.
type FaultKind string

// Ways to fail.
const (
	NoFault FaultKind = ""
	// Refused is a log-in that fails, Broken a fetch that ends half-way.
	Refused FaultKind = "log-in refused"
	Broken  FaultKind = "broken off half-way"
	// NoBalance and NoRows are calls that fail for one account, NoRows after
	// half of them; Hidden is an account that the bank forgets to list.
	NoBalance FaultKind = "balance call fails"
	NoRows    FaultKind = "rows break off"
	Hidden    FaultKind = "account not listed"
	// Stale is an answer of some hours ago, Short one of fewer days than asked.
	Stale FaultKind = "answer of earlier"
	Short FaultKind = "window shrunk"
	// Repeated is an account of which the answer holds one row twice.
	Repeated FaultKind = "row told twice"
)

var faults = []struct {
	kind   FaultKind
	weight int
}{
	{NoFault, 880}, {Refused, 15}, {Broken, 20}, {NoBalance, 15}, {NoRows, 25}, {Hidden, 8}, {Stale, 30}, {Short, 15}, {Repeated, 8},
}

// renewal is when users sign in anew at the latest: a consent lasts 180 days
// (RTS on SCA, Art. 10a), and what a bank tells afterwards nobody hears.
const renewal = 160 * 24 * time.Hour

// plan decides when the bank is asked.
func (l *Life) plan() {
	d := newDraw(l.Seed, 2)
	hour, consent, outage, agreed := d.between(0, 23), 0, 0, l.Start
	for day := range l.Days {
		if outage--; outage > 0 {
			continue
		}
		if d.chance(6) {
			outage = d.between(4, 12)
		}
		times := weighted(d, []int{0, 1, 2}, func(n int) int { return []int{6, 86, 8}[n] })
		at := l.Start.AddDate(0, 0, day).Add(time.Duration(hour)*time.Hour + d.hours(0, 1))
		for range times {
			v := Visit{At: at, Kind: Everyday, Present: d.chance(200)}
			switch {
			case len(l.Visits) > 0 && d.chance(16):
				v.Kind, v.Present = Reconnect, true
				consent++
			case len(l.Visits) > 0 && d.chance(10):
				v.Kind, v.Present = Listing, true
			}
			v.Consent = consent
			v.Fault = l.fault(d, v)
			if v.Kind != Reconnect && at.Sub(agreed) > renewal {
				consent++
				v.renew(consent)
			}
			if v.Kind == Reconnect && v.Fault.Kind == NoFault {
				agreed = at
			}
			l.Visits = append(l.Visits, v)
			at = at.Add(d.hours(3, 9))
		}
	}
	for i := range 3 { // the end is seen as it is
		end := l.Start.AddDate(0, 0, l.Days).Add(time.Duration(12+24*i) * time.Hour)
		l.Visits = append(l.Visits, Visit{At: end, Kind: Everyday, Consent: consent})
	}
}

// renew makes a visit one in which the user signs in anew, and nothing goes wrong.
func (v *Visit) renew(consent int) {
	v.Kind, v.Present, v.Consent, v.Fault = Reconnect, true, consent, Fault{}
}

// fault draws what goes wrong. The first visit reads all there is, so nothing
// does; a shrunk window must not follow days of which nothing was read, or rows
// would never be told.
func (l *Life) fault(d draw, v Visit) Fault {
	kind := weighted(d, faults, func(f struct {
		kind   FaultKind
		weight int
	}) int {
		return f.weight
	}).kind
	f := Fault{Kind: kind, Account: d.IntN(4)}
	switch kind {
	case Stale:
		f.Amount = d.between(4, 30)
		if before := len(l.Visits) - 1; before >= 0 && d.chance(700) { // of before the answer before
			f.Amount = int(v.At.Sub(l.Visits[before].At).Hours()) + d.between(1, 30)
		}
	case Short:
		f.Amount = d.between(6, 9)
		for i, before := range l.Visits[max(0, len(l.Visits)-4):] {
			recent := i < 3 || v.At.Sub(before.At) < 3*24*time.Hour
			if before.Fault.Kind != NoFault || before.Kind == Listing || !recent {
				return Fault{}
			}
		}
	case Repeated:
		if !l.Habits.IDs.distinct() {
			return Fault{}
		}
	}
	if len(l.Visits) < 2 || (v.Kind == Listing && kind != Refused && kind != Broken) {
		return Fault{}
	}
	return f
}
