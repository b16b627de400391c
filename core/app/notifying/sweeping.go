package notifying

import (
	"context"
	"time"

	"github.com/tributary-dev/tributary/ports/store"
)

const (
	// kept is how long what is over is known.
	kept = 30 * 24 * time.Hour
	// sweepEvery and sweepPart keep sweeps apart, and short.
	sweepEvery = time.Hour
	sweepPart  = 1000
)

// Sweep deletes deliveries that are over and old, now and then until ctx ends.
func (d *Dispatcher) Sweep(ctx context.Context) error {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for {
		if err := d.sweep(ctx); err != nil && ctx.Err() == nil {
			d.Log.WarnContext(ctx, "old deliveries not deleted", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

func (d *Dispatcher) sweep(ctx context.Context) error {
	for {
		var count int
		err := d.Store.Update(ctx, store.Fence{}, func(tx store.Tx) (err error) {
			count, err = tx.Deliveries().Sweep(ctx, d.Real().Add(-kept), sweepPart)
			return err
		})
		if err != nil || count < sweepPart {
			return err
		}
	}
}
