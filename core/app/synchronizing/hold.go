package synchronizing

import (
	"context"
	"errors"
	"time"

	"github.com/tributary-dev/tributary/core/synchronization"
	"github.com/tributary-dev/tributary/ports/store"
)

var errLeaseLost = errors.New("synchronizing: the lease could not be kept")

// hold renews the lease until release is called. The context ends before the
// lease does: a bank call cannot be fenced, so it must not outlive it.
func (w *Worker) hold(ctx context.Context, fence store.Fence) (context.Context, func()) {
	held, lose := context.WithCancelCause(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		w.renew(held, lose, fence)
	}()
	return held, func() {
		lose(context.Canceled)
		<-done
	}
}

func (w *Worker) renew(ctx context.Context, lose context.CancelCauseFunc, fence store.Fence) {
	every := w.Limits.Lease / 3
	tick := time.NewTicker(every)
	defer tick.Stop()
	last := w.Real()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		now := w.Real()
		// A process that was paused wakes up here: its lease may be gone.
		if now.Sub(last) > w.Limits.Lease-every {
			lose(errLeaseLost)
			return
		}
		err := w.extend(ctx, fence, now.Add(w.Limits.Lease), every)
		if errors.Is(err, synchronization.ErrFenced) {
			lose(err)
			return
		}
		if err == nil {
			last = now
		}
	}
}

func (w *Worker) extend(ctx context.Context, fence store.Fence, until time.Time, patience time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	return w.Store.Update(ctx, fence, func(tx store.Tx) error {
		run, err := tx.Runs().Load(ctx, fence.Run)
		if err != nil {
			return err
		}
		run.Extend(until)
		return tx.Runs().Put(ctx, run)
	})
}
