package correcting

import (
	"context"
	"time"

	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
)

// correction is one correction on its way through one transaction of the store.
type correction struct {
	ctx       context.Context
	tx        store.Tx
	principal usecase.Principal
	now       time.Time
	// row is what is corrected, and what the caller gets.
	row       ledger.Transaction
	rows      []ledger.Transaction
	revisions []ledger.Revision
	drafts    []event.Draft
}

// correct corrects a row that is shown.
func (s Service) correct(ctx context.Context, p usecase.Principal, id string, fn func(*correction) error) (ledger.Transaction, error) {
	return s.update(ctx, p, id, fn, func(tx store.Tx, id ident.Transaction) (ledger.Transaction, error) {
		return tx.Transactions().Get(ctx, p.Owner(), id)
	})
}

// trace corrects a row that may be removed.
func (s Service) trace(ctx context.Context, p usecase.Principal, id string, fn func(*correction) error) (ledger.Transaction, error) {
	return s.update(ctx, p, id, fn, func(tx store.Tx, id ident.Transaction) (ledger.Transaction, error) {
		return tx.Transactions().Trace(ctx, p.Owner(), id)
	})
}

type find func(store.Tx, ident.Transaction) (ledger.Transaction, error)

func (s Service) update(ctx context.Context, p usecase.Principal, id string, fn func(*correction) error, find find) (row ledger.Transaction, err error) {
	parsed, err := ident.Parse[ident.Transaction](id)
	if err != nil {
		return row, ledger.ErrTransactionNotFound
	}
	err = s.Store.Update(ctx, store.Fence{}, func(tx store.Tx) error {
		c := &correction{ctx: ctx, tx: tx, principal: p, now: s.Now()}
		if c.row, err = find(tx, parsed); err != nil {
			return err
		}
		if err := fn(c); err != nil {
			return err
		}
		row = c.row
		return c.keep()
	})
	return row, err
}

// find finds the other row that a call names; one that does not exist is told
// with the place that names it.
func (c *correction) find(id, location string) (ledger.Transaction, error) {
	missing := ledger.ErrTransactionNotFound.With(fault.At(location, "is no transaction"))
	parsed, err := ident.Parse[ident.Transaction](id)
	if err != nil {
		return ledger.Transaction{}, missing
	}
	found, err := c.tx.Transactions().Get(c.ctx, c.principal.Owner(), parsed)
	if fault.IsNotFound(err) {
		return found, missing
	}
	return found, err
}

// note remembers rows to store, what changed in them, and the event that tells it.
func (c *correction) note(name event.Name, rows []ledger.Transaction, revisions ...ledger.Revision) {
	c.rows, c.revisions = append(c.rows, rows...), append(c.revisions, revisions...)
	if name != "" {
		c.drafts = append(c.drafts, event.Draft{
			Name: name, Version: 1, UserID: rows[0].UserID, ConnectionID: rows[0].ConnectionID,
			Data: event.Data{"count": len(rows), "account_id": string(rows[0].AccountID)},
		})
	}
}

// neighbours is how many days around a row others may be in doubt about it: a
// bank tells one movement at most that far apart.
const neighbours = 20

// forget ends the doubts of others about a row that is gone.
func (c *correction) forget(gone ledger.Transaction) error {
	near, err := c.tx.Transactions().Between(c.ctx, gone.AccountID, gone.EffectiveDate.AddDays(-neighbours), gone.EffectiveDate.AddDays(neighbours))
	if err != nil {
		return err
	}
	noted := map[ident.Transaction]bool{}
	for _, row := range c.rows {
		noted[row.ID] = true
	}
	var others []ledger.Transaction
	for _, row := range near {
		if !noted[row.ID] {
			others = append(others, row)
		}
	}
	if changed, revisions := ledger.Forget(others, gone.ID, c.now); len(changed) > 0 {
		c.note(event.TransactionsModified, changed, revisions...)
	}
	return nil
}

func (c *correction) keep() error {
	if len(c.rows) == 0 {
		return nil
	}
	if err := c.tx.Transactions().Put(c.ctx, c.rows...); err != nil {
		return err
	}
	owner := store.Owner{Client: c.row.ClientID, User: c.row.UserID}
	if err := c.tx.Revisions().Add(c.ctx, owner, c.revisions...); err != nil {
		return err
	}
	return c.tx.Events().Append(c.ctx, c.row.ClientID, c.drafts...)
}
