// Package keeping keeps accounts as their user wants them: it names and deletes
// them. What a bank tells of them is the business of synchronizing.
//
// Invariant: what a user deleted comes back only when it is asked for, and
// credentials do not outlive the accounts that they were given for.
package keeping

import (
	"context"
	"slices"
	"time"

	"github.com/tributary-dev/tributary/core/app/joining"
	"github.com/tributary-dev/tributary/core/app/planning"
	"github.com/tributary-dev/tributary/core/app/withdrawing"
	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/consent"
	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/core/synchronization"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
)

// Service implements usecase.Accounts.
type Service struct {
	Store store.Store
	Now   func() time.Time
	IDs   ident.Source
	// Planner says when what is left of a connection is read next.
	Planner planning.Planner
	// Real is the clock by which banks are told; nil means Now.
	Real func() time.Time
}

var _ usecase.Accounts = Service{}

// Change renames an account.
func (s Service) Change(ctx context.Context, p usecase.Principal, id string, change usecase.AccountChange) (changed ledger.Account, err error) {
	err = s.Store.Update(ctx, store.Fence{}, func(tx store.Tx) error {
		if changed, err = find(ctx, tx, p, id); err != nil {
			return err
		}
		before := changed.ShownName()
		if change.Name != nil {
			if err := changed.Rename(*change.Name); err != nil {
				return err
			}
		}
		if err := tx.Accounts().Put(ctx, changed); err != nil {
			return err
		}
		if changed.ShownName() != before {
			if err := tell(ctx, tx, changed, event.AccountsUpdated); err != nil {
				return err
			}
		}
		return planning.Accounts(ctx, tx, &changed)
	})
	return changed, err
}

func find(ctx context.Context, tx store.Tx, p usecase.Principal, id string) (ledger.Account, error) {
	parsed, err := ident.Parse[ident.Account](id)
	if err != nil {
		return ledger.Account{}, ledger.ErrAccountNotFound
	}
	return tx.Accounts().Get(ctx, p.Owner(), parsed)
}

func tell(ctx context.Context, tx store.Tx, a ledger.Account, name event.Name) error {
	return tx.Events().Append(ctx, a.ClientID, event.Draft{
		Name: name, Version: 1, UserID: a.UserID, ConnectionID: a.ConnectionID, Data: event.Data{"count": 1, "account_id": string(a.ID)},
	})
}

// Delete takes an account away and leaves a tombstone.
func (s Service) Delete(ctx context.Context, p usecase.Principal, id string) error {
	return s.Store.Update(ctx, store.Fence{}, func(tx store.Tx) error {
		gone, err := find(ctx, tx, p, id)
		if err != nil {
			return err
		}
		c, err := tx.Connections().Get(ctx, p.Owner(), gone.ConnectionID)
		if err != nil {
			return err
		}
		if err := tx.Accounts().Delete(ctx, p.Owner(), gone.ID); err != nil {
			return err
		}
		if err := tx.Accounts().Put(ctx, gone.Buried()); err != nil {
			return err
		}
		if err := tell(ctx, tx, gone, event.AccountsDeleted); err != nil {
			return err
		}
		if _, err := joining.Accounts(ctx, tx, store.Owner{Client: gone.ClientID, User: gone.UserID}); err != nil {
			return err
		}
		return s.drop(ctx, tx, withdrawing.By(p), c, gone)
	})
}

// drop empties the channels that showed nothing but this account, and ends a
// connection of which no channel is left.
func (s Service) drop(ctx context.Context, tx store.Tx, by consent.Actor, c *connection.Connection, gone ledger.Account) error {
	left, err := tx.Accounts().OfConnection(ctx, c.ID)
	if err != nil {
		return err
	}
	owner, err := tx.Users().Get(ctx, store.Owner{Client: c.ClientID}, c.UserID)
	if err != nil {
		return err
	}
	dropped := false
	for _, channel := range gone.SharedBy {
		shows := func(a ledger.Account) bool { return !a.Deleted && a.ShownBy(channel) }
		if slices.ContainsFunc(left, shows) {
			continue
		}
		err := withdrawing.Channel(ctx, tx, owner.SealedKey, c, channel, withdrawing.Because(by, s.Now, s.Real))
		if err != nil && !fault.IsNotFound(err) {
			return err
		}
		if err := c.Drop(channel); err != nil && !fault.IsNotFound(err) { // it may have left the connection
			return err
		}
		dropped = true
	}
	switch {
	case !dropped:
		return nil
	case !c.Standing():
		c.Deleted()
		return tx.Connections().Delete(ctx, c)
	}
	if err := idle(ctx, tx, c); err != nil {
		return err
	}
	if err := s.Planner.Plan(ctx, c, s.Now()); err != nil {
		return err
	}
	return tx.Connections().Put(ctx, c)
}

// idle refuses while a run is at work: it would read with what is being
// forgotten, and say so afterwards.
func idle(ctx context.Context, tx store.Tx, c *connection.Connection) error {
	run, err := tx.Runs().Active(ctx, c.ID)
	if err == nil {
		return synchronization.ErrRunning.About(string(run.ID))
	}
	if fault.IsNotFound(err) {
		return nil
	}
	return err
}
