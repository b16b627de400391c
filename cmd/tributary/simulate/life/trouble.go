package life

import "strings"

func shout(label string) string { return strings.ReplaceAll(strings.ToUpper(label), " ", "  ") }

// vanished is never booked.
func vanished(s scene) []*Movement {
	return movement(Stage{From: s.at, Said: s.pendingSaid(s.cents())}, Stage{From: s.at.Add(s.hours(6, 9*24)), Absent: true})
}

// returning vanishes, comes back, and is booked at last.
func returning(s scene) []*Movement {
	m := s.purchase(s.pendingSaid(s.cents()), nil)[0]
	gone := s.at.Add(s.hours(12, 48))
	back := gone.Add(s.hours(12, 48))
	end := m.Stages[1]
	end.From = back.Add(s.hours(12, 48))
	end.Booking = dayIn(end.From, s.habits.Zone)
	end.Value = end.Booking
	return movement(m.Stages[0], Stage{From: gone, Absent: true}, Stage{From: back, Said: m.Stages[0].Said}, end)
}

// cancelled is told as such for some days, and then no more.
func cancelled(s scene) []*Movement {
	before := s.pendingSaid(s.cents())
	after := before
	after.Status = Cancelled
	end := s.at.Add(s.hours(12, 96))
	return movement(Stage{From: s.at, Said: before}, Stage{From: end, Said: after}, Stage{From: end.Add(s.hours(200, 400)), Absent: true})
}

// long is the deposit of a hotel: it stays for weeks, and is booked or not.
func long(s scene) []*Movement {
	m := s.purchase(s.pendingSaid(s.cents()), nil)[0]
	m.Stages[1].From = s.at.Add(s.hours(12*24, 26*24))
	if s.chance(500) {
		m.Stages[1] = Stage{From: m.Stages[1].From, Absent: true}
		return []*Movement{m}
	}
	m.Stages[1].Booking = dayIn(m.Stages[1].From, s.habits.Zone)
	m.Stages[1].Value = m.Stages[1].Booking
	return []*Movement{m}
}

// identical purchases are the same in everything but the minute.
func identical(s scene) []*Movement {
	cents := s.cents()
	if s.chance(400) {
		m := movement(Stage{From: s.at, Said: s.bookedSaid(cents, s.day(0))})
		for range s.between(1, 2) {
			m = append(m, movement(m[0].Stages...)...)
		}
		return m
	}
	var all []*Movement
	for range s.between(2, 3) {
		all = append(all, s.purchase(s.pendingSaid(cents), nil)...)
	}
	return all
}

// undated is a pending row without any day.
func undated(s scene) []*Movement {
	before := s.pendingSaid(s.cents())
	before.Acted = ""
	m := s.purchase(before, nil)[0]
	return []*Movement{m}
}

// unbooked is a booked row whose booking date the bank leaves out.
func unbooked(s scene) []*Movement {
	said := s.bookedSaid(s.cents(), s.day(0))
	said.Booking = ""
	if s.chance(300) {
		said.Acted, said.Value = said.Value, ""
	}
	return movement(Stage{From: s.at, Said: said})
}

// late is booked on a day that was read long ago.
func late(s scene) []*Movement {
	return movement(Stage{From: s.at.Add(s.hours(72, 9*24)), Said: s.bookedSaid(s.cents(), s.day(0))})
}

// reversal is a row and the same the other way.
func reversal(s scene) []*Movement {
	said := s.bookedSaid(s.cents(), s.day(0))
	back := said
	back.Cents = -back.Cents
	wait := s.hours(24, 140)
	back.Booking = s.day(wait)
	back.Value = back.Booking
	return append(movement(Stage{From: s.at, Said: said}), movement(Stage{From: s.at.Add(wait), Said: back})...)
}

func correctedLabel(s scene) []*Movement {
	said := s.bookedSaid(s.cents(), s.day(0))
	after := said
	after.Label = "PRLV " + s.shop.counterparty + " " + digits(s.draw, 6)
	return movement(Stage{From: s.at, Said: said}, Stage{From: s.at.Add(s.hours(24, 96)), Said: after})
}

func correctedDay(s scene) []*Movement {
	said := s.bookedSaid(s.cents(), s.day(0))
	after := said
	after.Booking = after.Booking.Add(pick(s.draw, -2, -1, 1, 2))
	return movement(Stage{From: s.at, Said: said}, Stage{From: s.at.Add(s.hours(24, 96)), Said: after})
}
