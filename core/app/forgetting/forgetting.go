// Package forgetting lets go of events that are older than the log is kept, in
// order, a little at a time. Nobody is skipped silently: whoever is behind is
// refused (event.ErrGone), and a queue that loses something it wanted has that
// told by an event.
package forgetting

import (
	"context"
	"log/slog"
	"time"

	"github.com/tributary-dev/tributary/core/delivery"
	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/ports/store"
)

// Sweeper forgets what is old.
type Sweeper struct {
	Store store.Store
	// Now is the time that events are stamped with.
	Now func() time.Time
	// Keep is how long an event is kept; zero is for ever.
	Keep time.Duration
	// Every is the pause between two looks, Rest that between two parts.
	Every, Rest time.Duration
	Log         *slog.Logger
}

const (
	// part is how many events one transaction forgets: so few that a writer does
	// not notice.
	part = 200
	// clients is how many logs one look finds.
	clients = 100
)

// Run forgets until ctx ends.
func (s Sweeper) Run(ctx context.Context) error {
	if s.Keep <= 0 {
		return nil
	}
	for wait := time.Duration(0); s.sleeps(ctx, wait); wait = s.Every {
		if err := s.Sweep(ctx); err != nil && ctx.Err() == nil {
			s.Log.WarnContext(ctx, "old events not forgotten", "error", err)
		}
	}
	return nil
}

// Sweep forgets what is old now.
func (s Sweeper) Sweep(ctx context.Context) error {
	before := s.Now().Add(-s.Keep)
	for {
		var found []ident.Client
		err := s.Store.View(ctx, func(tx store.Tx) (err error) {
			found, err = tx.Past().Clients(ctx, before, clients)
			return err
		})
		if err != nil || len(found) == 0 {
			return err
		}
		for _, client := range found {
			if err := s.client(ctx, client, before); err != nil {
				return err
			}
		}
	}
}

// client forgets the old end of one log.
func (s Sweeper) client(ctx context.Context, client ident.Client, before time.Time) error {
	for {
		count, err := s.forget(ctx, client, before)
		if err != nil || count < part {
			return err
		}
		if !s.sleeps(ctx, s.Rest) {
			return ctx.Err()
		}
	}
}

// forget forgets one part.
func (s Sweeper) forget(ctx context.Context, client ident.Client, before time.Time) (count int, err error) {
	err = s.Store.Update(ctx, store.Fence{}, func(tx store.Tx) error {
		old, err := tx.Past().Events(ctx, client, before, part)
		if count = len(old); err != nil || count == 0 {
			return err
		}
		if err := settle(ctx, tx, client, old); err != nil {
			return err
		}
		return tx.Past().Forget(ctx, client, old[count-1].Seq)
	})
	return count, err
}

// settle looks after queues that have not acknowledged what is forgotten. One
// that wanted nothing of it moves on with the log; one that did stays where it
// is, and that is told. Those that were behind before know it already.
func settle(ctx context.Context, tx store.Tx, client ident.Client, old []event.Event) error {
	through := old[len(old)-1].Seq
	queues, err := tx.Past().Queues(ctx, client, old[0].Seq-1, through)
	if err != nil {
		return err
	}
	for _, q := range queues {
		if loses(q, old) {
			if err := tx.Events().Append(ctx, client, q.Lost(through)); err != nil {
				return err
			}
			continue
		}
		q.Pass(through)
		if err := tx.Queues().Put(ctx, q); err != nil {
			return err
		}
	}
	return nil
}

func loses(q *delivery.Queue, old []event.Event) bool {
	for _, e := range old {
		if e.Seq > q.Acked && q.Filter.Wants(e) {
			return true
		}
	}
	return false
}

// sleeps waits, and reports whether there is still something to do.
func (Sweeper) sleeps(ctx context.Context, pause time.Duration) bool {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return ctx.Err() == nil
	}
}
