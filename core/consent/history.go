package consent

import (
	"slices"
	"time"
)

// Entry is one thing that happened to a consent. Entries are added and never
// changed.
type Entry struct {
	// Number rises by one, from 1.
	Number int
	What   Happening
	By     Actor
	At     time.Time
	// Scopes and ValidUntil are what held from then on.
	Scopes     []string
	ValidUntil time.Time
	// Days is which notice was given.
	Days int
}

// Happening is what happened.
type Happening string

// Happenings.
const (
	Given      Happening = "GIVEN"
	Confirmed  Happening = "CONFIRMED"
	Shortened  Happening = "SHORTENED"
	Noticed    Happening = "NOTICED"
	WasExpired Happening = "EXPIRED"
	Withdrawn  Happening = "REVOKED"
	Superseded Happening = "REPLACED"
	Refused    Happening = "REJECTED"
)

// Actor is who made it happen.
type Actor string

// Actors.
const (
	ByUser   Actor = "USER"
	ByClient Actor = "CLIENT"
	ByBank   Actor = "BANK"
	// ByTime: it ended, or was told of, because its day had come.
	ByTime Actor = "TIME"
)

func (c *Consent) enter(what Happening, by Actor, now time.Time) {
	c.Recorded++
	c.News = append(c.News, Entry{
		Number: c.Recorded, What: what, By: by, At: now, Scopes: slices.Clone(c.Scopes), ValidUntil: c.ValidUntil,
	})
}

// Told gives the entries that are not stored yet, and forgets them.
func (c *Consent) Told() []Entry {
	news := c.News
	c.News = nil
	return news
}
