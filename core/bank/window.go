package bank

import (
	"slices"
	"time"
)

// Window is a time of each week in which a bank is not there, by its own clock.
type Window struct {
	// Days are those on which it begins; none means every day.
	Days []time.Weekday
	// From and To are times of the day; a To that is not later is on the next day.
	From, To time.Duration
	// Zone is the bank's; nil means UTC.
	Zone *time.Location
}

// around gives the occurrence of the window that t lies in.
func (w Window) around(t time.Time) (from, to time.Time, inside bool) {
	zone := w.Zone
	if zone == nil {
		zone = time.UTC
	}
	for _, back := range []int{0, -1} {
		day := t.In(zone).AddDate(0, 0, back)
		from, to = at(day, w.From, 0), at(day, w.To, 0)
		if w.To <= w.From {
			to = at(day, w.To, 1)
		}
		begins := len(w.Days) == 0 || slices.Contains(w.Days, from.Weekday())
		if begins && !t.Before(from) && t.Before(to) {
			return from, to, true
		}
	}
	return from, to, false
}

// at is a time of the day as a clock on the wall shows it, also on the two days
// of the year that are not 24 hours long.
func at(day time.Time, clock time.Duration, later int) time.Time {
	return time.Date(day.Year(), day.Month(), day.Day()+later, int(clock/time.Hour), int(clock%time.Hour/time.Minute), 0, 0, day.Location())
}

// Windows are all of a bank's.
type Windows []Window

// farthest bounds the search for a time at which a bank is there: one that
// never is would else be searched for ever.
const farthest = 8 * 24 * time.Hour

// After gives the first acceptable time from t on: t itself outside the windows,
// else as long after the window's end as t is after its start, so that what was
// spread over the window stays spread, where the bank is there as long. Where it
// is never there it is t.
func (ws Windows) After(t time.Time) time.Time {
	for moved := t; moved.Sub(t) < farthest; {
		from, to, inside := ws.around(moved)
		if !inside {
			return moved
		}
		moved = to.Add(ws.within(moved.Sub(from), to)).In(t.Location())
	}
	return t
}

// within shortens a time after the end of a window to one before the next one.
func (ws Windows) within(after time.Duration, end time.Time) time.Duration {
	next, _, inside := ws.around(end.Add(after))
	if inside && next.After(end) {
		return after % next.Sub(end)
	}
	return after
}

func (ws Windows) around(t time.Time) (from, to time.Time, inside bool) {
	for _, w := range ws {
		if from, to, inside = w.around(t); inside {
			return from, to, true
		}
	}
	return from, to, false
}
