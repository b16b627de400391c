package keeping

import (
	"context"

	"github.com/tributary-dev/tributary/core/app/joining"
	"github.com/tributary-dev/tributary/core/app/planning"
	"github.com/tributary-dev/tributary/core/app/ruling"
	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
)

// Migrate moves an account to the channel or provider through which another
// account of its user is read: when a provider closes, nobody loses history
// (field note 4). The other account is gone afterwards. Where it was read before,
// a tombstone stays, so that a run there does not add it again.
func (s Service) Migrate(ctx context.Context, p usecase.Principal, id, to string) (moved ledger.Account, err error) {
	err = s.Store.Update(ctx, store.Fence{}, func(tx store.Tx) error {
		m := migration{ctx: ctx, tx: tx, service: s}
		if m.account, err = find(ctx, tx, p, id); err != nil {
			return err
		}
		if m.to, err = find(ctx, tx, p, to); fault.IsNotFound(err) {
			return ledger.ErrAccountNotFound.With(fault.At("body.to", "is no account"))
		}
		if err != nil {
			return err
		}
		if err := m.allowed(p); err != nil {
			return err
		}
		moved = m.account.Moved(m.to)
		if err := m.move(moved); err != nil {
			return err
		}
		return planning.Accounts(ctx, tx, &moved)
	})
	return moved, err
}

// migration is one move on its way through one transaction of the store.
type migration struct {
	ctx     context.Context
	tx      store.Tx
	service Service
	account ledger.Account
	to      ledger.Account
}

// allowed refuses what cannot be one account, and a move under a running run.
func (m migration) allowed(p usecase.Principal) error {
	if err := m.account.Movable(m.to); err != nil {
		return err
	}
	for _, id := range []ident.Connection{m.account.ConnectionID, m.to.ConnectionID} {
		c, err := m.tx.Connections().Get(m.ctx, p.Owner(), id)
		if err != nil {
			return err
		}
		if err := idle(m.ctx, m.tx, c); err != nil {
			return err
		}
	}
	return nil
}

func (m migration) move(moved ledger.Account) error {
	rows, err := m.rows(moved)
	if err != nil {
		return err
	}
	owner := store.Owner{Client: moved.ClientID, User: moved.UserID}
	for _, step := range []func() error{
		func() error { return m.tx.Accounts().Put(m.ctx, moved) },
		func() error { return m.tx.Transactions().Put(m.ctx, rows.Store()...) },
		func() error { return m.tx.Revisions().Add(m.ctx, owner, rows.Revisions...) },
		func() error { return m.balances(owner) },
		func() error { return m.tx.Accounts().Delete(m.ctx, owner, m.to.ID) }, // its rows have left it
		func() error { return m.tx.Accounts().Put(m.ctx, m.tombstone()) },
		func() error { _, err := joining.Accounts(m.ctx, m.tx, owner); return err },
		func() error { return m.tell(moved, rows) },
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// rows joins what both accounts hold.
func (m migration) rows(moved ledger.Account) (ledger.Changes, error) {
	known, err := m.tx.Transactions().Between(m.ctx, m.account.ID, "", "")
	if err != nil {
		return ledger.Changes{}, err
	}
	arriving, err := m.tx.Transactions().Between(m.ctx, m.to.ID, "", "")
	if err != nil {
		return ledger.Changes{}, err
	}
	describe, err := ruling.Describe(m.ctx, m.tx, store.Owner{Client: moved.ClientID, User: moved.UserID})
	if err != nil {
		return ledger.Changes{}, err
	}
	return ledger.Migrate(known, arriving, ledger.Reading{Account: moved, Now: m.service.Now(), Describe: describe}), nil
}

// balances takes over what runs learned of the other account's balances.
func (m migration) balances(owner store.Owner) error {
	page := store.Page{Limit: 500}
	for {
		slice, err := m.tx.Balances().Of(m.ctx, owner, m.to.ID, page)
		if err != nil {
			return err
		}
		for _, record := range slice.Items {
			record.AccountID = m.account.ID
			if err := m.tx.Balances().Put(m.ctx, owner, record); err != nil {
				return err
			}
		}
		if page.After = slice.Next; page.After == nil {
			return nil
		}
	}
}

// tombstone is what stays where the account was read before.
func (m migration) tombstone() ledger.Account {
	old := m.account.Buried()
	old.ID = ident.New[ident.Account](m.service.IDs)
	return old
}

func (m migration) tell(moved ledger.Account, rows ledger.Changes) error {
	for _, fact := range []struct {
		name    event.Name
		account ledger.Account
		count   int
	}{
		{event.AccountsUpdated, moved, 1}, {event.AccountsDeleted, m.to, 1},
		{event.TransactionsModified, moved, len(rows.Modified)}, {event.TransactionsRemoved, moved, len(rows.Removed)},
	} {
		if fact.count == 0 {
			continue
		}
		err := m.tx.Events().Append(m.ctx, moved.ClientID, event.Draft{
			Name: fact.name, Version: 1, UserID: moved.UserID, ConnectionID: fact.account.ConnectionID,
			Data: event.Data{"count": fact.count, "account_id": string(fact.account.ID)},
		})
		if err != nil {
			return err
		}
	}
	return nil
}
