package synchronizing

import (
	"context"
	"time"

	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/ports/jobs"
	"github.com/tributary-dev/tributary/ports/store"
)

// Sweep wakes runs that are due and that nobody holds: those of a killed
// process, those whose job was lost, and those that rested. The table is the truth, a job only
// wakes. It looks every so often until ctx ends.
func (w *Worker) Sweep(ctx context.Context, every time.Duration, queue jobs.Enqueuer) error {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		if err := w.wakeDue(ctx, queue); err != nil && ctx.Err() == nil {
			w.Log.WarnContext(ctx, "due synchronizations not found", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

func (w *Worker) wakeDue(ctx context.Context, queue jobs.Enqueuer) error {
	var due []ident.Synchronization
	err := w.Store.View(ctx, func(tx store.Tx) (err error) {
		if due, err = tx.Runs().Due(ctx, w.Real(), 100); err != nil {
			return err
		}
		rested, err := tx.Runs().Rested(ctx, w.Now(), 100)
		due = append(due, rested...)
		return err
	})
	for _, id := range due {
		if err == nil {
			err = queue.Enqueue(ctx, jobs.Job{Kind: Job, Key: string(id)})
		}
	}
	return err
}
