package life

import "time"

// family is a kind of movement, or of trouble with one: a field note.
type family struct {
	name   string
	weight int
	play   func(scene) []*Movement
	// corrects says that a booked row is told anew.
	corrects bool
}

// Families names them all.
func Families() []string {
	var names []string
	for _, f := range families() {
		names = append(names, f.name)
	}
	return names
}

func families() []family {
	return []family{
		{"booked", 260, booked, false},
		{"income", 60, income, false},
		{"card", 220, card, false},
		{"habit", 120, habit, false},
		{"tip", 30, tip, false},
		{"fuel", 30, fuel, false},
		{"authorisation of nothing", 8, nothing, false},
		{"foreign", 20, foreign, false},
		{"relabelled", 30, relabelled, false},
		{"renamed wholly", 20, renamed, false},
		{"vanished", 40, vanished, false},
		{"returning", 10, returning, false},
		{"cancelled", 10, cancelled, false},
		{"long pending", 12, long, false},
		{"identical", 40, identical, false},
		{"undated pending", 25, undated, false},
		{"no booking date", 25, unbooked, false},
		{"late", 30, late, false},
		{"reversal", 12, reversal, false},
		{"corrected label", 3, correctedLabel, true},
		{"corrected day", 3, correctedDay, true},
	}
}

const dayLong = 24 * time.Hour

// bookedSaid is a booked row of a day.
func (s scene) bookedSaid(cents int64, on Day) Said {
	return Said{
		Status: Booked, Cents: cents, Booking: on, Value: on.Add(s.IntN(2)), Label: s.shop.label,
		Counterparty: s.shop.counterparty, MerchantCode: s.shop.code, Kind: "DIRECT_DEBIT",
	}
}

// pendingSaid is a card payment that is not booked yet.
func (s scene) pendingSaid(cents int64) Said {
	return Said{
		Status: Pending, Cents: cents, Acted: s.day(0), Label: s.shop.label, Counterparty: s.shop.counterparty, MerchantCode: s.shop.code,
		Kind: "POINT_OF_SALE",
	}
}

func (s scene) cents() int64 { return -int64(s.between(100, 20_000)) }

func movement(stages ...Stage) []*Movement { return []*Movement{{Stages: stages}} }

// booked appears at once, on its day or up to two days after it.
func booked(s scene) []*Movement {
	return movement(Stage{From: s.at.Add(s.hours(0, 48)), Said: s.bookedSaid(s.cents(), s.day(0))})
}

func income(s scene) []*Movement {
	said := s.bookedSaid(int64(s.between(1_000, 300_000)), s.day(0))
	said.Label, said.Kind = "VIREMENT "+said.Label, "CREDIT"
	return movement(Stage{From: s.at, Said: said})
}

// purchase is pending first, and booked one to four days later with changes.
func (s scene) purchase(before Said, change func(*Said)) []*Movement {
	wait := s.hours(20, 96)
	if s.chance(60) {
		wait = s.hours(1, 5) // booked on the day itself
	}
	after := before
	after.Status, after.Booking = Booked, s.day(wait)
	if s.chance(150) { // booked late, on the day of the purchase
		after.Booking = s.day(0)
	}
	after.Value = after.Booking
	if s.habits.Forgets {
		after.Acted = ""
	}
	if s.habits.Shouts {
		after.Label = shout(after.Label)
	}
	if change != nil {
		change(&after)
	}
	return movement(Stage{From: s.at, Said: before}, Stage{From: s.at.Add(wait), Said: after})
}

func card(s scene) []*Movement { return s.purchase(s.pendingSaid(s.cents()), nil) }

// habit is the same amount at the same place, some days one after the other.
func habit(s scene) []*Movement {
	var all []*Movement
	for range s.between(1, 4) {
		all = append(all, s.purchase(s.pendingSaid(s.shop.usual), nil)...)
		s.at = s.at.Add(dayLong)
	}
	return all
}

func tip(s scene) []*Movement {
	cents := s.cents()
	return s.purchase(s.pendingSaid(cents), func(said *Said) { said.Cents += cents * int64(s.between(5, 20)) / 100 })
}

func fuel(s scene) []*Movement {
	return s.purchase(s.pendingSaid(-pick(s.draw, int64(10_000), 12_000, 15_000)), func(said *Said) { said.Cents = -int64(s.between(2_000, 9_900)) })
}

// nothing is an authorisation of 0, to see that the card works.
func nothing(s scene) []*Movement {
	return s.purchase(s.pendingSaid(0), func(said *Said) { said.Cents = s.cents() })
}

// foreign is booked at the rate of another day.
func foreign(s scene) []*Movement {
	cents := s.cents()
	return s.purchase(s.pendingSaid(cents), func(said *Said) { said.Cents += cents * int64(s.between(-3, 3)) / 100 })
}

// relabelled keeps a word that tells.
func relabelled(s scene) []*Movement {
	return s.purchase(s.pendingSaid(s.cents()), func(said *Said) {
		said.Label = "CARTE " + digits(s.draw, 4) + " " + s.shop.counterparty + " " + string(s.day(0))
	})
}

// renamed keeps none.
func renamed(s scene) []*Movement {
	before := s.pendingSaid(s.cents())
	before.Label, before.Counterparty, before.MerchantCode = "AUTORISATION EN COURS "+digits(s.draw, 6), "", ""
	return s.purchase(before, func(said *Said) {
		said.Label, said.Counterparty, said.MerchantCode = s.shop.label, s.shop.counterparty, s.shop.code
	})
}
