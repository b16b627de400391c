package pluginhost

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

func TestBackoff(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var b backoff
		waited := func() time.Duration {
			before := time.Now()
			require.NoError(t, b.wait(t.Context(), before))
			return time.Since(before)
		}
		require.Zero(t, waited(), "a first start")
		for _, pause := range []time.Duration{0, 250 * time.Millisecond, 500 * time.Millisecond, time.Second, 2 * time.Second} {
			b.started(time.Now())
			b.ended(time.Now())
			require.Equal(t, pause, waited())
		}
		for range 20 {
			b.failed(time.Now())
		}
		require.Equal(t, lastPause, waited(), "the pause is bounded")

		b.started(time.Now())
		time.Sleep(steady)
		b.ended(time.Now())
		require.Zero(t, waited(), "a process that ran for long is forgiven")
	})
}

func TestBackoffKeepsTheCallersDeadline(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var b backoff
		for range 6 {
			b.failed(time.Now())
		}
		began := time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		var pausing errPausing
		require.ErrorAs(t, b.wait(ctx, time.Now()), &pausing)
		require.Equal(t, b.notBefore, pausing.until)
		require.Zero(t, time.Since(began), "it does not wait for what cannot come in time")

		ctx, cancel = context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		require.ErrorIs(t, b.wait(ctx, time.Now()), context.Canceled)
		require.Equal(t, time.Second, time.Since(began))
	})
}
