package eventbus_test

import (
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/tributary-dev/tributary/adapters/eventbus"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/ports/bus"
	"github.com/tributary-dev/tributary/ports/bus/bustest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestLocal(t *testing.T) {
	t.Parallel()
	bustest.Run(t, func(t *testing.T) bus.Bus {
		local := eventbus.OpenLocal(eventbus.Config{})
		t.Cleanup(func() { require.NoError(t, local.Close()) })
		return local
	})
}

func TestSlowListenerHearsTheFurthest(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		local := eventbus.OpenLocal(eventbus.Config{})
		hints, err := local.Listen(t.Context(), "cli_slow")
		require.NoError(t, err)
		for seq := range int64(1000) {
			local.Publish(t.Context(), bus.Hint{Client: "cli_slow", Seq: seq})
		}
		synctest.Wait()
		require.Equal(t, int64(999), (<-hints).Seq)
		require.NoError(t, local.Close())
	})
}

// TestHintsLeaveNothingBehind runs alone: it counts goroutines. gochannel keeps
// one for every message until it is acknowledged.
func TestHintsLeaveNothingBehind(t *testing.T) {
	local := eventbus.OpenLocal(eventbus.Config{})
	_, err := local.Listen(t.Context(), "cli_slow")
	require.NoError(t, err)
	before := runtime.NumGoroutine()
	for seq := range int64(1000) {
		local.Publish(t.Context(), bus.Hint{Client: "cli_slow", Seq: seq})
	}
	require.Eventually(t, func() bool { return runtime.NumGoroutine() <= before+2 }, 30*time.Second, 10*time.Millisecond)
	require.NoError(t, local.Close())
}

func TestClosing(t *testing.T) {
	t.Parallel()
	local := eventbus.OpenLocal(eventbus.Config{})
	hints, err := local.Listen(t.Context(), "cli_a")
	require.NoError(t, err)
	require.NoError(t, local.Close())
	_, open := <-hints
	require.False(t, open, "a listener of a closed bus waits for ever")
	local.Publish(t.Context(), bus.Hint{Client: "cli_a", Seq: 1}) // lost, and no trouble
	_, err = local.Listen(t.Context(), "cli_a")
	require.Equal(t, fault.Unavailable, fault.KindOf(err))
	require.NoError(t, local.Close(), "closing twice is no trouble")
}
