package store

import (
	"context"
	"time"

	"github.com/tributary-dev/tributary/core/delivery"
	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/core/ident"
)

// Webhooks are the endpoints of clients. Get and Delete fail with
// delivery.ErrWebhookNotFound. Put appends the events recorded on the aggregate.
type Webhooks interface {
	// Get finds one. Inside Update, it locks the row.
	Get(ctx context.Context, client ident.Client, id ident.Webhook) (*delivery.Webhook, error)
	Put(ctx context.Context, ws ...*delivery.Webhook) error
	// Delete takes a webhook away with its deliveries.
	Delete(ctx context.Context, client ident.Client, id ident.Webhook) error
	// List is in the order of creation.
	List(ctx context.Context, client ident.Client, page Page) (Slice[*delivery.Webhook], error)
	// Load finds those that there are, of any client, in the order of their ids.
	// Inside Update, it locks the rows.
	Load(ctx context.Context, ids ...ident.Webhook) ([]*delivery.Webhook, error)
	// Due finds enabled ones with work that nobody serves at a time: their cursor
	// is behind their client's log, or a delivery is due. It costs a look at each
	// client's head, whatever the number of webhooks.
	Due(ctx context.Context, now time.Time, limit int) ([]ident.Webhook, error)
}

// Deliveries are what became of events for webhooks. They go with their webhook.
type Deliveries interface {
	// Put inserts or replaces any number of deliveries, no two of one event and
	// webhook.
	Put(ctx context.Context, ds ...delivery.Delivery) error
	// List is the newest event first. A webhook of another client has none.
	List(ctx context.Context, client ident.Client, webhook ident.Webhook, filter DeliveryFilter, page Page) (Slice[delivery.Delivery], error)
	// Some finds those of some events, in their order.
	Some(ctx context.Context, webhook ident.Webhook, seqs ...int64) ([]delivery.Delivery, error)
	// Beyond lists the numbers of events after seq that have a delivery, in order.
	Beyond(ctx context.Context, webhook ident.Webhook, seq int64, limit int) ([]int64, error)
	// Due finds pending ones that are to be tried at a time, the longest due first.
	Due(ctx context.Context, webhook ident.Webhook, now time.Time, limit int) ([]delivery.Delivery, error)
	// Next is when the next pending one is due; the zero time where there is none.
	Next(ctx context.Context, webhook ident.Webhook) (time.Time, error)
	// Backlog tells what all webhooks together still owe.
	Backlog(ctx context.Context) (Backlog, error)
	// Sweep deletes up to limit that began before a time and are not pending, and
	// tells how many.
	Sweep(ctx context.Context, before time.Time, limit int) (int, error)
}

// Backlog is what webhooks owe their endpoints.
type Backlog struct {
	// Behind counts the events that enabled webhooks have not come to; those that
	// they do not want count until they are looked at.
	Behind int64
	// Pending are deliveries that will be tried, again or at all; Oldest is when
	// the one began that has waited longest.
	Pending int64
	Oldest  time.Time
}

// DeliveryFilter restricts a list of deliveries; what is empty does not.
type DeliveryFilter struct {
	Status delivery.Status
	Name   event.Name
}
