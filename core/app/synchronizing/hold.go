package synchronizing

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/tributary-dev/tributary/core/synchronization"
	"github.com/tributary-dev/tributary/ports/store"
)

var errLeaseLost = errors.New("synchronizing: the lease could not be kept")

// lease keeps a run for whoever works on it.
type lease struct {
	worker *Worker
	fence  store.Fence
	lose   context.CancelCauseFunc
	over   chan struct{}

	mu    sync.Mutex
	until time.Time
	end   *time.Timer
}

// hold renews the lease until it is released. The context ends before the lease
// does, by a sixth of it, whatever the store does meanwhile: a bank call cannot be
// fenced, so it must not outlive the lease.
func (w *Worker) hold(ctx context.Context, fence store.Fence, until time.Time) (context.Context, *lease) {
	held, lose := context.WithCancelCause(ctx)
	l := &lease{worker: w, fence: fence, lose: lose, over: make(chan struct{}), until: until}
	l.end = time.AfterFunc(l.left(), func() { lose(errLeaseLost) })
	go func() {
		defer close(l.over)
		l.renew(held)
	}()
	return held, l
}

func (l *lease) release() {
	l.lose(context.Canceled)
	<-l.over
	l.end.Stop()
}

// ends is when the lease does.
func (l *lease) ends() time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.until
}

// lasts notes that the lease was given another end.
func (l *lease) lasts(until time.Time) {
	l.mu.Lock()
	l.until = until
	l.mu.Unlock()
	l.end.Reset(l.left())
}

// left is how long work may go on under the lease. Without its monotonic part a
// time also counts how long the machine slept.
func (l *lease) left() time.Duration {
	return l.ends().Round(0).Sub(l.worker.Real()) - l.worker.Limits.Lease/6
}

func (l *lease) renew(ctx context.Context) {
	tick := time.NewTicker(l.worker.Limits.Lease / 3)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		// A process that was paused wakes up here: its lease may be gone.
		if l.left() <= 0 {
			l.lose(errLeaseLost)
			return
		}
		if err := l.extend(ctx, l.worker.Limits.Lease); errors.Is(err, synchronization.ErrFenced) {
			l.lose(err)
			return
		}
	}
}

// extend has the lease last for so long from now, where it does not yet.
func (l *lease) extend(ctx context.Context, by time.Duration) error {
	until := l.worker.Real().Add(by)
	if !until.After(l.ends()) {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, l.left())
	defer cancel()
	err := l.worker.Store.Update(ctx, l.fence, func(tx store.Tx) error {
		run, err := tx.Runs().Load(ctx, l.fence.Run)
		if err != nil {
			return err
		}
		run.Extend(until)
		return tx.Runs().Put(ctx, run)
	})
	if err == nil {
		l.lasts(until)
	}
	return err
}
