// Package connecting links users to providers: it creates, changes and ends
// connections, and takes what only the user can say. It never talks to a bank
// itself: it queues a run that does.
package connecting

import (
	"context"
	"fmt"
	"time"
	"unicode/utf8"

	"github.com/tributary-dev/tributary/core/app/access"
	"github.com/tributary-dev/tributary/core/app/synchronizing"
	"github.com/tributary-dev/tributary/core/app/vault"
	"github.com/tributary-dev/tributary/core/app/withdrawing"
	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/consent"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/synchronization"
	"github.com/tributary-dev/tributary/core/user"
	"github.com/tributary-dev/tributary/ports/provider"
	"github.com/tributary-dev/tributary/ports/sealer"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
)

// Service implements usecase.Connections, usecase.Challenges and usecase.Diagnoses.
type Service struct {
	Store     store.Store
	Catalogue provider.Catalogue
	Box       sealer.Box
	Now       func() time.Time
	IDs       ident.Source
	// Runs queues the synchronizations that connecting asks for.
	Runs synchronizing.Service
}

var (
	_ usecase.Connections = Service{}
	_ usecase.Challenges  = Service{}
	_ usecase.Diagnoses   = Service{}
)

// Create stores the connection and queues its first run, in one transaction.
func (s Service) Create(ctx context.Context, p usecase.Principal, order usecase.NewConnection) (*connection.Connection, error) {
	return s.CreateAlong(ctx, p, order, func(store.Tx, *connection.Connection) error { return nil })
}

// CreateAlong is Create with something that is stored along, or the connection
// is not.
func (s Service) CreateAlong(ctx context.Context, p usecase.Principal, order usecase.NewConnection, along func(store.Tx, *connection.Connection) error) (made *connection.Connection, err error) {
	if err := access.Direct(p); err != nil {
		return nil, err
	}
	plan, err := s.plan(ctx, order)
	if err != nil {
		return nil, err
	}
	err = s.Store.Update(ctx, store.Fence{}, func(tx store.Tx) error {
		owner, err := access.User(ctx, tx, p, order.UserID)
		if err != nil {
			return err
		}
		for i, channel := range order.Channels {
			if err := chosen(ctx, tx, p.Client, plan.definitions[i].Plugin, channel.Credentials, fmt.Sprintf("body.channels[%d].credentials", i)); err != nil {
				return err
			}
		}
		if made, err = s.build(p, owner, order, plan); err != nil {
			return err
		}
		given, err := s.give(p, made, order.TermsVersion)
		if err != nil {
			return err
		}
		for _, agreed := range given {
			if err := tx.Consents().Put(ctx, agreed); err != nil {
				return err
			}
		}
		kind := synchronization.All
		if made.Selective {
			kind = synchronization.ListAccounts
		}
		if _, err := s.Runs.Queue(ctx, tx, made, p, synchronization.Connect, kind); err != nil {
			return err
		}
		return along(tx, made)
	})
	if err != nil {
		return nil, err
	}
	return made, nil
}

func (s Service) build(p usecase.Principal, owner *user.User, order usecase.NewConnection, plan plan) (*connection.Connection, error) {
	name := order.Name
	if name == "" {
		name = plan.provider.Name
	}
	id := ident.New[ident.Connection](s.IDs)
	made, err := connection.New(id, p.Client, owner.ID, plan.provider.ID, name, plan.channels(), order.AutoSync, s.Now())
	if err != nil {
		return nil, err
	}
	made.Selective = order.Selective
	for i := range made.Channels {
		channel := &made.Channels[i]
		box := vault.For(s.Box, owner, made, channel.DefinitionID, plan.definitions[i].Plugin)
		if channel.SealedCredentials, err = box.SealCredentials(order.Channels[i].Credentials); err != nil {
			return nil, err
		}
	}
	return made, nil
}

// give makes the consents of a new connection: whoever orders it says that its
// user agreed.
func (s Service) give(p usecase.Principal, c *connection.Connection, terms string) (given []*consent.Consent, err error) {
	for _, channel := range c.Channels {
		agreed := s.Runs.Give(p, c, channel.DefinitionID, terms)
		if err := c.Agree(channel.DefinitionID, agreed.ID, agreed.ValidUntil); err != nil {
			return nil, err
		}
		given = append(given, agreed)
	}
	return given, nil
}

// Get finds one connection.
func (s Service) Get(ctx context.Context, p usecase.Principal, id string) (found *connection.Connection, err error) {
	err = s.Store.View(ctx, func(tx store.Tx) error {
		found, err = find(ctx, tx, p, id)
		return err
	})
	return found, err
}

func find(ctx context.Context, tx store.Tx, p usecase.Principal, id string) (*connection.Connection, error) {
	parsed, err := ident.Parse[ident.Connection](id)
	if err != nil {
		return nil, connection.ErrNotFound
	}
	return tx.Connections().Get(ctx, p.Owner(), parsed)
}

// List pages through connections.
func (s Service) List(ctx context.Context, p usecase.Principal, filter store.ConnectionFilter, page store.Page) (slice store.Slice[*connection.Connection], err error) {
	err = s.Store.View(ctx, func(tx store.Tx) error {
		slice, err = tx.Connections().List(ctx, p.Owner(), filter, page)
		return err
	})
	return slice, err
}

// Change renames a connection, or switches its daily synchronization.
func (s Service) Change(ctx context.Context, p usecase.Principal, id string, change usecase.ConnectionChange) (changed *connection.Connection, err error) {
	err = s.Store.Update(ctx, store.Fence{}, func(tx store.Tx) error {
		if changed, err = find(ctx, tx, p, id); err != nil {
			return err
		}
		name, auto := changed.Name, changed.AutoSync
		if change.Name != nil {
			name = *change.Name
		}
		if change.AutoSync != nil {
			auto = *change.AutoSync
		}
		if !named(name) {
			return errName
		}
		changed.Rename(name, auto)
		if err := s.Runs.Planner.Plan(ctx, changed, s.Now()); err != nil {
			return err
		}
		return tx.Connections().Put(ctx, changed)
	})
	if err != nil {
		return nil, err
	}
	return changed, nil
}

var (
	badName = fault.At("body.name", "has 1 to 200 characters")
	errName = fault.New(fault.Invalid, "invalid_connection_name", "A connection's name has 1 to 200 characters.").With(badName)
)

func named(name string) bool { return name != "" && utf8.RuneCountInString(name) <= 200 }

// Delete ends a connection; a run at work is fenced off by its row being gone.
func (s Service) Delete(ctx context.Context, p usecase.Principal, id string) error {
	return s.Store.Update(ctx, store.Fence{}, func(tx store.Tx) error {
		gone, err := find(ctx, tx, p, id)
		if err != nil {
			return err
		}
		owner, err := tx.Users().Get(ctx, store.Owner{Client: gone.ClientID}, gone.UserID)
		if err != nil {
			return err
		}
		if err := withdrawing.Connection(ctx, tx, owner, gone, withdrawing.Why(p, s.Now, s.Runs.RealTime)); err != nil {
			return err
		}
		gone.Deleted()
		return tx.Connections().Delete(ctx, gone)
	})
}
