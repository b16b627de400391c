package schedule_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/schedule"
)

var noon = time.Date(2026, 3, 12, 12, 0, 0, 0, time.UTC)

// drawn is jitter by rapid's choice.
func drawn(t *rapid.T) func(time.Duration) time.Duration {
	return func(below time.Duration) time.Duration {
		return time.Duration(rapid.Int64Range(0, int64(below)-1).Draw(t, "jitter"))
	}
}

// most is the longest jitter.
func most(below time.Duration) time.Duration { return below - 1 }

func TestPlan_of_each_need(t *testing.T) {
	t.Parallel()
	hour := noon.Add(time.Hour)
	for _, jitter := range []func(time.Duration) time.Duration{nil, most} {
		c := schedule.Calendar{Now: noon, Key: "con_1", Jitter: jitter}
		for _, need := range schedule.Needs() {
			fresh := c.Plan(schedule.Channel{Need: need, RetryAt: hour, Failures: 1})
			kept := c.Plan(schedule.Channel{Need: need, RetryAt: hour, Planned: noon.Add(-time.Minute)})
			switch need {
			case schedule.User, schedule.Nothing:
				require.Zero(t, fresh, need)
				require.Zero(t, kept, need)
				continue
			case schedule.Daily:
				requireBetween(t, fresh, 12*time.Hour, 36*time.Hour+10*time.Minute)
			case schedule.Turn:
				requireBetween(t, fresh, time.Hour, time.Hour+10*time.Minute)
			case schedule.Patience:
				requireBetween(t, fresh, time.Hour, time.Hour+10*time.Minute) // the bank's word is later than ours
			}
			require.Equal(t, noon.Add(-time.Minute), kept, "what is due stays due")
		}
	}
}

func requireBetween(t require.TestingT, at time.Time, from, to time.Duration) {
	require.False(t, at.Before(noon.Add(from)), "%v", at.Sub(noon))
	require.False(t, at.After(noon.Add(to)), "%v", at.Sub(noon))
}

func TestTurn_without_a_credible_time_waits_a_day(t *testing.T) {
	t.Parallel()
	c := schedule.Calendar{Now: noon, Key: "con_1"}
	for _, at := range []time.Time{{}, noon, noon.Add(-time.Hour), noon.AddDate(0, 0, 8), noon.AddDate(90, 0, 0)} {
		requireBetween(t, c.Plan(schedule.Channel{Need: schedule.Turn, RetryAt: at}), 12*time.Hour, 36*time.Hour)
	}
	week := noon.AddDate(0, 0, 6)
	require.Equal(t, week, c.Plan(schedule.Channel{Need: schedule.Turn, RetryAt: week}))
	require.Equal(t, noon.Add(schedule.Horizon), schedule.Next(noon, week), "the connection is looked at before")
}

func TestPatience_grows_and_ends_in_the_daily_time(t *testing.T) {
	t.Parallel()
	pauses := []int{5, 10, 20, 40, 80, 160, 320, 360}
	for _, jitter := range []func(time.Duration) time.Duration{nil, most} {
		c := schedule.Calendar{Now: noon, Key: "con_1", Jitter: jitter}
		for i, minutes := range pauses {
			pause := time.Duration(minutes) * time.Minute
			next := c.Plan(schedule.Channel{Need: schedule.Patience, Failures: i + 1})
			requireBetween(t, next, pause/2, pause)
		}
		for _, failures := range []int{9, 10, 1000, 1 << 60} {
			requireBetween(t, c.Plan(schedule.Channel{Need: schedule.Patience, Failures: failures}), 12*time.Hour, 36*time.Hour+10*time.Minute)
		}
	}
	require.Equal(t, 5*time.Minute/2, schedule.Calendar{Now: noon}.Plan(schedule.Channel{Need: schedule.Patience}).Sub(noon), "a first failure counts as one")
}

// TestPatience_bounds_the_attempts: a bank that is down for six hours sees no
// connection more than Attempts times, whatever is drawn.
func TestPatience_bounds_the_attempts(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		now, attempts := noon, 0
		for now.Before(noon.Add(6 * time.Hour)) {
			attempts++
			now = schedule.Calendar{Now: now, Key: "con_1", Jitter: drawn(t)}.Plan(schedule.Channel{Need: schedule.Patience, Failures: attempts})
		}
		require.LessOrEqual(t, attempts, schedule.Attempts)
		require.GreaterOrEqual(t, attempts, 7, "nor is it given up")
	})
}

// TestDaily_spreads_a_million: no minute of the day has more than half again of
// what it would have evenly, and it stays so the next day.
func TestDaily_spreads_a_million(t *testing.T) {
	t.Parallel()
	const connections = 1_000_000
	var minutes, second [24 * 60]int
	for i := range connections {
		key := fmt.Sprintf("con_01j9z3k6f8q2v4x6z8%07d", i)
		next := schedule.Calendar{Now: noon, Key: key}.Plan(schedule.Channel{Need: schedule.Daily})
		minutes[next.Hour()*60+next.Minute()]++
		after := schedule.Calendar{Now: next.Add(time.Minute), Key: key}.Plan(schedule.Channel{Need: schedule.Daily})
		if after.Sub(next) != 24*time.Hour {
			require.Fail(t, "another time of the day", key)
		}
		second[after.Hour()*60+after.Minute()]++
	}
	for minute, count := range minutes {
		require.InDelta(t, connections/len(minutes), count, connections/float64(len(minutes))/2, "minute %d", minute)
	}
	require.Equal(t, minutes, second)
}

// TestDaily_keeps_its_time_of_the_day whatever was read by hand between.
func TestDaily_keeps_its_time_of_the_day(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		key := rapid.String().Draw(t, "key")
		of := func(now time.Time) time.Time {
			return schedule.Calendar{Now: now, Key: key, Jitter: drawn(t)}.Plan(schedule.Channel{Need: schedule.Daily})
		}
		now := noon.Add(time.Duration(rapid.Int64Range(-1e17, 1e17).Draw(t, "now")))
		one, other := of(now), of(now.Add(time.Duration(rapid.Int64Range(0, 1e16).Draw(t, "later"))))
		off := other.Sub(one) % (24 * time.Hour)
		off = min(off.Abs(), 24*time.Hour-off.Abs())
		require.LessOrEqual(t, off, 10*time.Minute)
		require.False(t, one.Before(now.Add(12*time.Hour)))
		require.False(t, one.After(now.Add(36*time.Hour+10*time.Minute)))
	})
}

func TestMinInterval_is_kept(t *testing.T) {
	t.Parallel()
	c := schedule.Calendar{Now: noon, Key: "con_1", MinInterval: 50 * time.Hour}
	for _, need := range []schedule.Need{schedule.Daily, schedule.Patience, schedule.Turn} {
		require.Equal(t, noon.Add(50*time.Hour), c.Plan(schedule.Channel{Need: need, RetryAt: noon.Add(time.Hour), Failures: 1}), need)
	}
}

// TestPlan_survives_the_clock: a clock that goes back leaves nothing asleep,
// one that goes on makes things due.
func TestPlan_survives_the_clock(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		ch := schedule.Channel{
			Need:     rapid.SampledFrom([]schedule.Need{schedule.Daily, schedule.Patience, schedule.Turn}).Draw(t, "need"),
			Failures: rapid.IntRange(0, 12).Draw(t, "failures"),
		}
		if rapid.Bool().Draw(t, "said") {
			ch.RetryAt = noon.Add(time.Duration(rapid.IntRange(-24, 24*10).Draw(t, "hours")) * time.Hour)
		}
		before := schedule.Calendar{Now: noon, Key: "con_1", Jitter: drawn(t)}
		ch.Planned = before.Plan(ch)
		again := before.Plan(ch)
		require.False(t, again.After(ch.Planned))
		require.LessOrEqual(t, ch.Planned.Sub(again), 10*time.Minute, "a plan stands, but for its jitter")
		now := noon.Add(time.Duration(rapid.IntRange(-1000, 1000).Draw(t, "step")) * time.Hour)
		after := schedule.Calendar{Now: now, Key: "con_1", Jitter: drawn(t)}.Plan(ch)
		require.False(t, after.IsZero())
		require.False(t, after.After(ch.Planned))
		next := schedule.Next(now, after)
		require.False(t, next.After(now.Add(schedule.Horizon)), "never asleep for longer")
	})
}

func TestNext_is_the_first(t *testing.T) {
	t.Parallel()
	soon, later := noon.Add(time.Hour), noon.Add(2*time.Hour)
	require.Zero(t, schedule.Next(noon))
	require.Zero(t, schedule.Next(noon, time.Time{}, time.Time{}))
	require.Equal(t, soon, schedule.Next(noon, later, time.Time{}, soon))
	require.Equal(t, noon.Add(-time.Hour), schedule.Next(noon, noon.Add(-time.Hour)))
}

// TestPlan_avoids_maintenance: whatever the need, no plan lies in a window,
// the bank's own word included.
func TestPlan_avoids_maintenance(t *testing.T) {
	t.Parallel()
	paris, err := time.LoadLocation("Europe/Paris")
	require.NoError(t, err)
	closed := bank.Windows{
		{From: 22 * time.Hour, To: 7 * time.Hour, Zone: paris},
		{Days: []time.Weekday{time.Saturday, time.Sunday}, From: 0, To: 0, Zone: paris},
	}
	rapid.Check(t, func(t *rapid.T) {
		now := noon.Add(time.Duration(rapid.Int64Range(0, int64(400*24*time.Hour)).Draw(t, "now")))
		next := schedule.Calendar{Now: now, Key: rapid.String().Draw(t, "key"), Closed: closed, Jitter: drawn(t)}.Plan(schedule.Channel{
			Need:     rapid.SampledFrom([]schedule.Need{schedule.Daily, schedule.Patience, schedule.Turn}).Draw(t, "need"),
			RetryAt:  now.Add(time.Duration(rapid.IntRange(0, 100).Draw(t, "hours")) * time.Hour),
			Failures: rapid.IntRange(1, 9).Draw(t, "failures"),
		})
		there := next.In(paris)
		require.True(t, there.Hour() >= 7 && there.Hour() < 22, "%v", there)
		require.NotContains(t, []time.Weekday{time.Saturday, time.Sunday}, there.Weekday())
	})
}

// A bank that is there for an hour is read in it every day, also by those whose
// own time is at its very end: jitter does not push them over it.
func TestCalendar_stays_in_the_hour_of_a_bank(t *testing.T) {
	t.Parallel()
	closed := bank.Windows{{From: 0, To: 23 * time.Hour}}
	for key := range 2000 {
		c := schedule.Calendar{Now: noon, Key: fmt.Sprint(key), Closed: closed, Jitter: func(below time.Duration) time.Duration { return below - 1 }}
		for range 3 {
			next := c.Plan(schedule.Channel{Need: schedule.Daily})
			require.Equal(t, 23, next.Hour(), "%d: %v", key, next)
			require.LessOrEqual(t, next.Minute(), 50, "%d: %v, and there is time for the run", key, next)
			require.Less(t, next.Sub(c.Now), 36*time.Hour, "%d", key)
			c.Now = next.Add(time.Minute)
		}
	}
}
