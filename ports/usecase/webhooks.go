package usecase

import (
	"context"
	"time"

	"github.com/tributary-dev/tributary/core/delivery"
	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/secret"
	"github.com/tributary-dev/tributary/ports/store"
)

// Webhooks push events to a client.
type Webhooks interface {
	// Create also gives the secret, which nobody can ask for later; with Ed25519
	// there is none to give.
	Create(ctx context.Context, p Principal, order NewWebhook) (MadeWebhook, error)
	Get(ctx context.Context, p Principal, id string) (*delivery.Webhook, error)
	List(ctx context.Context, p Principal, page store.Page) (store.Slice[*delivery.Webhook], error)
	Change(ctx context.Context, p Principal, id string, change WebhookChange) (*delivery.Webhook, error)
	Delete(ctx context.Context, p Principal, id string) error
	// Rotate gives a new secret. Those before it sign beside it for the overlap.
	Rotate(ctx context.Context, p Principal, id string, overlap time.Duration) (MadeWebhook, error)
}

// Deliveries are what became of events for a webhook.
type Deliveries interface {
	// Test sends an event that is in no log, now, whatever the webhook's status.
	Test(ctx context.Context, p Principal, id string) (delivery.Delivery, error)
	// Deliveries pages through them, the newest event first.
	Deliveries(ctx context.Context, p Principal, id string, filter store.DeliveryFilter, page store.Page) (store.Slice[delivery.Delivery], error)
	// Replay queues events to be sent again.
	Replay(ctx context.Context, p Principal, id string, what Replay) (Replayed, error)
}

// NewWebhook orders a webhook.
type NewWebhook struct {
	URL         string
	Description string
	Filter      delivery.Filter
	Algorithm   delivery.Algorithm
}

// MadeWebhook is a webhook with its newest secret; that is empty where the client
// needs the public key alone.
type MadeWebhook struct {
	Webhook *delivery.Webhook
	Secret  secret.String
}

// WebhookChange holds what changes; nil stays.
type WebhookChange struct {
	URL         *string
	Description *string
	Filter      *FilterChange
	Enabled     *bool
}

// FilterChange holds what changes of a filter; nil stays, what is empty does not
// restrict any more.
type FilterChange struct {
	UserID       *ident.User
	ConnectionID *ident.Connection
	Names        *[]event.Name
}

// Replay says which events: those after a number up to another, as far as the
// webhook wants them, or some by their ids.
type Replay struct {
	After, Until int64
	Events       []ident.Event
}

// Replayed says what became of that.
type Replayed struct {
	Queued int
	// Next is where to go on where not all was queued; else 0.
	Next int64
}
