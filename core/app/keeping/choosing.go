package keeping

import (
	"context"
	"slices"

	"github.com/tributary-dev/tributary/core/app/joining"
	"github.com/tributary-dev/tributary/core/app/withdrawing"
	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/consent"
	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
)

// Choose decides about the accounts that a connection offers, with something that
// is stored along: those that are chosen are kept from now on, of the others
// nothing stays but what they are recognised by. The connection is nil where it
// went, because nothing of it is shared.
func (s Service) Choose(ctx context.Context, p usecase.Principal, id ident.Connection, chosen []ident.Account, along func(store.Tx, *connection.Connection) error) error {
	return s.choose(ctx, p.Owner(), withdrawing.By(p), id, chosen, along)
}

// Lapse decides as if nothing had been chosen, because who was to choose is gone:
// offered names are not kept for nobody.
func (s Service) Lapse(ctx context.Context, owner store.Owner, id ident.Connection, along func(store.Tx) error) error {
	return s.choose(ctx, owner, consent.ByTime, id, nil, func(tx store.Tx, _ *connection.Connection) error { return along(tx) })
}

func (s Service) choose(ctx context.Context, owner store.Owner, by consent.Actor, id ident.Connection, chosen []ident.Account, along func(store.Tx, *connection.Connection) error) error {
	return s.Store.Update(ctx, store.Fence{}, func(tx store.Tx) error {
		c, err := tx.Connections().Get(ctx, owner, id)
		if err != nil {
			return err
		}
		if err := idle(ctx, tx, c); err != nil {
			return err
		}
		kept, gone, err := decide(ctx, tx, c, chosen)
		if err != nil {
			return err
		}
		if err := welcome(ctx, tx, c, kept); err != nil {
			return err
		}
		if err := s.drop(ctx, tx, by, c, ledger.Account{SharedBy: channelsOf(gone)}); err != nil {
			return err
		}
		if !c.Standing() {
			c = nil
		}
		return along(tx, c)
	})
}

// decide keeps the accounts that are chosen, and buries the others.
func decide(ctx context.Context, tx store.Tx, c *connection.Connection, chosen []ident.Account) (kept int, gone []ledger.Account, err error) {
	all, err := tx.Accounts().OfConnection(ctx, c.ID)
	if err != nil {
		return 0, nil, err
	}
	for _, account := range all {
		switch {
		case !account.Offered():
		case slices.Contains(chosen, account.ID):
			kept++
			err = tx.Accounts().Put(ctx, account.Shared())
		default:
			gone = append(gone, account)
			err = bury(ctx, tx, account)
		}
		if err != nil {
			return 0, nil, err
		}
	}
	if kept < len(chosen) {
		return 0, nil, ledger.ErrAccountNotFound
	}
	return kept, gone, nil
}

// bury forgets the name of an account that was not chosen. One that was shared
// before lies again under the id by which it was known.
func bury(ctx context.Context, tx store.Tx, account ledger.Account) error {
	buried := account.Buried()
	if account.Supersedes != "" {
		owner := store.Owner{Client: account.ClientID, User: account.UserID}
		if err := tx.Accounts().Delete(ctx, owner, account.ID); err != nil {
			return err
		}
		buried.ID = account.Supersedes
	}
	return tx.Accounts().Put(ctx, buried)
}

// welcome tells of accounts that were chosen.
func welcome(ctx context.Context, tx store.Tx, c *connection.Connection, kept int) error {
	if kept == 0 {
		return nil
	}
	err := tx.Events().Append(ctx, c.ClientID, event.Draft{
		Name: event.AccountsAdded, Version: 1, UserID: c.UserID, ConnectionID: c.ID, Data: event.Data{"count": kept},
	})
	if err != nil {
		return err
	}
	_, err = joining.Accounts(ctx, tx, store.Owner{Client: c.ClientID, User: c.UserID})
	return err
}

func channelsOf(accounts []ledger.Account) (channels []string) {
	for _, account := range accounts {
		for _, channel := range account.SharedBy {
			if !slices.Contains(channels, channel) {
				channels = append(channels, channel)
			}
		}
	}
	return channels
}
