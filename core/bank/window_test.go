package bank_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tributary-dev/tributary/core/bank"
)

func TestWindows_After(t *testing.T) {
	t.Parallel()
	paris, err := time.LoadLocation("Europe/Paris")
	require.NoError(t, err)
	night := bank.Windows{{From: 23*time.Hour + 30*time.Minute, To: 5 * time.Hour, Zone: paris}}
	sunday := bank.Windows{{Days: []time.Weekday{time.Sunday}, From: 2 * time.Hour, To: 6 * time.Hour}}
	for name, c := range map[string]struct {
		windows  bank.Windows
		at, want string
	}{
		"none":                              {nil, "2026-03-12T03:00:00Z", "2026-03-12T03:00:00Z"},
		"outside":                           {night, "2026-03-12T12:00:00Z", "2026-03-12T12:00:00Z"},
		"before midnight":                   {night, "2026-03-12T22:30:00Z", "2026-03-13T04:00:00Z"},
		"after midnight, spread":            {night, "2026-03-13T00:30:00Z", "2026-03-13T06:00:00Z"},
		"its end is outside":                {night, "2026-03-13T04:00:00Z", "2026-03-13T04:00:00Z"},
		"in summer the clock says the same": {night, "2026-07-01T21:30:00Z", "2026-07-02T03:00:00Z"},
		"the night that is shorter":         {night, "2026-03-28T22:30:00Z", "2026-03-29T03:00:00Z"},
		"on its day":                        {sunday, "2026-03-15T03:00:00Z", "2026-03-15T07:00:00Z"},
		"on another day":                    {sunday, "2026-03-16T03:00:00Z", "2026-03-16T03:00:00Z"},
		"one after another":                 {append(bank.Windows{{From: 6 * time.Hour, To: 8 * time.Hour}}, sunday...), "2026-03-15T03:00:00Z", "2026-03-15T09:00:00Z"},
		"a whole day":                       {bank.Windows{{Days: []time.Weekday{time.Monday}}}, "2026-03-16T03:00:00Z", "2026-03-17T03:00:00Z"},
		"there for an hour a day":           {bank.Windows{{To: 23 * time.Hour}}, "2026-03-12T10:20:00Z", "2026-03-12T23:20:00Z"},
		"there for a minute a day":          {bank.Windows{{From: time.Minute}}, "2026-03-12T10:20:30Z", "2026-03-13T00:00:30Z"},
		"a week-end, spread":                {bank.Windows{{Days: []time.Weekday{time.Saturday, time.Sunday}}}, "2026-03-14T03:00:00Z", "2026-03-16T03:00:00Z"},
		"never there":                       {bank.Windows{{}}, "2026-03-16T03:00:00Z", "2026-03-16T03:00:00Z"},
	} {
		at, err := time.Parse(time.RFC3339, c.at)
		require.NoError(t, err)
		require.Equal(t, c.want, c.windows.After(at).Format(time.RFC3339), name)
	}
}

// TestWindows_After_finds_any_daily_opening, however short.
func TestWindows_After_finds_any_daily_opening(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		minute := func(name string) time.Duration {
			return time.Duration(rapid.IntRange(0, 24*60-1).Draw(t, name)) * time.Minute
		}
		w := bank.Window{From: minute("from"), To: minute("to")}
		if w.From == w.To {
			return // it is never there
		}
		at := time.Date(2026, 3, 12, 0, 0, 0, 0, time.UTC).Add(time.Duration(rapid.IntRange(0, 7*24*3600).Draw(t, "at")) * time.Second)
		after := bank.Windows{w}.After(at)
		clock := after.Sub(after.Truncate(24 * time.Hour))
		inside := clock >= w.From && clock < w.To
		if w.To < w.From {
			inside = clock >= w.From || clock < w.To
		}
		require.False(t, inside, "%s", after)
		require.Less(t, after.Sub(at), 48*time.Hour)
	})
}

func TestWindows_After_is_never_before_and_settles(t *testing.T) {
	t.Parallel()
	clock := rapid.Custom(func(t *rapid.T) time.Duration {
		return time.Duration(rapid.IntRange(0, 24*60-1).Draw(t, "minute")) * time.Minute
	})
	rapid.Check(t, func(t *rapid.T) {
		var windows bank.Windows
		for range rapid.IntRange(0, 4).Draw(t, "windows") {
			w := bank.Window{From: clock.Draw(t, "from"), To: clock.Draw(t, "to")}
			for range rapid.IntRange(1, 3).Draw(t, "days") {
				w.Days = append(w.Days, time.Weekday(rapid.IntRange(0, 6).Draw(t, "day")))
			}
			windows = append(windows, w)
		}
		at := time.Date(2026, 3, 12, 0, 0, 0, 0, time.UTC).Add(time.Duration(rapid.IntRange(0, 7*24*60).Draw(t, "at")) * time.Minute)
		after := windows.After(at)
		require.False(t, after.Before(at))
		require.Equal(t, after, windows.After(after))
	})
}
