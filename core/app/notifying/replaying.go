package notifying

import (
	"context"

	"github.com/tributary-dev/tributary/core/delivery"
	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
)

// Bounds of a replay: of one call, and of one transaction of it.
const (
	MaxReplay  = 10_000
	replayPart = 1000
)

// Replay queues events to be sent again. Those that the webhook has not come to
// yet are sent anyway.
func (s Service) Replay(ctx context.Context, p usecase.Principal, id string, what usecase.Replay) (done usecase.Replayed, err error) {
	var queued ident.Webhook
	after := what.After
	for {
		var part int
		err = s.Store.Update(ctx, store.Fence{}, func(tx store.Tx) error {
			part = 0
			w, err := find(ctx, tx, p, id)
			if err != nil {
				return err
			}
			if !w.Serves() {
				return delivery.ErrWebhookDisabled
			}
			queued = w.ID
			events, next, err := chosen(ctx, tx, w, what, after)
			if err != nil {
				return err
			}
			after, part = next, len(events)
			return s.queue(ctx, tx, w, events)
		})
		if err != nil {
			return done, err
		}
		done.Queued += part
		if after == 0 || done.Queued >= MaxReplay {
			break
		}
	}
	done.Next = after
	s.tell(queued)
	return done, nil
}

// chosen are the next events of a replay, and where to go on; 0 is the end.
func chosen(ctx context.Context, tx store.Tx, w *delivery.Webhook, what usecase.Replay, after int64) (events []event.Event, next int64, err error) {
	if len(what.Events) > 0 {
		events, err = tx.Events().Named(ctx, w.ClientID, what.Events...)
		if err == nil && len(events) < distinct(what.Events) {
			err = delivery.ErrEventNotFound
		}
		return events, 0, err
	}
	filter := store.EventFilter{User: w.Filter.UserID, Connection: w.Filter.ConnectionID, Names: w.Filter.Names}
	found, err := tx.Events().After(ctx, w.ClientID, after, filter, replayPart)
	if err != nil {
		return nil, 0, err
	}
	for _, e := range found {
		if e.Seq <= what.Until {
			events = append(events, e)
		}
	}
	if len(events) == replayPart && events[replayPart-1].Seq < what.Until {
		next = events[replayPart-1].Seq
	}
	return events, next, nil
}

func distinct(ids []ident.Event) int {
	seen := map[ident.Event]bool{}
	for _, id := range ids {
		seen[id] = true
	}
	return len(seen)
}

// queue makes deliveries pending. Beyond the cursor only what was sent already
// has one: the rest is about to get it.
func (s Service) queue(ctx context.Context, tx store.Tx, w *delivery.Webhook, events []event.Event) error {
	seqs := make([]int64, 0, len(events))
	for _, e := range events {
		seqs = append(seqs, e.Seq)
	}
	known, err := tx.Deliveries().Some(ctx, w.ID, seqs...)
	if err != nil || len(events) == 0 {
		return err
	}
	before := map[int64]delivery.Delivery{}
	for _, d := range known {
		before[d.Seq] = d
	}
	var rows []delivery.Delivery
	now := s.Real()
	for _, e := range events {
		if d, sent := before[e.Seq]; sent {
			rows = append(rows, d.Again(now))
		} else if e.Seq <= w.Cursor {
			rows = append(rows, delivery.NewDelivery(w.ID, e, now))
		}
	}
	if err := tx.Deliveries().Put(ctx, rows...); err != nil || len(rows) == 0 {
		return err
	}
	w.Expect(now)
	return tx.Webhooks().Put(ctx, w)
}

// Deliveries pages through them.
func (s Service) Deliveries(ctx context.Context, p usecase.Principal, id string, filter store.DeliveryFilter, page store.Page) (slice store.Slice[delivery.Delivery], err error) {
	err = s.Store.View(ctx, func(tx store.Tx) error {
		w, err := find(ctx, tx, p, id)
		if err != nil {
			return err
		}
		slice, err = tx.Deliveries().List(ctx, p.Client, w.ID, filter, page)
		return err
	})
	return slice, err
}
