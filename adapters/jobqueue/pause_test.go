package jobqueue

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestPauseGrowsToItsLimit(t *testing.T) {
	t.Parallel()
	config := Config{}.withDefaults()
	pauses := map[int]time.Duration{
		0: time.Second, 1: 2 * time.Second, 5: 32 * time.Second, 8: 256 * time.Second,
		9: 5 * time.Minute, 1 << 20: 5 * time.Minute,
	}
	for failures, pause := range pauses {
		require.Equal(t, pause, config.pause(failures), "after %d failures", failures)
	}
}

func TestFailuresAreReadFromTheRow(t *testing.T) {
	t.Parallel()
	require.Equal(t, 3, failures([]byte(`{"snoozes":3}`)))
	require.Zero(t, failures([]byte(`{}`)))
	require.Zero(t, failures([]byte(`nonsense`)))
}
