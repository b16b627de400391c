package pluginhost

import (
	"slices"
	"time"
)

// Phase is where a plugin stands.
type Phase string

// Phases of a plugin.
const (
	// Starting: a process is being started and asked who it is.
	Starting Phase = "STARTING"
	// Up: it serves.
	Up Phase = "UP"
	// Restarting: it ended or did not start, and is started again after a pause.
	Restarting Phase = "RESTARTING"
	// GivenUp: it failed too often. One start is tried after a long pause, or
	// when the operator asks for it.
	GivenUp Phase = "GIVEN_UP"
	// Draining: it ends once the work that it holds is done.
	Draining Phase = "DRAINING"
)

// signal is what happens to a plugin.
type signal string

const (
	came    signal = "came"    // the process started, and is what it should be
	failing signal = "failing" // it did not start
	refused signal = "refused" // it started, and is what no restart will mend
	ended   signal = "ended"   // the running process ended, or was ended as hung
	due     signal = "due"     // the pause is over
	revived signal = "revived" // the operator wants another try now
	drained signal = "drained" // it is not wanted any more
)

// policy says how patient a host is.
type policy struct {
	// first doubles with every further failure in a row, up to last. The first
	// failure costs no pause: a plugin that crashed once is back at once.
	first, last time.Duration
	// steady is how long a process must have run for its end to be the first
	// failure in a row again.
	steady time.Duration
	// limit of failures within window gives the plugin up, for rest.
	limit  int
	window time.Duration
	rest   time.Duration
}

// patient is the policy of a server: eight failures take about 16 seconds when
// a program dies at once.
var patient = policy{
	first: 250 * time.Millisecond, last: 30 * time.Second, steady: 30 * time.Second,
	limit: 8, window: 10 * time.Minute, rest: 5 * time.Minute,
}

// course is the state of one plugin under a policy. It is a value: next makes
// the following one and touches nothing else.
type course struct {
	phase Phase
	since time.Time
	// until is when the next start is due, in Restarting and GivenUp.
	until time.Time
	// starts counts processes that came up.
	starts   int
	inARow   int
	failures []time.Time // within the window
}

func begun(now time.Time) course { return course{phase: Starting, since: now} }

// next is the course after a signal. chance, from 0 up to 1, spreads the pause
// by a fifth to either side, so that plugins that died together do not all come
// back at once. A signal that does not fit the phase changes nothing.
func (p policy) next(c course, s signal, now time.Time, chance float64) course {
	switch {
	case c.phase == Draining:
		return c
	case s == drained:
		return c.to(Draining, now, time.Time{})
	case s == came && c.phase == Starting:
		c.starts++
		return c.to(Up, now, time.Time{})
	case s == refused && c.phase == Starting:
		return c.to(GivenUp, now, now.Add(spread(p.rest, chance)))
	case s == failing && c.phase == Starting:
		return p.fail(c, now, chance)
	case s == ended && c.phase == Up:
		if now.Sub(c.since) >= p.steady {
			c.inARow = 0
		}
		return p.fail(c, now, chance)
	case (s == due || s == revived) && (c.phase == Restarting || c.phase == GivenUp):
		return p.again(c, s, now)
	}
	return c
}

// fail counts a failure and says what follows from it.
func (p policy) fail(c course, now time.Time, chance float64) course {
	recent := slices.DeleteFunc(slices.Clone(c.failures), func(at time.Time) bool { return now.Sub(at) >= p.window })
	c.failures = append(recent, now)
	c.inARow++
	if len(c.failures) >= p.limit {
		return c.to(GivenUp, now, now.Add(spread(p.rest, chance)))
	}
	var pause time.Duration
	if c.inARow > 1 {
		pause = min(p.first<<min(c.inARow-2, 16), p.last)
	}
	return c.to(Restarting, now, now.Add(spread(pause, chance)))
}

// again starts once more. The operator's word forgives; a plugin that was given
// up and is tried because its time has come has this one try.
func (p policy) again(c course, s signal, now time.Time) course {
	switch {
	case s == revived:
		c.failures, c.inARow = nil, 0
	case c.phase == GivenUp:
		c.failures = slices.Repeat([]time.Time{now}, p.limit-1)
	}
	return c.to(Starting, now, time.Time{})
}

func (c course) to(phase Phase, now, until time.Time) course {
	c.phase, c.since, c.until = phase, now, until
	return c
}

func spread(pause time.Duration, chance float64) time.Duration {
	return time.Duration(float64(pause) * (0.8 + 0.4*chance))
}
