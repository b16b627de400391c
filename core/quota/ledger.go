package quota

import (
	"slices"
	"time"
)

// Ledger is what one channel of a connection spent, as it stands at a time.
type Ledger struct {
	// Limit is how many calls each key has; none where it is zero.
	Limit int
	Now   time.Time
	calls []Call
}

// Open makes the ledger of calls that were kept, on the clock that users see and
// in real time. One that was really made that long ago counts no more, wherever
// the clock was then: a clock that is put right again must not shut a bank out.
func Open(limit int, now, really time.Time, calls []Call) Ledger {
	l := Ledger{Limit: limit, Now: now}
	for _, call := range calls {
		if really.Sub(call.MadeAt) < Kept {
			l.calls = append(l.calls, call)
		}
	}
	return l
}

// Used is how many unattended calls of the last 24 hours count.
func (l Ledger) Used(k Key) int { return l.count(k, false) }

// Attended is how many calls of the last 24 hours somebody was there for.
func (l Ledger) Attended(k Key) int { return l.count(k, true) }

func (l Ledger) count(k Key, attended bool) (count int) {
	for _, call := range l.calls {
		if call.Attended == attended && l.counts(call) {
			count += call.spent(k).Count
		}
	}
	return count
}

// counts reports whether a call is not over 24 hours old. One that lies ahead,
// because the clock went back, counts.
func (l Ledger) counts(c Call) bool { return c.At.Add(Window).After(l.Now) }

// Left is how many calls of a key are free now. It is limited where the bank has
// a limit, or said that it takes no more for now.
func (l Ledger) Left(k Key) (left int, limited bool) {
	if l.blocked(k).After(l.Now) {
		return 0, true
	}
	if l.Limit == 0 {
		return 0, false
	}
	return max(l.Limit-l.Used(k), 0), true
}

// Free reports whether a call of a key can be made now that leaves some over.
func (l Ledger) Free(k Key, over int) bool { return l.NextFree(k, over).IsZero() }

// NextFree is when a call of a key can be made that leaves some over; zero where
// that is now. Nobody can leave all over: of the last one nothing is asked.
func (l Ledger) NextFree(k Key, over int) time.Time {
	next := l.blocked(k)
	if l.Limit > 0 {
		room := max(l.Limit-1-max(over, 0), 0)
		ends := l.ends(k)
		if len(ends) > room {
			next = later(next, ends[len(ends)-1-room])
		}
	}
	if !next.After(l.Now) {
		return time.Time{}
	}
	return next
}

// ends are when what counts of a key will count no more, one after the other.
func (l Ledger) ends(k Key) (ends []time.Time) {
	for _, call := range l.calls {
		if call.Attended || !l.counts(call) {
			continue
		}
		for range call.spent(k).Count {
			ends = append(ends, call.At.Add(Window))
		}
	}
	slices.SortFunc(ends, time.Time.Compare)
	return ends
}

// blocked is until when the bank takes no call of a key. Whoever was there when
// it said so: it means the others.
func (l Ledger) blocked(k Key) (until time.Time) {
	for _, call := range l.calls {
		until = later(until, call.spent(k).Until)
	}
	return until
}

// newest is what no later entry may come before.
func (l Ledger) newest() (newest time.Time) {
	for _, call := range l.calls {
		newest = later(newest, call.At)
	}
	return newest
}
