package synchronizing_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/app/synchronizing"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/synchronization"
	port "github.com/tributary-dev/tributary/ports/provider"
)

// hanging is a bank whose web site says nothing until it is let go.
func (w *world) hanging() (asked chan struct{}, letGo chan struct{}) {
	asked, letGo = make(chan struct{}, 100), make(chan struct{})
	w.bank.fetch = func(ctx context.Context, req port.Fetch, sink port.Sink) error {
		if req.Session.ChannelID == channelID {
			asked <- struct{}{}
			select {
			case <-letGo:
			case <-ctx.Done():
				return context.Cause(ctx)
			}
		}
		return readWith(sink, "of-"+req.Session.ChannelID)
	}
	return asked, letGo
}

// begin has workers take up so many runs at the bank that hangs, and counts those
// that are free again.
func (w *world) begin(n int) (runs []ident.Synchronization, free chan struct{}) {
	free = make(chan struct{}, n)
	for range n {
		id := w.connect().LastSynchronizationID
		runs = append(runs, id)
		go func() {
			_ = w.worker.Handle(w.ctx, string(id))
			free <- struct{}{}
		}()
		synctest.Wait() // they come in this order
	}
	return runs, free
}

// TestShare is a bank that hangs: users try, and try again, and no other bank
// notices.
func TestShare(t *testing.T) {
	t.Parallel()

	t.Run("Of_a_bank_that_hangs_is_half_of_the_workers", func(t *testing.T) {
		t.Parallel()
		inBubble(t, func(t *testing.T, w *world) {
			w.worker.Drain = synchronizing.NewDrain(0)
			asked, letGo := w.hanging()
			runs, free := w.begin(8)
			require.Len(t, asked, 5, "no more than that is asked of it")
			require.Len(t, free, 3, "the others wait without a worker")
			require.Equal(t, synchronization.Queued, w.run(runs[7]).Status)
			w.work(runs[7]) // swept for meanwhile
			other := w.connectBy(redirectID)
			w.work(other.LastSynchronizationID)
			require.Equal(t, synchronization.Success, w.run(other.LastSynchronizationID).Status)

			close(letGo)
			synctest.Wait()
			require.Len(t, asked, 8, "each is asked once")
			for _, id := range runs {
				require.Equal(t, synchronization.Success, w.run(id).Status)
			}
			w.worker.Drain.Close()
		})
	})

	t.Run("Is_kept_by_none_that_waits_for_its_user", func(t *testing.T) {
		t.Parallel()
		inBubble(t, func(t *testing.T, w *world) {
			w.worker.Limits.Look, w.worker.Drain = time.Second, synchronizing.NewDrain(0)
			w.worker.Drain.Share = 1
			w.bank.begin = func(port.Begin) (port.Step, error) { return asks("FORM", true), nil }
			runs, free := w.begin(3)
			require.Len(t, free, 3)
			for _, id := range runs {
				require.Equal(t, synchronization.Paused, w.run(id).Status)
			}
			w.worker.Drain.Close()
		})
	})

	t.Run("Is_waited_for_by_none_when_the_process_ends", func(t *testing.T) {
		t.Parallel()
		inBubble(t, func(t *testing.T, w *world) {
			w.worker.Drain = synchronizing.NewDrain(0)
			w.worker.Drain.Share = 1
			asked, letGo := w.hanging()
			runs, _ := w.begin(3)
			w.worker.Drain.End(w.ctx)
			close(letGo)
			synctest.Wait()
			require.Len(t, asked, 1)
			require.Equal(t, synchronization.Success, w.run(runs[0]).Status)
			require.Equal(t, synchronization.Queued, w.run(runs[1]).Status, "another process takes it up")
			w.worker.Drain.Close()
		})
	})
}
