// Package schedule owns when a connection is read next without its user, and
// when a bank is left alone because it is down. It knows nothing of
// connections, runs or stores: who uses it says what a status needs.
//
// Invariants: what needs the user is never planned; a plan is never further
// ahead than Horizon, so that a clock that was set back leaves nothing asleep;
// no plan lies in a bank's maintenance.
package schedule

import (
	"hash/fnv"
	"time"

	"github.com/tributary-dev/tributary/core/bank"
)

// Need is what a channel waits for after its last outcome.
type Need string

// Needs.
const (
	// Daily is read every day.
	Daily Need = "DAILY"
	// Patience is tried again with growing pauses: the bank failed, or we did.
	Patience Need = "PATIENCE"
	// Turn waits for the time that the bank set.
	Turn Need = "TURN"
	// User waits for the user: nothing happens by itself.
	User Need = "USER"
	// Nothing is over: there is nothing to read.
	Nothing Need = "NOTHING"
)

// Needs lists them.
func Needs() []Need { return []Need{Daily, Patience, Turn, User, Nothing} }

// Planned reports whether something happens by itself.
func (n Need) Planned() bool { return n == Daily || n == Patience || n == Turn }

// Channel is what the plan of a channel goes by.
type Channel struct {
	Need Need
	// RetryAt is what the bank said; zero where it said nothing.
	RetryAt time.Time
	// Failures counts those that needed patience, since one did not.
	Failures int
	// Planned is the present plan; zero where there is none since the last outcome.
	Planned time.Time
}

// How far ahead things are planned.
const (
	day = 24 * time.Hour
	// Horizon is how far ahead a connection's next time lies at most. A channel may
	// wait longer: then the connection is only looked at.
	Horizon = 36 * time.Hour
	// wobble is added to each daily time, so that no bank sees a machine's pulse.
	wobble = 10 * time.Minute
	// patience is how long a bank's word on when to come back is taken for.
	patience = 7 * day
)

// Calendar plans the channels of one connection.
type Calendar struct {
	Now time.Time
	// Key is the connection: each has its own time of the day.
	Key string
	// MinInterval is the bank's least time between two sessions of a connection.
	MinInterval time.Duration
	// Closed is when the bank is not there.
	Closed bank.Windows
	// Jitter gives a random time below one that is positive; nil gives none.
	Jitter func(time.Duration) time.Duration
}

// Plan gives a channel's next time, or none. A plan stands until an outcome
// takes it away, unless the clock went back from under it.
func (c Calendar) Plan(ch Channel) time.Time {
	if !ch.Need.Planned() {
		return time.Time{}
	}
	if ch.Planned.IsZero() {
		return c.fresh(ch)
	}
	if fresh := c.fresh(ch); ch.Planned.After(c.Now.Add(Horizon+wobble)) && fresh.Before(ch.Planned) {
		return fresh
	}
	return ch.Planned
}

func (c Calendar) fresh(ch Channel) time.Time {
	var next time.Time
	switch {
	case ch.Need == Turn && c.credible(ch.RetryAt):
		next = ch.RetryAt.Add(c.jitter(wobble))
	case ch.Need == Patience:
		next = c.backOff(ch)
	default:
		next = c.daily()
	}
	if least := c.Now.Add(c.MinInterval); next.Before(least) {
		next = least
	}
	return c.Closed.After(next)
}

// credible is a time to come back at that lies ahead, and not beyond reason.
func (c Calendar) credible(at time.Time) bool {
	return at.After(c.Now) && !at.After(c.Now.Add(patience))
}

// daily is the connection's own time of the day, the one that is nearest to a
// day from now, or the one at which the bank is there instead. It depends on the
// connection alone, so a million of them stay spread however often they were read
// by hand.
func (c Calendar) daily() time.Time {
	earliest := c.Now.Add(day / 2)
	own := earliest.Truncate(day).Add(slot(c.Key) - day)
	start := c.Closed.After(own)
	for start.Before(earliest) {
		own = own.Add(day)
		start = c.Closed.After(own)
	}
	at := start.Add(c.jitter(wobble))
	if !c.open(at) {
		at = start // the bank closes sooner than that
	}
	if early := at.Add(-wobble); !c.open(at.Add(wobble)) && c.open(early) {
		return early // a look that comes a little late, and the run itself, need their time too
	}
	return at
}

func (c Calendar) open(at time.Time) bool { return c.Closed.After(at).Equal(at) }

func slot(key string) time.Duration {
	sum := fnv.New64a()
	_, _ = sum.Write([]byte(key)) // it never fails
	mixed := sum.Sum64()
	mixed ^= mixed >> 33 // of keys that differ at their end only the low bits differ enough
	mixed *= 0xff51afd7ed558ccd
	mixed ^= mixed >> 33
	return time.Duration(mixed%uint64(day/time.Microsecond)) * time.Microsecond
}

func (c Calendar) jitter(below time.Duration) time.Duration {
	if c.Jitter == nil || below <= 0 {
		return 0
	}
	return c.Jitter(below)
}

// Next is when a connection has its turn: with the first of its channels, and
// within the Horizon; none where no channel has a plan.
func Next(now time.Time, planned ...time.Time) time.Time {
	var next time.Time
	for _, at := range planned {
		if !at.IsZero() && (next.IsZero() || at.Before(next)) {
			next = at
		}
	}
	if latest := now.Add(Horizon); next.After(latest) {
		return latest
	}
	return next
}
