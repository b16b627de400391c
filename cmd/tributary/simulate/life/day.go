package life

import "time"

// Day is a banking day in the bank's zone, written 2006-01-02; "" when not told.
type Day string

func dayIn(t time.Time, zone *time.Location) Day { return Day(t.In(zone).Format(time.DateOnly)) }

// Told is the zone that the catalogue tells of the bank; nil where it tells none.
func (h Habits) Told() *time.Location {
	if h.Located {
		return h.Zone
	}
	return nil
}

// Today is what is taken for the bank's day at an instant.
func (h Habits) Today(at time.Time) Day {
	if h.Located {
		return dayIn(at, h.Zone)
	}
	return dayIn(at, time.UTC)
}

// Add moves a day that is known.
func (d Day) Add(days int) Day {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return ""
	}
	return Day(t.AddDate(0, 0, days).Format(time.DateOnly))
}

// Apart counts the days between two that are known, whichever comes first.
func (d Day) Apart(other Day) (days int, known bool) {
	a, errA := time.Parse(time.DateOnly, string(d))
	b, errB := time.Parse(time.DateOnly, string(other))
	if errA != nil || errB != nil {
		return 0, false
	}
	days = int(b.Sub(a).Hours() / 24)
	return max(days, -days), true
}
