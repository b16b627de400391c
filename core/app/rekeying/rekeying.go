// Package rekeying wraps every key of a user or a webhook anew under the present
// master key. It knows nothing of key files or of when a master key is destroyed.
//
// Invariant: a key changes its wrapping only, in one transaction with
// the reading of it; a walk that was ended anywhere can begin again.
package rekeying

import (
	"bytes"
	"context"

	"github.com/tributary-dev/tributary/core/client"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/user"
	"github.com/tributary-dev/tributary/ports/sealer"
	"github.com/tributary-dev/tributary/ports/store"
)

// pageSize is how many users one transaction looks at: short enough that a
// server beside it hardly waits.
const pageSize = 50

// Service wraps keys.
type Service struct {
	Store store.Store
	Box   sealer.Rewrapper
}

// Count is what a walk saw.
type Count struct {
	// Users have a key, and so have Webhooks.
	Users    int `json:"users"`
	Webhooks int `json:"webhooks"`
	// Wrapped of them had it under an old master key.
	Wrapped int `json:"wrapped"`
}

// Wrap walks over all users and webhooks; told, if any, hears of the progress.
func (s Service) Wrap(ctx context.Context, told func(Count)) (count Count, err error) {
	err = s.clients(ctx, func(owner ident.Client) error {
		for _, page := range []pager{s.page, s.hooks} {
			if err := walk(ctx, owner, page, &count, told); err != nil {
				return err
			}
		}
		return nil
	})
	return count, err
}

// pager wraps one page of a client's keys in one transaction.
type pager func(ctx context.Context, owner ident.Client, after store.Key) (next store.Key, count Count, err error)

func walk(ctx context.Context, owner ident.Client, page pager, count *Count, told func(Count)) error {
	var after store.Key
	for {
		next, part, err := page(ctx, owner, after)
		if err != nil {
			return err
		}
		count.Users += part.Users
		count.Webhooks += part.Webhooks
		count.Wrapped += part.Wrapped
		if told != nil {
			told(*count)
		}
		if next == nil {
			return nil
		}
		after = next
	}
}

// page wraps one page of users in one transaction.
func (s Service) page(ctx context.Context, owner ident.Client, after store.Key) (next store.Key, count Count, err error) {
	err = s.Store.Update(ctx, store.Fence{}, func(tx store.Tx) error {
		count = Count{}
		users, err := tx.Users().List(ctx, owner, store.UserFilter{}, store.Page{After: after, Limit: pageSize})
		if err != nil {
			return err
		}
		next = users.Next
		for _, u := range users.Items {
			if err := s.wrap(ctx, tx, u.ID, owner, &count); err != nil {
				return err
			}
		}
		return nil
	})
	return next, count, err
}

// wrap reads the user again: Get locks it, a list does not.
func (s Service) wrap(ctx context.Context, tx store.Tx, id ident.User, owner ident.Client, count *Count) error {
	found, err := tx.Users().Get(ctx, store.Owner{Client: owner, User: id}, id)
	if fault.IsNotFound(err) { // erased since the list was read, key and all
		return nil
	}
	if err != nil {
		return err
	}
	if len(found.SealedKey) == 0 {
		return nil
	}
	count.Users++
	again, changed, err := s.Box.Rewrap(owner, id, found.SealedKey)
	if err != nil || !changed {
		return err
	}
	count.Wrapped++
	found.SealedKey = again
	return tx.Users().Put(ctx, found)
}

// Sample opens one user's key, and reports whether there was one: a server
// starts only with the master key that its database belongs to.
func (s Service) Sample(ctx context.Context) (found bool, err error) {
	err = s.clients(ctx, func(owner ident.Client) error {
		sample, err := s.oldest(ctx, owner)
		if found || err != nil || sample == nil {
			return err
		}
		found = true
		_, _, err = s.Box.Rewrap(owner, sample.ID, bytes.Clone(sample.SealedKey))
		return err
	})
	return found, err
}

// Holds reports whether there is anybody whose data a master key protects.
func (s Service) Holds(ctx context.Context) (found bool, err error) {
	err = s.clients(ctx, func(owner ident.Client) error {
		return s.Store.View(ctx, func(tx store.Tx) error {
			users, err := tx.Users().List(ctx, owner, store.UserFilter{}, store.Page{Limit: 1})
			if err != nil {
				return err
			}
			hooks, err := tx.Webhooks().List(ctx, owner, store.Page{Limit: 1})
			found = found || len(users.Items) > 0 || len(hooks.Items) > 0
			return err
		})
	})
	return found, err
}

func (s Service) oldest(ctx context.Context, owner ident.Client) (sample *user.User, err error) {
	err = s.Store.View(ctx, func(tx store.Tx) error {
		users, err := tx.Users().List(ctx, owner, store.UserFilter{}, store.Page{Limit: 1})
		if err == nil && len(users.Items) > 0 && len(users.Items[0].SealedKey) > 0 {
			sample = users.Items[0]
		}
		return err
	})
	return sample, err
}

func (s Service) clients(ctx context.Context, each func(ident.Client) error) error {
	var after store.Key
	for {
		var found store.Slice[client.Client]
		err := s.Store.View(ctx, func(tx store.Tx) (err error) {
			found, err = tx.Clients().List(ctx, store.Page{After: after, Limit: 100})
			return err
		})
		if err != nil {
			return err
		}
		for _, c := range found.Items {
			if err := each(c.ID); err != nil {
				return err
			}
		}
		if found.Next == nil {
			return nil
		}
		after = found.Next
	}
}
