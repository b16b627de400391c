package schedule

import "time"

// The pauses after failures in a row: 5 minutes, doubling to 6 hours, and then
// the daily time. A pause is drawn from its upper half: spread enough, because
// connections have their own times anyway, and it keeps a promise that a pause
// drawn from zero on could not: a bank that is down for six hours sees at most
// Attempts of one connection.
const (
	firstPause   = 5 * time.Minute
	longestPause = 6 * time.Hour
	// Attempts is how often one connection is tried within the longest pause: at
	// once, and after 2.5, 5, 10, 20, 40, 80 and 160 minutes at the soonest.
	Attempts = 8
)

func (c Calendar) backOff(ch Channel) time.Time {
	pause := firstPause
	for range min(ch.Failures, 64) - 1 {
		if pause *= 2; pause >= 2*longestPause {
			return c.daily()
		}
	}
	pause = min(pause, longestPause)
	next := c.Now.Add(pause/2 + c.jitter(pause/2))
	if c.credible(ch.RetryAt) && next.Before(ch.RetryAt) {
		return ch.RetryAt.Add(c.jitter(wobble))
	}
	return next
}
