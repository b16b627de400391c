package delivering

import (
	"context"
	"time"

	"github.com/tributary-dev/tributary/core/delivery"
	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
)

// Lend gives events that no other consumer of the queue has, for a while.
func (s Service) Lend(ctx context.Context, p usecase.Principal, id string, limit int, hold, wait time.Duration) (lent usecase.Lent, err error) {
	// A lease that expires is in no log: whoever waits for one looks for it.
	lent.Events, err = s.waiting(ctx, p, wait, nil, func() ([]event.Event, error) {
		spare, err := s.spare(ctx, p, id, limit)
		if err != nil || len(spare) == 0 {
			return nil, err
		}
		lent, err = s.lend(ctx, p, id, limit, hold)
		return lent.Events, err
	})
	return lent, err
}

// spare looks for events to lend without writing: whoever waits looks often.
func (s Service) spare(ctx context.Context, p usecase.Principal, id string, limit int) (found []event.Event, err error) {
	err = s.Store.View(ctx, func(tx store.Tx) error {
		queue, err := find(ctx, tx, p, id)
		if err != nil {
			return err
		}
		_, found, err = s.free(ctx, tx, queue, limit)
		return err
	})
	return found, err
}

// free finds the stretch that is next, and its events.
func (s Service) free(ctx context.Context, tx store.Tx, q *delivery.Queue, limit int) (delivery.Stretch, []event.Event, error) {
	stretch, err := q.Free(s.real())
	if err != nil {
		return stretch, nil, err
	}
	found, err := tx.Events().After(ctx, q.ClientID, stretch.After, wanted(q), limit)
	for i, e := range found {
		if stretch.Through != 0 && e.Seq > stretch.Through {
			return stretch, found[:i], err
		}
	}
	return stretch, found, err
}

func (s Service) lend(ctx context.Context, p usecase.Principal, id string, limit int, hold time.Duration) (lent usecase.Lent, err error) {
	err = s.Store.Update(ctx, store.Fence{}, func(tx store.Tx) error {
		lent = usecase.Lent{}
		queue, err := find(ctx, tx, p, id)
		if err != nil {
			return err
		}
		stretch, found, err := s.free(ctx, tx, queue, limit)
		if err != nil || len(found) == 0 { // another consumer was faster
			return err
		}
		lent.Events = found
		lent.Lease = queue.Lend(ident.New[ident.Lease](s.IDs), stretch, found[len(found)-1].Seq, s.real().Add(hold))
		return tx.Queues().Put(ctx, queue)
	})
	return lent, err
}

// Return acknowledges what a lease gave, up to a number.
func (s Service) Return(ctx context.Context, p usecase.Principal, id, lease string, seq int64) (queue *delivery.Queue, err error) {
	parsed, err := ident.Parse[ident.Lease](lease)
	if err != nil {
		return nil, delivery.ErrLease
	}
	err = s.Store.Update(ctx, store.Fence{}, func(tx store.Tx) error {
		if queue, err = find(ctx, tx, p, id); err != nil {
			return err
		}
		if err := queue.Return(parsed, seq); err != nil {
			return err
		}
		return tx.Queues().Put(ctx, queue)
	})
	if err != nil {
		return nil, err
	}
	return queue, nil
}

// real is the time of leases.
func (s Service) real() time.Time {
	if s.Real == nil {
		return s.Now()
	}
	return s.Real()
}

// wanted is a queue's filter, as the log knows it.
func wanted(q *delivery.Queue) store.EventFilter {
	return store.EventFilter{User: q.Filter.UserID, Connection: q.Filter.ConnectionID, Names: q.Filter.Names}
}
