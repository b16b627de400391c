package schedule

import "time"

// Breaker remembers how a bank answered at one of its channels, whichever
// connection asked, so that one that is down is left alone. The zero Breaker has nothing against a bank.
type Breaker struct {
	// Failures in a row, none of which is older than Since.
	Failures int
	Since    time.Time
	// Trips counts how often it opened since the bank last answered.
	Trips int
	// Until is when the bank is tried again, and Probe until when somebody has
	// who does so.
	Until time.Time
	Probe time.Time
}

// State is where a breaker stands.
type State string

// States.
const (
	// Closed: the bank is asked.
	Closed State = "CLOSED"
	// Open: it is left alone.
	Open State = "OPEN"
	// HalfOpen: one run may try it.
	HalfOpen State = "HALF_OPEN"
	// Probing: one run does.
	Probing State = "PROBING"
)

// States lists them.
func States() []State { return []State{Closed, Open, HalfOpen, Probing} }

// When a breaker opens, and for how long.
const (
	// Threshold is how many failures in a row open it, within failureWindow.
	Threshold     = 5
	failureWindow = 30 * time.Minute
	firstOpen     = 5 * time.Minute
	longestOpen   = time.Hour
	// probeTime is how long a probe may be out before another one is sent: its
	// process may have been killed.
	probeTime = 15 * time.Minute
)

// Quiet reports whether it remembers nothing.
func (b Breaker) Quiet() bool { return b == Breaker{} }

// State tells where it stands. A time that no breaker sets is one of a clock
// that was set back: it counts as over.
func (b Breaker) State(now time.Time) State {
	switch {
	case b.Trips == 0:
		return Closed
	case ahead(now, b.Until, longestOpen+longestOpen/2):
		return Open
	case ahead(now, b.Probe, probeTime):
		return Probing
	}
	return HalfOpen
}

func ahead(now, at time.Time, most time.Duration) bool {
	return now.Before(at) && !at.After(now.Add(most))
}

// Admit says whether a run that nobody waits for may go to the bank; it is then
// the probe, where one is due. Where it may not, wait is when to ask again.
func (b *Breaker) Admit(now time.Time) (admitted bool, wait time.Time) {
	switch b.State(now) {
	case Open:
		return false, b.Until
	case Probing:
		return false, b.Probe
	case HalfOpen:
		b.Probe = now.Add(probeTime)
	}
	return true, time.Time{}
}

// Fail notes that the bank was not there. One that is known to be down changes
// nothing: it takes a probe to leave it alone for longer.
func (b *Breaker) Fail(now time.Time, jitter func(time.Duration) time.Duration) {
	switch b.State(now) {
	case Open:
		return
	case HalfOpen, Probing:
		b.open(now, jitter)
		return
	}
	if b.Failures == 0 || now.Before(b.Since) || now.Sub(b.Since) > failureWindow {
		b.Failures, b.Since = 0, now
	}
	if b.Failures++; b.Failures >= Threshold {
		b.open(now, jitter)
	}
}

func (b *Breaker) open(now time.Time, jitter func(time.Duration) time.Duration) {
	open := firstOpen
	for range min(b.Trips, 8) {
		open = min(2*open, longestOpen)
	}
	if jitter != nil {
		open += jitter(open / 2)
	}
	b.Trips, b.Until, b.Probe = b.Trips+1, now.Add(open), time.Time{}
}

// Answer notes that the bank answered, whatever it said.
func (b *Breaker) Answer() { *b = Breaker{} }
