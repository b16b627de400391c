package schedule_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tributary-dev/tributary/core/schedule"
)

// inState brings a breaker into a state, at noon.
func inState(t require.TestingT, state schedule.State) schedule.Breaker {
	var b schedule.Breaker
	switch at := noon; state {
	case schedule.Closed:
	case schedule.Open:
		tripped(&b, at)
	case schedule.HalfOpen:
		tripped(&b, at.Add(-time.Hour))
	case schedule.Probing:
		tripped(&b, at.Add(-time.Hour))
		admitted, _ := b.Admit(at.Add(-time.Minute))
		require.True(t, admitted)
	}
	require.Equal(t, state, b.State(noon))
	return b
}

func tripped(b *schedule.Breaker, at time.Time) {
	for range schedule.Threshold {
		b.Fail(at, nil)
	}
}

// TestBreaker is every state × what can happen to it.
func TestBreaker_explored(t *testing.T) {
	t.Parallel()
	for _, state := range schedule.States() {
		b := inState(t, state)
		admitted, wait := b.Admit(noon)
		require.Equal(t, state == schedule.Closed || state == schedule.HalfOpen, admitted, state)
		require.Equal(t, admitted, wait.IsZero(), state)
		if !admitted {
			require.True(t, wait.After(noon), state)
		}
		if state == schedule.HalfOpen {
			require.Equal(t, schedule.Probing, b.State(noon), "one probe, not two")
			require.Equal(t, schedule.HalfOpen, b.State(noon.Add(15*time.Minute)), "a probe that was lost is followed by another")
		}

		b = inState(t, state)
		before := b
		b.Fail(noon, most)
		switch state {
		case schedule.Closed:
			require.Equal(t, schedule.Closed, b.State(noon))
			require.Equal(t, 1, b.Failures)
		case schedule.Open:
			require.Equal(t, before, b, "what is known changes nothing")
		default:
			require.Equal(t, schedule.Open, b.State(noon))
			require.Equal(t, before.Trips+1, b.Trips)
			require.True(t, b.Until.After(noon.Add(10*time.Minute-1)), "for longer than the first time")
		}

		b = inState(t, state)
		b.Answer()
		require.True(t, b.Quiet())
		require.Equal(t, schedule.Closed, b.State(noon))
	}
}

func TestBreaker_opens_after_failures_in_a_row(t *testing.T) {
	t.Parallel()
	var b schedule.Breaker
	for i := range schedule.Threshold - 1 {
		b.Fail(noon.Add(time.Duration(i)*time.Minute), nil)
	}
	b.Answer()
	b.Fail(noon, nil)
	require.Equal(t, 1, b.Failures, "an answer between")
	for i := range 50 {
		b.Fail(noon.Add(time.Duration(i)*31*time.Minute), nil)
		require.Equal(t, schedule.Closed, b.State(noon.Add(time.Duration(i)*31*time.Minute)), "one now and then is no outage")
	}
}

func TestBreaker_is_open_for_longer_each_time_up_to_an_hour(t *testing.T) {
	t.Parallel()
	var b schedule.Breaker
	tripped(&b, noon)
	at := noon
	for _, minutes := range []int{5, 10, 20, 40, 60, 60, 60} {
		require.Equal(t, at.Add(time.Duration(minutes)*time.Minute), b.Until)
		at = b.Until
		require.Equal(t, schedule.HalfOpen, b.State(at))
		b.Fail(at, nil)
	}
}

// TestBreaker_survives_the_clock: however the clock steps, a bank is tried
// again within two hours of it.
func TestBreaker_survives_the_clock(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var b schedule.Breaker
		now := noon
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			now = now.Add(time.Duration(rapid.IntRange(-200, 200).Draw(t, "minutes")) * time.Minute)
			switch rapid.IntRange(0, 3).Draw(t, "what") {
			case 0:
				b.Admit(now)
			case 1:
				b.Answer()
			default:
				b.Fail(now, drawn(t))
			}
		}
		now = now.Add(time.Duration(rapid.IntRange(-20000, 20000).Draw(t, "jump")) * time.Minute)
		admitted, wait := b.Admit(now)
		for range 2 {
			if !admitted {
				admitted, wait = b.Admit(wait)
			}
		}
		require.True(t, admitted)
	})
}
