package synchronizing

import (
	"context"
	"time"

	"github.com/tributary-dev/tributary/ports/store"
)

// perRow is much more than it takes to enter a row: a seventh of it is usual.
const perRow = time.Millisecond

// outlast is commit for what enters rows, and may take longer than a lease lasts.
// The transaction keeps the run from everybody until its end, our own renewals
// included. So the lease is made long enough before, or others would find the run
// due, take it up in vain, and we should have to stop when it is done. A process
// that dies meanwhile leaves the run for as long; what is usual is not extended.
func (v *visit) outlast(ctx context.Context, rows int, change func(ctx context.Context, tx store.Tx, at place) error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), v.Limits.Enter)
	defer cancel()
	if longer := min(time.Duration(rows)*perRow, v.Limits.Enter); longer > v.Limits.Lease/3 {
		if err := v.lease.extend(ctx, v.Limits.Lease+longer); err != nil {
			return err
		}
	}
	var until time.Time
	err := v.commit(ctx, func(tx store.Tx, at place) error {
		if err := change(ctx, tx, at); err != nil {
			return err
		}
		until = v.Real().Add(v.Limits.Lease)
		at.run.Extend(until)
		return nil
	})
	if err == nil {
		v.lease.lasts(until)
	}
	return err
}
