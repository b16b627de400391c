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
// lease does, by a sixth of it, whatever the store does meanwhile: a bank call
// cannot be fenced, so it must not outlive the lease.
func (w *Worker) hold(ctx context.Context, fence store.Fence, until time.Time) (context.Context, func()) {
	held, lose := context.WithCancelCause(ctx)
	end := time.AfterFunc(w.left(until), func() { lose(errLeaseLost) })
	done := make(chan struct{})
	go func() {
		defer close(done)
		w.renew(held, lose, fence, until, end)
	}()
	return held, func() {
		lose(context.Canceled)
		<-done
		end.Stop()
	}
}

// left is how long work may go on under a lease. Without its monotonic part a
// time also counts how long the machine slept.
func (w *Worker) left(until time.Time) time.Duration {
	return until.Round(0).Sub(w.Real()) - w.Limits.Lease/6
}

func (w *Worker) renew(ctx context.Context, lose context.CancelCauseFunc, fence store.Fence, until time.Time, end *time.Timer) {
	tick := time.NewTicker(w.Limits.Lease / 3)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		// A process that was paused wakes up here: its lease may be gone.
		if w.left(until) <= 0 {
			lose(errLeaseLost)
			return
		}
		next := w.Real().Add(w.Limits.Lease)
		err := w.extend(ctx, fence, next, w.left(until))
		if errors.Is(err, synchronization.ErrFenced) {
			lose(err)
			return
		}
		if err == nil {
			until = next
			end.Reset(w.left(until))
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
