package consenting

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/tributary-dev/tributary/core/app/planning"
	"github.com/tributary-dev/tributary/core/app/withdrawing"
	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/consent"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/ports/jobs"
	"github.com/tributary-dev/tributary/ports/store"
)

// Sweeper does what time asks of consents. Several of them are no harm: each
// consent is looked at under its lock.
type Sweeper struct {
	Store store.Store
	// Now is the time that users see, Real that of orders to tell a bank.
	Now  func() time.Time
	Real func() time.Time
	Log  *slog.Logger
	// Planner says that a connection is not read by itself any more.
	Planner planning.Planner
	// Grace is how long a call may go on that no run is held for; 2 minutes where it
	// is zero.
	Grace time.Duration
}

// batch is how much is looked for at a time.
const batch = 200

// Sweep looks every so often until ctx ends: for consents that are due, for
// orders to banks whose job was lost, and for accesses that are too old.
func (s Sweeper) Sweep(ctx context.Context, every time.Duration, queue jobs.Enqueuer) error {
	tick := time.NewTicker(every)
	defer tick.Stop()
	var forgotten time.Time
	for {
		err := errors.Join(s.Look(ctx), s.remind(ctx, queue), s.Close(ctx))
		if now := s.Now(); now.Sub(forgotten).Abs() > time.Hour { // a sandbox's clock jumps, both ways
			err = errors.Join(err, s.Forget(ctx))
			forgotten = now
		}
		if err != nil && ctx.Err() == nil {
			s.Log.WarnContext(ctx, "consents not looked after", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// Look gives the notices that are due and ends what has ended, all there are.
func (s Sweeper) Look(ctx context.Context) error {
	for {
		due, err := s.due(ctx)
		if err != nil {
			return err
		}
		for _, c := range due {
			if err := s.one(ctx, c); err != nil {
				return err
			}
		}
		if len(due) < batch {
			return nil
		}
	}
}

func (s Sweeper) due(ctx context.Context) (due []*consent.Consent, err error) {
	err = s.Store.View(ctx, func(tx store.Tx) error {
		due = nil
		ids, err := tx.Consents().Due(ctx, s.Now(), batch)
		for _, id := range ids {
			c, err := tx.Consents().Load(ctx, id)
			if err != nil {
				return err
			}
			due = append(due, c)
		}
		return err
	})
	return due, err
}

// one looks at a consent. Its connection is locked before it, and told of its end.
func (s Sweeper) one(ctx context.Context, seen *consent.Consent) error {
	owner := store.Owner{Client: seen.ClientID, User: seen.UserID}
	err := s.Store.Update(ctx, store.Fence{}, func(tx store.Tx) error {
		c, agreed, err := lock(ctx, tx, owner, seen.ConnectionID, seen.ID)
		if err != nil {
			return err
		}
		ended := agreed.Look(s.Now())
		if err := tx.Consents().Put(ctx, agreed); err != nil || !ended || c == nil || !current(c, agreed) {
			return err
		}
		return s.lapse(ctx, tx, c, agreed.ChannelDefinition)
	})
	if fault.IsNotFound(err) { // erased meanwhile
		return nil
	}
	return err
}

func (s Sweeper) lapse(ctx context.Context, tx store.Tx, c *connection.Connection, definition string) error {
	if err := c.Lapse(definition); err != nil {
		return err
	}
	if err := s.Planner.Plan(ctx, c, s.Now()); err != nil {
		return err
	}
	return tx.Connections().Put(ctx, c)
}

// remind wakes the orders to tell a bank that are due.
func (s Sweeper) remind(ctx context.Context, queue jobs.Enqueuer) error {
	var due []ident.Consent
	err := s.Store.View(ctx, func(tx store.Tx) (err error) {
		due, err = tx.Withdrawals().Due(ctx, s.Real(), batch)
		return err
	})
	for _, id := range due {
		if err == nil {
			err = queue.Enqueue(ctx, jobs.Job{Kind: withdrawing.Job, Key: string(id)})
		}
	}
	return err
}

// Forget deletes accesses that were kept long enough.
func (s Sweeper) Forget(ctx context.Context) error {
	before := s.Now().Add(-consent.Retention)
	for {
		var count int
		err := s.Store.Update(ctx, store.Fence{}, func(tx store.Tx) (err error) {
			count, err = tx.Accesses().Sweep(ctx, before, 5*batch)
			return err
		})
		if err != nil || count < 5*batch {
			return err
		}
	}
}
