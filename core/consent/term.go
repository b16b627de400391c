package consent

import (
	"time"

	"github.com/tributary-dev/tributary/core/bank"
)

// lawfulDays is how long a bank's consent lasts where neither the bank nor its
// provider says: the law's longest.
const lawfulDays = 180

// Days is how long a consent for a channel lasts at most, from what its provider
// says; 0 has no end. What a web site shows is read until the user says
// otherwise, what a bank's own API shows is agreed for a time.
func Days(kind bank.ChannelType, configured int) int {
	if configured == 0 && kind == bank.Redirect {
		return lawfulDays
	}
	return configured
}

// limited is the earlier of the bank's end and ours.
func limited(bankUntil time.Time, days int, now time.Time) time.Time {
	if days <= 0 {
		return bankUntil
	}
	ours := now.Add(time.Duration(days) * day)
	if !bankUntil.IsZero() && bankUntil.Before(ours) {
		return bankUntil
	}
	return ours
}

const day = 24 * time.Hour

// notices are the days before its end at which a consent is told of.
var notices = [...]int{30, 14, 7, 1}

// Notices lists them, the first one first.
func Notices() []int { return notices[:] }

// notice is the nearest one that is due at a time and was not given, or 0.
// Those that the clock jumped over are not made up for: they would say nothing
// that the nearest does not.
func (c *Consent) notice(now time.Time) int {
	nearest := 0
	for _, days := range notices {
		if c.owes(days) && !now.Before(c.before(days)) {
			nearest = days
		}
	}
	return nearest
}

// owes reports whether a notice fits into the consent's life and comes after
// those that were given.
func (c *Consent) owes(days int) bool {
	return c.before(days).After(c.ConfirmedAt) && (c.Noticed == 0 || days < c.Noticed)
}

func (c *Consent) before(days int) time.Time {
	return c.ValidUntil.Add(-time.Duration(days) * day)
}

// plan says when the consent has to be looked at again.
func (c *Consent) plan() {
	c.DueAt = time.Time{}
	if c.Status != Active || c.ValidUntil.IsZero() {
		return
	}
	c.DueAt = c.ValidUntil
	for _, days := range notices {
		if c.owes(days) {
			c.DueAt = c.before(days)
			return
		}
	}
}
