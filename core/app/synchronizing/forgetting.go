package synchronizing

import (
	"context"
	"time"

	"github.com/tributary-dev/tributary/core/quota"
	"github.com/tributary-dev/tributary/ports/store"
)

// Forget deletes the calls that no bank counts any more, now and every so often,
// until ctx ends.
func (w *Worker) Forget(ctx context.Context, every time.Duration) error {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		err := w.Store.Update(ctx, store.Fence{}, func(tx store.Tx) error {
			return tx.Quotas().Sweep(ctx, w.Now().Add(-quota.Kept), w.Real().Add(-quota.Kept))
		})
		if err != nil && ctx.Err() == nil {
			w.Log.WarnContext(ctx, "old calls of banks not deleted", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}
