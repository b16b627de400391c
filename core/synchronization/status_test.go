package synchronization_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/synchronization"
)

// The life of a run, restated by hand: from QUEUED, RUNNING, WAITING; "" is refused.
var life = map[synchronization.Input][3]synchronization.Status{
	synchronization.Claimed:   {"RUNNING", "RUNNING", "RUNNING"},
	synchronization.Asked:     {"", "WAITING", ""},
	synchronization.Resumed:   {"", "RUNNING", "RUNNING"},
	synchronization.Limited:   {"", "WAITING", "WAITING"},
	synchronization.Succeeded: {"", "SUCCESS", ""},
	synchronization.Partially: {"", "PARTIAL_SUCCESS", "PARTIAL_SUCCESS"},
	synchronization.Broken:    {"FAILED", "FAILED", "FAILED"},
	synchronization.Withdrawn: {"CANCELLED", "CANCELLED", "CANCELLED"},
}

func TestNext_explored(t *testing.T) {
	t.Parallel()
	column := map[synchronization.Status]int{synchronization.Queued: 0, synchronization.Running: 1, synchronization.Paused: 2}
	require.Len(t, life, len(synchronization.Inputs()))
	for _, status := range synchronization.Statuses() {
		for _, input := range synchronization.Inputs() {
			at, open := column[status]
			require.Equal(t, open, !status.Final(), status)
			want := synchronization.Status("")
			if open {
				want = life[input][at]
			}
			next, err := synchronization.Next(status, input)
			if want == "" {
				require.ErrorIs(t, err, synchronization.ErrOver, "%s %s", status, input)
				require.Equal(t, status, next, "a refused input changes nothing")
				continue
			}
			require.NoError(t, err, "%s %s", status, input)
			require.Equal(t, want, next, "%s %s", status, input)
		}
	}
	for _, unknown := range []synchronization.Status{"", "DONE"} {
		_, err := synchronization.Next(unknown, synchronization.Claimed)
		require.ErrorIs(t, err, synchronization.ErrOver)
	}
}

// TestNext_reaches_everything: no status is out of reach, and none but the
// final ones is a dead end.
func TestNext_reaches_everything(t *testing.T) {
	t.Parallel()
	reached, todo := map[synchronization.Status]bool{}, []synchronization.Status{synchronization.Queued}
	for len(todo) > 0 {
		status := todo[0]
		todo = todo[1:]
		if reached[status] {
			continue
		}
		reached[status] = true
		ways := 0
		for _, input := range synchronization.Inputs() {
			if next, err := synchronization.Next(status, input); err == nil {
				todo, ways = append(todo, next), ways+1
			}
		}
		require.Equal(t, status.Final(), ways == 0, status)
	}
	require.Len(t, reached, len(synchronization.Statuses()))
}
