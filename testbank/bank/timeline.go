package bank

import (
	"time"

	"github.com/tributary-dev/tributary/testbank/config"
)

// happening is an event of the timeline that happens to customers, on its days.
type happening struct {
	config.Event
	on, last time.Time
}

// arrange takes the events of customers out of the timeline, in the order of the file.
func (b *Bank) arrange() {
	for _, e := range b.File.Timeline {
		if e.Account != "" {
			continue
		}
		h := happening{Event: e, on: b.Book.Day(e.On)}
		h.last = h.on
		if e.LastDay.Given() {
			h.last = b.Book.Day(e.LastDay)
		}
		b.happenings = append(b.happenings, h)
	}
}

// goesOn says whether the day is one of its days.
func (h happening) goesOn(today time.Time) bool { return !h.on.After(today) && !h.last.Before(today) }

// happened gives what happened to a customer up to today, the last of each kind on a day counting.
func (b *Bank) happened(login string, do config.Happening) []happening {
	var found []happening
	for _, h := range b.happenings {
		if h.Do == do && h.Login == login && !h.on.After(b.clock.today()) {
			found = append(found, h)
		}
	}
	return found
}

// who gives a persona as it is today; one without a login is nobody.
func (b *Bank) who(login string) config.Persona {
	p := b.personas[login]
	var last time.Time
	for _, h := range b.happened(login, config.DoPassword) {
		if !h.on.Before(last) && !b.standings[login].passwordChanged {
			p.Password, last = h.Password, h.on
		}
	}
	return p
}

// consentEnded says whether the timeline ended a customer's consents since a day.
func (b *Bank) consentEnded(login string, since time.Time) bool {
	for _, h := range b.happened(login, config.DoEndConsents) {
		if h.on.After(since) {
			return true
		}
	}
	return false
}

// Instant gives a day of the file and a time of day as an instant of the bank's clock.
func (b *Bank) Instant(day config.Day, at config.Minute) time.Time {
	on := b.Book.Day(day)
	return time.Date(on.Year(), on.Month(), on.Day(), at.Of/60, at.Of%60, 0, 0, b.clock.zone)
}

// PasswordOn gives what a persona's password is on a day of the file, as far as the file knows.
func (b *Bank) PasswordOn(login string, day config.Day) string {
	on, password := b.Book.Day(day), ""
	for _, p := range b.File.Personas {
		if p.Login == login {
			password = p.Password
		}
	}
	var last time.Time
	for _, h := range b.happenings {
		if h.Do == config.DoPassword && h.Login == login && !h.on.After(on) && !h.on.Before(last) {
			password, last = h.Password, h.on
		}
	}
	return password
}
