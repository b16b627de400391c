package delivery

import "time"

// schedule is how long to wait after each failure: what Standard Webhooks 1.0.0
// proposes. The first attempt is made at once, the last one after some 75 hours.
var schedule = []time.Duration{
	5 * time.Second, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 5 * time.Hour, 10 * time.Hour, 14 * time.Hour, 20 * time.Hour, 24 * time.Hour,
}

// Tries is how often a delivery is tried.
const Tries = 10

// Jitter is by how much a wait may differ from the schedule, as a part of it:
// what failed together does not come back together. It leaves room in the tenth
// that is promised for a look that comes a little later.
const Jitter = 0.09

// LongestWait is the longest that an endpoint can ask to be left alone.
const LongestWait = 24 * time.Hour

// Wait is how long to wait after a failure, and whether there is another try.
func Wait(step int) (time.Duration, bool) {
	if step < 0 || step >= len(schedule) {
		return 0, false
	}
	return schedule[step], true
}

// Span is how long all tries take, without jitter.
func Span() (whole time.Duration) {
	for _, wait := range schedule {
		whole += wait
	}
	return whole
}

// jittered is a little more or less.
func jittered(wait time.Duration, dice float64) time.Duration {
	return wait + time.Duration((2*dice-1)*Jitter*float64(wait))
}

// later is a little more: who asked to be left alone is.
func later(wait time.Duration, dice float64) time.Duration {
	return wait + time.Duration(dice*Jitter*float64(wait))
}
