package life

import (
	"slices"
	"time"
)

// shop is somebody with whom a user has to do, always in the same words.
type shop struct {
	label, counterparty, code string
	usual                     int64
}

var (
	trades = []string{"BOULANGERIE", "CAFE", "GARAGE", "PHARMACIE", "RESTAURANT", "TABAC", "FLEURISTE", "LIBRAIRIE", "HOTEL", "STATION", "CINEMA", "MARCHE"}
	heads  = []string{"Bel", "Mar", "Dor", "Lan", "Vig", "Tur", "Cas", "Ren", "Pol", "Gri", "Fon", "Sab", "Nor", "Quim", "Ver"}
	tails  = []string{"tin", "mont", "val", "bois", "court", "lac", "roche", "neuf", "dier", "son", "ille", "aud", "pont", "fort"}
	towns  = []string{"PARIS", "LYON", "LILLE", "NANTES", ""}
)

func newShop(d draw) shop {
	name := pick(d, heads...) + pick(d, tails...)
	trade := pick(d, trades...)
	s := shop{label: trade + " " + name, counterparty: name, code: pick(d, "5411", "5812", "5541", "", ""), usual: -int64(d.between(150, 9_000))}
	if town := pick(d, towns...); town != "" {
		s.label += " " + town
	}
	return s
}

// scene is where and when something happens.
type scene struct {
	draw
	habits Habits
	at     time.Time
	shop   shop
	// far is set for movements of the days before anybody looked.
	far bool
}

// today is the bank's day of the scene, or of a later hour.
func (s scene) day(later time.Duration) Day { return dayIn(s.at.Add(later), s.habits.Zone) }

// happen fills an account with movements.
func (l *Life) happen(a *Account, only []string) {
	d := newDraw(l.Seed, 3, uint64(a.Serial)) //nolint:gosec // small and positive
	var shops []shop
	for range d.between(5, 12) {
		shops = append(shops, newShop(d))
	}
	mean := d.between(4, 18) // tenths of a movement a day
	if a.Type == "LOAN" {
		mean = 2
	}
	known := families()
	if len(only) > 0 {
		known = slices.DeleteFunc(known, func(f family) bool { return !slices.Contains(only, f.name) })
	}
	begin, end := a.Opened, l.Start.AddDate(0, 0, l.Days)
	if !a.Closed.IsZero() {
		end = a.Closed.AddDate(0, 0, -35)
	}
	if a.Gone >= 0 {
		end = l.Visits[a.Gone].At.AddDate(0, 0, -35)
	}
	serial := 0
	for day := begin; day.Before(end); day = day.AddDate(0, 0, 1) {
		d := newDraw(l.Seed, 5, uint64(a.Serial), uint64(day.Unix())) //nolint:gosec // positive
		for range d.IntN(2*mean+10) / 10 {
			s := scene{draw: d, habits: l.Habits, at: day.Add(d.hours(0, 23)), shop: pick(d, shops...), far: day.Before(l.Start)}
			chosen := weighted(d, known, func(f family) int { return f.weight })
			for _, m := range chosen.play(s) {
				m.Family = chosen.name
				l.swap(m)
				m.Doubtful = l.doubtful(chosen, m)
				a.Movements = append(a.Movements, m)
			}
		}
	}
	slices.SortStableFunc(a.Movements, func(x, y *Movement) int { return x.Happened().Compare(y.Happened()) })
	for _, m := range a.Movements {
		serial++
		m.Serial = serial
	}
}

// swap puts booking and value date in each other's place.
func (l *Life) swap(m *Movement) {
	for i := range m.Stages {
		if s := &m.Stages[i]; l.Habits.Swaps && s.Booking != "" && s.Value != "" {
			s.Booking, s.Value = s.Value, s.Booking
		}
	}
}

// doubtful finds out whether the feed ties a corrected booked row to what it
// was: by an id that is kept, and not issued anew around that time.
func (l *Life) doubtful(f family, m *Movement) bool {
	if !f.corrects {
		return false
	}
	kept := true
	for i := 1; i < len(m.Stages); i++ {
		at := m.Stages[i].From
		kept = kept && l.Habits.IDs.Keeps(Booked, Booked, !l.issuedAnew(at)) && len(l.Channels) == 1
	}
	return !kept
}

// issuedAnew reports whether ids may have changed, or are not believed, between the
// last answer before an instant and the first after it.
func (l *Life) issuedAnew(at time.Time) bool {
	for _, v := range l.Visits {
		apart := v.At.Sub(at)
		if (v.Kind == Reconnect || v.Kind == Moving) && apart < 16*24*time.Hour && apart > -time.Hour {
			return true
		}
	}
	return false
}
