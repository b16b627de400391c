// Package notifying pushes events to the endpoints of clients: it keeps webhooks
// for the API, and the dispatcher of each server sends what they want.
//
// Invariants: every event that a webhook wants is sent until the endpoint took it
// or the schedule ended, whatever was killed between; what is sent twice has the
// same id; an endpoint has so many requests at once and no more, and never keeps
// another waiting; of several servers one at a time serves a webhook.
package notifying

import (
	"context"
	"io"
	"time"

	"github.com/tributary-dev/tributary/core/app/access"
	"github.com/tributary-dev/tributary/core/app/vault"
	"github.com/tributary-dev/tributary/core/delivery"
	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/secret"
	"github.com/tributary-dev/tributary/ports/sealer"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
	"github.com/tributary-dev/tributary/ports/webhook"
)

// Service implements usecase.Webhooks and usecase.Deliveries.
type Service struct {
	Store  store.Store
	Sender webhook.Sender
	Box    sealer.Box
	Encode Encode
	// Now is what users see; Real is real time, which deliveries are on.
	Now, Real func() time.Time
	IDs       ident.Source
	// Changed is told of a webhook that is not what it was; nobody is when nil.
	Changed func(ident.Webhook)
}

// Encode writes an event as endpoints get it.
type Encode func(event.Event) ([]byte, error)

var (
	_ usecase.Webhooks   = Service{}
	_ usecase.Deliveries = Service{}
)

// Create makes a webhook that begins with the next event.
func (s Service) Create(ctx context.Context, p usecase.Principal, order usecase.NewWebhook) (made usecase.MadeWebhook, err error) {
	w := &delivery.Webhook{
		ID: ident.New[ident.Webhook](s.IDs), ClientID: p.Client, URL: order.URL, Description: order.Description, Filter: order.Filter,
		Algorithm: order.Algorithm, Status: delivery.Enabled, CreatedAt: s.Real(),
	}
	if err := s.acceptable(p, w); err != nil {
		return made, err
	}
	if w.SealedKey, err = vault.NewWebhookKey(s.Box, w); err != nil {
		return made, err
	}
	key, err := s.renew(w, 0)
	if err != nil {
		return made, err
	}
	err = s.Store.Update(ctx, store.Fence{}, func(tx store.Tx) error { return s.add(ctx, tx, p, w) })
	return usecase.MadeWebhook{Webhook: w, Secret: key}, err
}

func (s Service) add(ctx context.Context, tx store.Tx, p usecase.Principal, w *delivery.Webhook) (err error) {
	if err := reachable(ctx, tx, p, w.Filter); err != nil {
		return err
	}
	all, err := tx.Webhooks().List(ctx, p.Client, store.Page{Limit: delivery.MaxWebhooks})
	if err != nil {
		return err
	}
	if len(all.Items) >= delivery.MaxWebhooks {
		return delivery.ErrTooManyWebhooks
	}
	if w.Cursor, err = tx.Events().Head(ctx, p.Client); err != nil {
		return err
	}
	return tx.Webhooks().Put(ctx, w)
}

// acceptable looks at what can be said without asking the store.
func (s Service) acceptable(p usecase.Principal, w *delivery.Webhook) error {
	if err := access.ClientOnly(p); err != nil {
		return err
	}
	if err := w.Check(); err != nil {
		return err
	}
	return s.Sender.Check(w.URL)
}

// reachable refuses a filter that names what is not the client's.
func reachable(ctx context.Context, tx store.Tx, p usecase.Principal, f delivery.Filter) error {
	if f.UserID != "" {
		if _, err := access.User(ctx, tx, p, string(f.UserID)); err != nil {
			return err
		}
	}
	if f.ConnectionID != "" {
		_, err := tx.Connections().Get(ctx, store.Owner{Client: p.Client, User: f.UserID}, f.ConnectionID)
		return err
	}
	return nil
}

// renew gives a webhook a new secret, and tells what its client has to know.
func (s Service) renew(w *delivery.Webhook, overlap time.Duration) (secret.String, error) {
	raw := make([]byte, delivery.KeySize)
	if _, err := io.ReadFull(s.IDs.Rand, raw); err != nil {
		return secret.String{}, err
	}
	key := secret.FromBytes(raw)
	sealed, err := vault.SealSigning(s.Box, w, key)
	if err != nil {
		return secret.String{}, err
	}
	made := delivery.Secret{Sealed: sealed, CreatedAt: s.Real()}
	told := delivery.HMACSecret(key)
	if w.Algorithm == delivery.Ed25519 {
		made.PublicKey, told = delivery.PublicKey(key), secret.String{}
	}
	w.Rotate(made, overlap, s.Real())
	return told, nil
}

// Get finds one.
func (s Service) Get(ctx context.Context, p usecase.Principal, id string) (found *delivery.Webhook, err error) {
	err = s.Store.View(ctx, func(tx store.Tx) error {
		found, err = find(ctx, tx, p, id)
		return err
	})
	return found, err
}

func find(ctx context.Context, tx store.Tx, p usecase.Principal, id string) (*delivery.Webhook, error) {
	if err := access.ClientOnly(p); err != nil {
		return nil, err
	}
	parsed, err := ident.Parse[ident.Webhook](id)
	if err != nil {
		return nil, delivery.ErrWebhookNotFound
	}
	return tx.Webhooks().Get(ctx, p.Client, parsed)
}

// List pages through them.
func (s Service) List(ctx context.Context, p usecase.Principal, page store.Page) (slice store.Slice[*delivery.Webhook], err error) {
	if err := access.ClientOnly(p); err != nil {
		return slice, err
	}
	err = s.Store.View(ctx, func(tx store.Tx) error {
		slice, err = tx.Webhooks().List(ctx, p.Client, page)
		return err
	})
	return slice, err
}
