package sandbox_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tributary-dev/tributary/core/sandbox"
)

var genesis = time.Date(2026, 3, 1, 10, 0, 0, 123456789, time.UTC)

func TestMove_goes_on_back_and_to_an_instant(t *testing.T) {
	t.Parallel()
	var c sandbox.Clock
	require.Equal(t, genesis, c.Now(genesis))
	for _, step := range []struct{ by, want time.Duration }{{24 * time.Hour, 24 * time.Hour}, {-time.Hour, 23 * time.Hour}, {-48 * time.Hour, -25 * time.Hour}} {
		require.NoError(t, c.Move(sandbox.Movement{Advance: &step.by}, genesis))
		require.Equal(t, step.want, c.Offset)
		require.Equal(t, genesis.Add(step.want), c.Now(genesis))
	}
	require.EqualValues(t, 3, c.Revision)
	rapid.Check(t, func(t *rapid.T) {
		to := genesis.Add(time.Duration(rapid.Int64Range(-1e18/2, 1e18/2).Draw(t, "to")))
		require.NoError(t, c.Move(sandbox.Movement{Now: &to}, genesis))
		require.Zero(t, c.Offset%time.Second)
		require.False(t, c.Now(genesis).Before(to))
		require.Less(t, c.Now(genesis).Sub(to), time.Second)
	})
}

func TestMove_refuses_and_changes_nothing(t *testing.T) {
	t.Parallel()
	hour, part, far := time.Hour, 1500*time.Millisecond, sandbox.MaxOffset+time.Second
	longest, endOfTime, distant := time.Duration(1<<63-1), time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC), genesis.Add(sandbox.MaxOffset+2*time.Second)
	for name, c := range map[string]struct {
		m    sandbox.Movement
		want error
	}{
		"nothing": {sandbox.Movement{}, sandbox.ErrMovement}, "both": {sandbox.Movement{Advance: &hour, Now: &genesis}, sandbox.ErrMovement},
		"parts of a second": {sandbox.Movement{Advance: &part}, sandbox.ErrTooFar}, "too far": {sandbox.Movement{Advance: &far}, sandbox.ErrTooFar},
		"overflow": {sandbox.Movement{Advance: &longest}, sandbox.ErrTooFar}, "the end of time": {sandbox.Movement{Now: &endOfTime}, sandbox.ErrTooFar},
		"a distant instant": {sandbox.Movement{Now: &distant}, sandbox.ErrTooFar}, "no instant": {sandbox.Movement{Now: &time.Time{}}, sandbox.ErrTooFar},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			moved := sandbox.Clock{Offset: time.Hour, Revision: 7}
			require.ErrorIs(t, moved.Move(c.m, genesis), c.want)
			require.Equal(t, sandbox.Clock{Offset: time.Hour, Revision: 7}, moved)
		})
	}
}
