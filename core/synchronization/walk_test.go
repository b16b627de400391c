package synchronization_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/core/synchronization"
)

var terminal = []event.Name{
	event.SynchronizationSucceeded, event.SynchronizationPartial, event.SynchronizationFailed,
	event.SynchronizationCancelled,
}

// walk drives one run with anything that can happen, in any order.
type walk struct {
	*synchronization.Synchronization
	now   time.Time
	told  map[event.Name]int
	claim int
}

func newWalk(legs int) *walk {
	return &walk{Synchronization: queued(legs), now: noon, told: map[event.Name]int{}}
}

func queued(legs int) *synchronization.Synchronization {
	return synchronization.New(synchronization.Order{
		ID: "syn_1", ClientID: "cli_1", UserID: "usr_1", ConnectionID: "con_1", Type: synchronization.All, Trigger: synchronization.Manual,
		Channels: []string{"a", "b", "c"}[:legs],
	}, noon)
}

var noon = time.Date(2026, 3, 12, 12, 0, 0, 0, time.UTC)

// steps are everything a run offers.
func (w *walk) steps() map[string]func(*rapid.T) error {
	return map[string]func(*rapid.T) error{
		"claim": func(*rapid.T) error { return w.claimed() },
		"pause": func(*rapid.T) error { return w.Pause("a", event.Data{}, w.now.Add(time.Minute)) },
		"await": func(*rapid.T) error { return w.Await("a", event.Data{}) },
		"poll":  func(*rapid.T) error { return w.Poll(w.now.Add(time.Second)) },
		"resume": func(*rapid.T) error {
			return w.Resume()
		},
		"cancel": func(*rapid.T) error { return w.Cancel(w.now) },
		"finish": func(*rapid.T) error { return w.Finish(w.now, &synchronization.Problem{Code: "X"}) },
		"rest":   func(*rapid.T) error { return w.Rest(w.now.Add(time.Hour)) },
		"wake":   func(*rapid.T) error { w.Wake(w.now); return nil },
		"extend": func(*rapid.T) error { w.Extend(w.now.Add(time.Minute)); return nil },
		"reach": func(t *rapid.T) error {
			w.Reach(rapid.SampledFrom(append(synchronization.Stages(), "NOWHERE")).Draw(t, "stage"), 0, rapid.IntRange(0, 1).Draw(t, "total"))
			return nil
		},
		"leg": func(t *rapid.T) error { w.leg(t); return nil },
		"time": func(t *rapid.T) error {
			w.now = w.now.Add(time.Duration(rapid.IntRange(1, 90).Draw(t, "seconds")) * time.Second)
			return nil
		},
	}
}

func (w *walk) claimed() error {
	w.claim++
	return w.Claim(fmt.Sprint("node", w.claim), w.now, w.now.Add(time.Minute))
}

// leg ends a leg, as whoever holds an unfinished run does.
func (w *walk) leg(t *rapid.T) {
	if leg := w.NextLeg(); leg != nil && !w.Status.Final() {
		leg.Phase = rapid.SampledFrom([]synchronization.Phase{synchronization.Done, synchronization.Incomplete, synchronization.Lost}).Draw(t, "phase")
		leg.Code = rapid.SampledFrom([]string{"RATE_LIMITED", "AUTH_FAILED"}).Draw(t, "code")
	}
}

// tell counts the events that were recorded.
func (w *walk) tell(t *rapid.T) int {
	drafts := w.Drain()
	for _, draft := range drafts {
		require.Equal(t, "syn_1", draft.Data["synchronization_id"])
		w.told[draft.Name]++
	}
	return len(drafts)
}

func (w *walk) ended() int {
	ends := 0
	for _, name := range terminal {
		ends += w.told[name]
	}
	return ends
}

func TestSynchronization_walks(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := newWalk(rapid.IntRange(0, 3).Draw(t, "legs"))
		steps := w.steps()
		names := make([]string, 0, len(steps))
		for name := range steps {
			names = append(names, name)
		}
		slices.Sort(names)
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			name := rapid.SampledFrom(names).Draw(t, "step")
			before := *w.Synchronization
			err := steps[name](t)
			told := w.tell(t)
			requireStep(t, w, name, before, err, told)
		}
		require.Equal(t, w.told[event.SynchronizationStarted], map[bool]int{true: 1, false: 0}[!w.StartedAt.IsZero()])
	})
}

func requireStep(t *rapid.T, w *walk, name string, before synchronization.Synchronization, err error, told int) {
	after := *w.Synchronization
	require.GreaterOrEqual(t, after.Lease.Epoch, before.Lease.Epoch, "the epoch only rises")
	switch {
	case before.Status.Final() || err != nil:
		before.Recorder, after.Recorder = event.Recorder{}, event.Recorder{}
		require.Equal(t, before, after, "%s on a run that is over, or refused, changes nothing", name)
		require.Zero(t, told)
	case name == "claim":
		require.False(t, before.Lease.Held(w.now), "a held lease refuses a claim")
		require.Equal(t, before.Lease.Epoch+1, after.Lease.Epoch)
		require.True(t, after.Lease.Held(w.now))
	case name == "cancel":
		require.Greater(t, after.Lease.Epoch, before.Lease.Epoch, "who works on it is fenced off")
	}
	if name == "claim" && before.Lease.Held(w.now) {
		require.ErrorIs(t, err, synchronization.ErrFenced)
	}
	if after.Status == synchronization.Running {
		require.NotEmpty(t, after.Lease.Owner, "what runs is in somebody's hands")
	}
	require.Equal(t, after.Status.Final(), w.ended() == 1, "one end, told once")
	require.LessOrEqual(t, w.ended(), 1)
	if after.Status.Final() {
		require.Equal(t, synchronization.StageFinish, after.Stage)
		require.NotZero(t, after.FinishedAt)
		require.Empty(t, after.Lease.Owner)
		require.Zero(t, after.DueAt)
	}
}
