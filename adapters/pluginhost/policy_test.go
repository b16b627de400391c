package pluginhost

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

var (
	phases  = []Phase{Starting, Up, Restarting, GivenUp, Draining}
	signals = []signal{came, failing, refused, ended, due, revived, drained}
	noon    = time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)
)

// TestEveryPhaseAndSignal is the whole machine: what is not in the table
// changes nothing.
func TestEveryPhaseAndSignal(t *testing.T) {
	t.Parallel()
	table := map[Phase]map[signal]Phase{
		Starting:   {came: Up, failing: Restarting, refused: GivenUp, drained: Draining},
		Up:         {ended: Restarting, drained: Draining},
		Restarting: {due: Starting, revived: Starting, drained: Draining},
		GivenUp:    {due: Starting, revived: Starting, drained: Draining},
		Draining:   {},
	}
	for _, phase := range phases {
		for _, s := range signals {
			t.Run(fmt.Sprintf("%s_%s", phase, s), func(t *testing.T) {
				t.Parallel()
				before := course{phase: phase, since: noon, until: noon.Add(time.Hour), inARow: 1, failures: []time.Time{noon}}
				after := patient.next(before, s, noon.Add(time.Second), 0.5)
				if want, moves := table[phase][s]; moves {
					require.Equal(t, want, after.phase)
					require.Equal(t, noon.Add(time.Second), after.since)
				} else {
					require.Equal(t, before, after)
				}
			})
		}
	}
}

// play gives a course one signal after another, each at its time.
func play(c course, now *time.Time, all ...signal) course {
	for _, s := range all {
		if (s == due) && c.until.After(*now) {
			*now = c.until
		}
		c = patient.next(c, s, *now, 0.5)
	}
	return c
}

func TestPausesGrowUntilItIsGivenUp(t *testing.T) {
	t.Parallel()
	now := noon
	c := play(begun(now), &now, came)
	for _, pause := range []int64{0, 250, 500, 1000, 2000, 4000, 8000} {
		c = play(c, &now, ended)
		require.Equal(t, Restarting, c.phase)
		require.Equal(t, pause, c.until.Sub(now).Milliseconds())
		c = play(c, &now, due, came)
	}
	c = play(c, &now, ended)
	require.Equal(t, GivenUp, c.phase)
	require.Equal(t, patient.rest, c.until.Sub(now))
	require.Equal(t, 8, c.starts)
}

func TestAfterTheLongPauseItHasOneTry(t *testing.T) {
	t.Parallel()
	now := noon
	c := begun(now)
	for range patient.limit {
		c = play(c, &now, failing, due)
	}
	require.Equal(t, Starting, c.phase, "the last of them was the long pause")
	c = play(c, &now, failing)
	require.Equal(t, GivenUp, c.phase)
	c = play(c, &now, revived, failing)
	require.Equal(t, Restarting, c.phase, "the operator's word forgives")
	require.Equal(t, now, c.until)
}

func TestLongRunsAreForgiven(t *testing.T) {
	t.Parallel()
	now := noon
	c := play(begun(now), &now, came, ended, due, came, ended)
	require.Positive(t, c.until.Sub(now))
	c = play(c, &now, due, came)
	now = now.Add(patient.steady)
	c = play(c, &now, ended)
	require.Zero(t, c.until.Sub(now), "it ran for long: no pause")
	now = now.Add(patient.window)
	for range 100 {
		c = play(c, &now, due, came)
		now = now.Add(patient.window/time.Duration(patient.limit-1) + time.Second)
		c = play(c, &now, ended)
		require.Equal(t, Restarting, c.phase, "that seldom is not too often")
	}
	for c.phase != GivenUp {
		c = play(c, &now, due, came)
		now = now.Add(patient.steady)
		c = play(c, &now, ended)
	}
	require.LessOrEqual(t, c.starts, 103+patient.limit, "steady, but too often")
}

// TestAnyCourse plays anything: pauses are bounded, and what was drained stays so.
func TestAnyCourse(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		now, c := noon, begun(noon)
		for range rapid.IntRange(1, 60).Draw(t, "n") {
			now = now.Add(time.Duration(rapid.Int64Range(0, int64(time.Hour)).Draw(t, "passes")))
			before := c
			kept := append([]time.Time(nil), before.failures...)
			c = patient.next(c, rapid.SampledFrom(signals).Draw(t, "signal"), now, rapid.Float64Range(0, 0.999).Draw(t, "chance"))
			require.Equal(t, kept, append([]time.Time(nil), before.failures...), "a course was changed in place")
			require.LessOrEqual(t, len(c.failures), patient.limit)
			if c.phase != before.phase && (c.phase == Restarting || c.phase == GivenUp) {
				require.False(t, c.until.Before(now))
				require.LessOrEqual(t, c.until.Sub(now), patient.rest*12/10)
			}
			if before.phase == Draining {
				require.Equal(t, before, c)
			}
		}
	})
}
