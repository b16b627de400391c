package notifying

import (
	"context"
	"time"

	"github.com/tributary-dev/tributary/core/delivery"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
)

// Change changes what is given.
func (s Service) Change(ctx context.Context, p usecase.Principal, id string, change usecase.WebhookChange) (*delivery.Webhook, error) {
	return s.update(ctx, p, id, func(tx store.Tx, w *delivery.Webhook) error {
		if change.URL != nil {
			w.URL = *change.URL
		}
		if change.Description != nil {
			w.Description = *change.Description
		}
		if change.Filter != nil {
			refilter(&w.Filter, *change.Filter)
			if err := reachable(ctx, tx, p, w.Filter); err != nil {
				return err
			}
		}
		if change.Enabled != nil && *change.Enabled {
			w.Enable()
		} else if change.Enabled != nil {
			w.Disable(delivery.ByClient)
		}
		return s.acceptable(p, w)
	})
}

func refilter(f *delivery.Filter, change usecase.FilterChange) {
	if change.UserID != nil {
		f.UserID = *change.UserID
	}
	if change.ConnectionID != nil {
		f.ConnectionID = *change.ConnectionID
	}
	if change.Names != nil {
		f.Names = *change.Names
	}
}

// update changes a webhook, and has the dispatcher told.
func (s Service) update(ctx context.Context, p usecase.Principal, id string, change func(store.Tx, *delivery.Webhook) error) (found *delivery.Webhook, err error) {
	err = s.Store.Update(ctx, store.Fence{}, func(tx store.Tx) error {
		if found, err = find(ctx, tx, p, id); err != nil {
			return err
		}
		if err := change(tx, found); err != nil {
			return err
		}
		return tx.Webhooks().Put(ctx, found)
	})
	if err != nil {
		return nil, err
	}
	s.tell(found.ID)
	return found, nil
}

func (s Service) tell(id ident.Webhook) {
	if s.Changed != nil {
		s.Changed(id)
	}
}

// Rotate gives a new secret.
func (s Service) Rotate(ctx context.Context, p usecase.Principal, id string, overlap time.Duration) (made usecase.MadeWebhook, err error) {
	overlap = min(max(overlap, 0), delivery.MaxOverlap)
	made.Webhook, err = s.update(ctx, p, id, func(_ store.Tx, w *delivery.Webhook) error {
		made.Secret, err = s.renew(w, overlap)
		return err
	})
	return made, err
}

// Delete takes a webhook away. What is being sent at the moment arrives.
func (s Service) Delete(ctx context.Context, p usecase.Principal, id string) error {
	var gone ident.Webhook
	err := s.Store.Update(ctx, store.Fence{}, func(tx store.Tx) error {
		found, err := find(ctx, tx, p, id)
		if err != nil {
			return err
		}
		gone = found.ID
		return tx.Webhooks().Delete(ctx, p.Client, gone)
	})
	if err == nil {
		s.tell(gone)
	}
	return err
}
