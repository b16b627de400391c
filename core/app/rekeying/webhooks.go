package rekeying

import (
	"context"

	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/ports/store"
)

// hooks wraps the keys of one page of webhooks. They belong to a client and to no
// user.
func (s Service) hooks(ctx context.Context, owner ident.Client, after store.Key) (next store.Key, count Count, err error) {
	err = s.Store.Update(ctx, store.Fence{}, func(tx store.Tx) error {
		count = Count{}
		all, err := tx.Webhooks().List(ctx, owner, store.Page{After: after, Limit: pageSize})
		if err != nil {
			return err
		}
		next = all.Next
		for _, w := range all.Items {
			if err := s.hook(ctx, tx, w.ID, owner, &count); err != nil {
				return err
			}
		}
		return nil
	})
	return next, count, err
}

func (s Service) hook(ctx context.Context, tx store.Tx, id ident.Webhook, owner ident.Client, count *Count) error {
	found, err := tx.Webhooks().Get(ctx, owner, id)
	if fault.IsNotFound(err) {
		return nil
	}
	if err != nil {
		return err
	}
	count.Webhooks++
	again, changed, err := s.Box.Rewrap(owner, "", found.SealedKey)
	if err != nil || !changed {
		return err
	}
	count.Wrapped++
	found.SealedKey = again
	return tx.Webhooks().Put(ctx, found)
}
