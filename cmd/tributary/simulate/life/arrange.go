package life

import "time"

// arrange decides about the accounts of a life together: how one is told from
// another when the bank's ids change.
func (l *Life) arrange() {
	d := newDraw(l.Seed, 12)
	if d.chance(500) {
		l.unname(d)
	}
	for _, a := range l.Accounts {
		own := newDraw(l.Seed, 13, uint64(a.Serial)) //nolint:gosec // small and positive
		l.show(a, own)
		l.dress(a, own)
	}
	if d.chance(500) {
		l.exchange(d)
	}
	l.share()
	l.list()
}

// share gives a savings account the IBAN of the payment account that it belongs
// to, as some banks do: two fit that, and only number and type tell them apart.
// Not where an account of the first one's kind has nothing to be known by: that is
// found because the other is.
func (l *Life) share() {
	if len(l.Channels) > 1 || !newDraw(l.Seed, 18).chance(900) {
		return
	}
	main := l.Accounts[0]
	if main.Steady {
		return
	}
	for _, a := range l.Accounts[1:] {
		if a.Type == "SAVINGS" && a.Currency == main.Currency && a.Number != "" && a.IBAN == "" {
			a.IBAN = main.IBAN
			for i := range a.Faces {
				a.Faces[i].IBAN = main.IBAN
			}
			return
		}
	}
}

// list has some banks number accounts by their place in the list that they show
// when the user signs in: an id goes to another account once one is gone.
// Only what has a number or an IBAN is known then.
func (l *Life) list() {
	l.Habits.Listed = l.Habits.Accounts == OfConsent && len(l.Channels) == 1 && newDraw(l.Seed, 19).chance(900)
	for _, a := range l.Accounts {
		l.Habits.Listed = l.Habits.Listed && (a.Number != "" || a.IBAN != "")
	}
}

// unname takes number and IBAN from one account that has others of its kind
// beside it: they are known by theirs, so the one left over is known too. Where
// the bank's ids last, from all of them.
func (l *Life) unname(d draw) {
	for _, at := range d.Perm(len(l.Accounts)) {
		group := l.alike(l.Accounts[at])
		if at == 0 || len(group) < 2 {
			continue
		}
		l.Accounts[at].Number, l.Accounts[at].IBAN = "", ""
		for _, a := range group {
			if a.Steady = true; l.Habits.Unsure && a.Serial > 0 {
				a.Number, a.IBAN = "", ""
			}
		}
		return
	}
}

func (l *Life) alike(a *Account) (group []*Account) {
	for _, other := range l.Accounts {
		if other.Type == a.Type && other.Currency == a.Currency {
			group = append(group, other)
		}
	}
	return group
}

// exchange lets an account vanish in the very answer that shows another of its
// kind first, after the user signed in again.
func (l *Life) exchange(d draw) {
	var again []int
	for i, v := range l.Visits {
		if v.Kind == Reconnect && v.Fault.Kind == NoFault && v.At.After(l.Start.AddDate(0, 0, 60)) {
			again = append(again, i)
		}
	}
	if len(again) == 0 {
		return
	}
	at := pick(d, again...)
	for _, goes := range l.Accounts[1:] {
		for _, comes := range l.alike(goes) {
			if goes == comes || comes.Serial == 0 || goes.Steady || !goes.Closed.IsZero() || goes.Opened.After(l.Start) || comes.Opened.After(l.Start) || !comes.Closed.IsZero() {
				continue
			}
			goes.Gone, comes.Opened = at, l.Visits[at].At.Add(-30*time.Minute)
			comes.Faces = comes.Faces[:1]
			comes.Faces[0].From = comes.Opened
			return
		}
	}
}
