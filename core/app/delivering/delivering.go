// Package delivering lets clients read their events through queues. The log is
// the truth; hints only shorten the wait.
package delivering

import (
	"cmp"
	"context"
	"time"

	"github.com/tributary-dev/tributary/core/app/access"
	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/delivery"
	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/ports/bus"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
)

// Service implements usecase.Queues.
type Service struct {
	Store store.Store
	Bus   bus.Bus
	Now   func() time.Time
	IDs   ident.Source
	// Real is the clock of leases; nil means Now, where the two are one.
	Real func() time.Time
	// Watch looks for readers who wait although no hint came; nil has each of them
	// look, every two seconds.
	Watch *Watcher
}

var _ usecase.Queues = Service{}

// Create makes a queue that starts now. In user mode it sees that user only.
func (s Service) Create(ctx context.Context, p usecase.Principal, filter delivery.Filter) (queue *delivery.Queue, err error) {
	err = s.Store.Update(ctx, store.Fence{}, func(tx store.Tx) error {
		if p.User != "" || filter.UserID != "" {
			owner, err := access.User(ctx, tx, p, string(filter.UserID))
			if err != nil {
				return err
			}
			filter.UserID = owner.ID
		}
		if filter.ConnectionID != "" {
			if err := owned(ctx, tx, store.Owner{Client: p.Client, User: filter.UserID}, filter.ConnectionID); err != nil {
				return err
			}
		}
		head, err := tx.Events().Head(ctx, p.Client)
		if err != nil {
			return err
		}
		if queue, err = delivery.New(ident.New[ident.Queue](s.IDs), p.Client, filter, head, s.Now()); err != nil {
			return err
		}
		return tx.Queues().Put(ctx, queue)
	})
	return queue, err
}

// owned fails unless the connection belongs to an owner.
func owned(ctx context.Context, tx store.Tx, owner store.Owner, id ident.Connection) error {
	parsed, err := ident.Parse[ident.Connection](string(id))
	if err != nil {
		return connection.ErrNotFound
	}
	_, err = tx.Connections().Get(ctx, owner, parsed)
	return err
}

// List pages through queues.
func (s Service) List(ctx context.Context, p usecase.Principal, page store.Page) (slice store.Slice[*delivery.Queue], err error) {
	err = s.Store.View(ctx, func(tx store.Tx) error {
		slice, err = tx.Queues().List(ctx, p.Owner(), page)
		return err
	})
	return slice, err
}

// Ack remembers what was dealt with.
func (s Service) Ack(ctx context.Context, p usecase.Principal, id string, seq int64) (queue *delivery.Queue, err error) {
	err = s.Store.Update(ctx, store.Fence{}, func(tx store.Tx) error {
		if queue, err = find(ctx, tx, p, id); err != nil {
			return err
		}
		head, err := tx.Events().Head(ctx, p.Client)
		if err != nil {
			return err
		}
		if err := queue.Ack(seq, head); err != nil {
			return err
		}
		return tx.Queues().Put(ctx, queue)
	})
	return queue, err
}

// Delete forgets a queue, and wakes those who wait at it: no event tells them.
func (s Service) Delete(ctx context.Context, p usecase.Principal, id string) error {
	err := s.Store.Update(ctx, store.Fence{}, func(tx store.Tx) error {
		queue, err := find(ctx, tx, p, id)
		if err != nil {
			return err
		}
		return tx.Queues().Delete(ctx, p.Owner(), queue.ID)
	})
	if err == nil {
		s.Bus.Publish(ctx, bus.Hint{Client: p.Client})
	}
	return err
}

func find(ctx context.Context, tx store.Tx, p usecase.Principal, id string) (*delivery.Queue, error) {
	parsed, err := ident.Parse[ident.Queue](id)
	if err != nil {
		return nil, delivery.ErrNotFound
	}
	return tx.Queues().Get(ctx, p.Owner(), parsed)
}

// Events reads, and waits where nothing is there yet.
func (s Service) Events(ctx context.Context, p usecase.Principal, id string, after *int64, limit int, wait time.Duration) ([]event.Event, error) {
	return s.waiting(ctx, p, wait, s.Watch, func() ([]event.Event, error) { return s.read(ctx, p, id, after, limit) })
}

// waiting reads once, or until something is there.
func (s Service) waiting(ctx context.Context, p usecase.Principal, wait time.Duration, watch *Watcher, read func() ([]event.Event, error)) ([]event.Event, error) {
	if wait <= 0 {
		return read()
	}
	patience, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	hints, err := s.Bus.Listen(patience, p.Client)
	if err != nil {
		hints = nil // without a broker it takes a look longer, no more
	}
	if watch != nil {
		return await(ctx, patience, hints, watch.watch(patience, p.Client), read)
	}
	look := time.NewTicker(pauseOf(0))
	defer look.Stop()
	return await(ctx, patience, hints, look.C, read)
}

// await listens before it reads, so that an event between the two is not missed.
func await[T any](ctx, patience context.Context, hints <-chan bus.Hint, look <-chan T, read func() ([]event.Event, error)) ([]event.Event, error) {
	for {
		found, err := read()
		if err != nil || len(found) > 0 {
			return found, err
		}
		select {
		case <-patience.Done():
			return nil, ctx.Err()
		case _, open := <-hints:
			if !open {
				hints = nil
			}
		case <-look:
		}
	}
}

// pauseOf is how often somebody looks although no hint came.
func pauseOf(set time.Duration) time.Duration { return cmp.Or(set, 2*time.Second) }

func (s Service) read(ctx context.Context, p usecase.Principal, id string, after *int64, limit int) (found []event.Event, err error) {
	err = s.Store.View(ctx, func(tx store.Tx) error {
		queue, err := find(ctx, tx, p, id)
		if err != nil {
			return err
		}
		from := queue.Acked
		if after != nil {
			from = *after
		}
		found, err = tx.Events().After(ctx, p.Client, from, wanted(queue), limit)
		return err
	})
	return found, err
}
