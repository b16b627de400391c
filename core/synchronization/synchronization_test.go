package synchronization_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/core/synchronization"
)

func claimed(t *testing.T, legs int) *synchronization.Synchronization {
	t.Helper()
	s := queued(legs)
	require.NoError(t, s.Claim("node", noon, noon.Add(time.Minute)))
	s.Drain()
	return s
}

func names(drafts []event.Draft) []event.Name {
	var all []event.Name
	for _, draft := range drafts {
		all = append(all, draft.Name)
	}
	return all
}

func TestNew(t *testing.T) {
	t.Parallel()
	s := queued(2)
	require.Equal(t, synchronization.Queued, s.Status)
	require.Equal(t, synchronization.StageStart, s.Stage)
	require.Equal(t, []synchronization.Leg{{ChannelDefinition: "a", Phase: synchronization.Waiting}, {ChannelDefinition: "b", Phase: synchronization.Waiting}}, s.Legs)
	require.Equal(t, noon, s.DueAt)
	require.Equal(t, "b", s.Leg("b").ChannelDefinition)
	require.Nil(t, s.Leg("z"))
}

// TestFinish explores every pair of legs.
func TestFinish(t *testing.T) {
	t.Parallel()
	type leg struct {
		phase synchronization.Phase
		code  string
	}
	done, incomplete := leg{synchronization.Done, ""}, leg{synchronization.Incomplete, ""}
	lost, throttled, unfinished := leg{synchronization.Lost, "AUTH_FAILED"}, leg{synchronization.Lost, "RATE_LIMITED"}, leg{synchronization.Waiting, ""}
	legs := []leg{done, incomplete, lost, throttled, unfinished}
	for _, a := range legs {
		for _, b := range legs {
			s := claimed(t, 2)
			s.Legs[0].Phase, s.Legs[0].Code, s.Legs[1].Phase, s.Legs[1].Code = a.phase, a.code, b.phase, b.code
			require.Equal(t, a == throttled && b == throttled, s.Limited())
			require.NoError(t, s.Finish(noon, &synchronization.Problem{Code: "WHY"}))
			status, name := synchronization.Partial, event.SynchronizationPartial
			switch {
			case a == done && b == done:
				status, name = synchronization.Success, event.SynchronizationSucceeded
			case a != done && a != incomplete && b != done && b != incomplete:
				status, name = synchronization.Failed, event.SynchronizationFailed
			}
			require.Equal(t, status, s.Status, "%v %v", a, b)
			drafts := s.Drain()
			require.Equal(t, []event.Name{name}, names(drafts), "%v %v", a, b)
			require.Equal(t, "WHY", drafts[0].Data["error"])
			require.ErrorIs(t, s.Finish(noon, nil), synchronization.ErrOver)
		}
	}
	none := claimed(t, 0)
	require.NoError(t, none.Finish(noon, nil))
	require.Equal(t, synchronization.Failed, none.Status)
	require.Equal(t, []event.Name{event.SynchronizationFailed}, names(none.Drain()))
}

func TestFinish_of_a_waiting_run_keeps_what_was_read(t *testing.T) {
	t.Parallel()
	s := claimed(t, 2)
	s.Legs[0].Phase = synchronization.Done
	require.NoError(t, s.Await("b", event.Data{"type": "FORM"}))
	s.Legs[1].Phase = synchronization.Lost
	require.NoError(t, s.Finish(noon, nil))
	require.Equal(t, synchronization.Partial, s.Status)
}

func TestPause_lets_go_and_Await_holds_on(t *testing.T) {
	t.Parallel()
	due := noon.Add(10 * time.Minute)
	s := claimed(t, 1)
	require.NoError(t, s.Pause("a", event.Data{"type": "FORM"}, due))
	require.Equal(t, synchronization.Lease{Epoch: 1}, s.Lease)
	require.Equal(t, due, s.DueAt)
	require.Equal(t, synchronization.StageInteractive, s.Stage)
	drafts := s.Drain()
	require.Equal(t, []event.Name{event.SynchronizationChallengeRequired}, names(drafts))
	require.Equal(t, "a", drafts[0].ChannelDefinition)
	s.Extend(noon.Add(time.Minute))
	require.Equal(t, due, s.DueAt, "a late renewal does not move it")
	require.ErrorIs(t, s.Resume(), synchronization.ErrFenced, "nobody holds it")
	s.Wake(noon)
	require.Equal(t, noon, s.DueAt)
	require.NoError(t, s.Claim("other", noon, noon.Add(time.Minute)))
	require.Empty(t, s.Drain(), "it started before")
	require.NoError(t, s.Poll(due))
	require.Empty(t, s.Drain(), "the user was asked before")

	s = claimed(t, 1)
	require.NoError(t, s.Await("a", event.Data{}))
	require.ErrorIs(t, s.Claim("other", noon, due), synchronization.ErrFenced)
	s.Extend(due)
	require.Equal(t, due, s.Lease.Until)
	require.NoError(t, s.Resume())
	require.Equal(t, synchronization.Running, s.Status)
	require.EqualValues(t, 1, s.Lease.Epoch)
}

func TestLease_ends_on_time(t *testing.T) {
	t.Parallel()
	s := claimed(t, 1)
	require.True(t, s.Lease.Held(noon.Add(time.Minute-1)))
	require.False(t, s.Lease.Held(noon.Add(time.Minute)))
	require.NoError(t, s.Claim("other", noon.Add(time.Minute), noon.Add(time.Hour)))
	require.EqualValues(t, 2, s.Lease.Epoch)
	require.Equal(t, noon, s.StartedAt, "it started once")
}

func TestReach_goes_forward_and_begins_again_for_each_leg(t *testing.T) {
	t.Parallel()
	s := queued(1)
	s.Reach(synchronization.StageConnect, 0, 0)
	require.Equal(t, synchronization.StageStart, s.Stage, "nobody runs it yet")
	s = claimed(t, 1)
	for _, step := range []struct {
		to    synchronization.Stage
		total int
		now   synchronization.Stage
		told  int
	}{
		{synchronization.StageConnect, 0, synchronization.StageConnect, 1},
		{synchronization.StageConnect, 0, synchronization.StageConnect, 0},
		{synchronization.StageRecent, 0, synchronization.StageRecent, 1},
		{synchronization.StageRecent, 5, synchronization.StageRecent, 1},
		{synchronization.StageAccounts, 5, synchronization.StageRecent, 0},
		{"NOWHERE", 5, synchronization.StageRecent, 0},
		{synchronization.StageInteractive, 0, synchronization.StageInteractive, 1},
		{synchronization.StageFull, 0, synchronization.StageFull, 1},
		{synchronization.StageConnect, 0, synchronization.StageConnect, 1},
		{synchronization.StageStart, 0, synchronization.StageConnect, 0},
	} {
		s.Reach(step.to, 0, step.total)
		require.Equal(t, step.now, s.Stage)
		require.Len(t, s.Drain(), step.told, step.to)
	}
}

func TestCancel_fences_the_holder_off(t *testing.T) {
	t.Parallel()
	s := claimed(t, 1)
	require.NoError(t, s.Cancel(noon))
	require.EqualValues(t, 2, s.Lease.Epoch)
	require.Equal(t, []event.Name{event.SynchronizationCancelled}, names(s.Drain()))
	require.ErrorIs(t, s.Cancel(noon), synchronization.ErrOver)
	require.ErrorIs(t, s.Claim("other", noon, noon), synchronization.ErrOver)
}

// TestHopeless is after six holders that were lost with nothing to show for it.
func TestHopeless(t *testing.T) {
	t.Parallel()
	lose := func(s *synchronization.Synchronization, times int) {
		for range times {
			at := s.Lease.Until.Add(time.Second)
			require.NoError(t, s.Claim("node", at, at.Add(time.Minute)))
		}
	}
	s := claimed(t, 1)
	require.Zero(t, s.Fruitless, "the first holder has lost nobody")
	lose(s, 5)
	require.False(t, s.Hopeless())
	lose(s, 1)
	require.True(t, s.Hopeless())
	for name, further := range map[string]func(*synchronization.Synchronization) error{
		"asks":   func(s *synchronization.Synchronization) error { return s.Pause("a", nil, noon) },
		"awaits": func(s *synchronization.Synchronization) error { return s.Await("a", nil) },
		"a_leg":  func(s *synchronization.Synchronization) error { s.Progress(); return nil },
	} {
		s := claimed(t, 1)
		lose(s, 6)
		require.NoError(t, further(s), name)
		require.False(t, s.Hopeless(), name)
	}
	s = claimed(t, 1)
	for range 20 { // a process that shuts down in good order
		s.LetGo(noon)
		require.NoError(t, s.Claim("node", noon, noon.Add(time.Minute)))
	}
	require.Zero(t, s.Fruitless)
}
