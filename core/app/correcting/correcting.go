// Package correcting lets people correct the ledger: their own category and
// label, hidden rows, two rows that are one and one that is two. What a bank
// tells is the business of synchronizing.
//
// Invariants: every correction makes a revision and an event in the transaction
// that stores it; an id that was removed never returns.
package correcting

import (
	"context"
	"time"

	"github.com/tributary-dev/tributary/core/app/ruling"
	"github.com/tributary-dev/tributary/core/category"
	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
)

// Service implements usecase.Transactions.
type Service struct {
	Store store.Store
	Now   func() time.Time
	IDs   ident.Source
}

var _ usecase.Transactions = Service{}

// Change gives a transaction its user's own category and label.
func (s Service) Change(ctx context.Context, p usecase.Principal, id string, change usecase.TransactionChange) (ledger.Transaction, error) {
	return s.correct(ctx, p, id, func(c *correction) error {
		before, t := c.row, &c.row
		if change.Label != nil {
			if err := t.Relabel(*change.Label); err != nil {
				return err
			}
		}
		if change.Category != nil {
			if err := c.recategorise(*change.Category); err != nil {
				return err
			}
		}
		if revision, changed := t.Changed(before, c.now); changed {
			c.note(event.TransactionsModified, []ledger.Transaction{*t}, revision)
		}
		return nil
	})
}

// recategorise gives the row the user's category, or again what rules and engine
// say of it.
func (c *correction) recategorise(id string) error {
	if id == "" {
		describe, err := ruling.Describe(c.ctx, c.tx, store.Owner{Client: c.row.ClientID, User: c.row.UserID})
		if err != nil {
			return err
		}
		c.row.Category = describe(c.row.Told()).Category
		return nil
	}
	if err := category.Assignable(id); err != nil {
		return err
	}
	c.row.Category = ledger.Category{ID: id, Source: ledger.SourceUser, Confidence: 1}
	return nil
}

// Hide removes a transaction; what others were in doubt about it is over.
func (s Service) Hide(ctx context.Context, p usecase.Principal, id string) error {
	_, err := s.correct(ctx, p, id, func(c *correction) error {
		revision := c.row.Hide(c.now)
		c.note(event.TransactionsRemoved, []ledger.Transaction{c.row}, revision)
		return c.forget(c.row)
	})
	return err
}

// Merge removes a transaction that is the same movement as another one.
func (s Service) Merge(ctx context.Context, p usecase.Principal, id, into string) (ledger.Transaction, error) {
	return s.correct(ctx, p, id, func(c *correction) error {
		other, err := c.find(into, "body.into")
		if err != nil {
			return err
		}
		revisions, err := ledger.Merge(&c.row, &other, c.now)
		if err != nil {
			return err
		}
		gone := c.row
		c.note(event.TransactionsRemoved, []ledger.Transaction{gone}, revisions[0])
		c.note(event.TransactionsModified, []ledger.Transaction{other}, revisions[1])
		c.row = other
		return c.forget(gone)
	})
}

// Unmerge gives a merged transaction back under a new id.
func (s Service) Unmerge(ctx context.Context, p usecase.Principal, id string) (ledger.Transaction, error) {
	return s.trace(ctx, p, id, func(c *correction) error {
		at, merged := c.row.MergedInto()
		if !merged {
			return ledger.ErrNotMerged
		}
		into, err := c.tx.Transactions().Trace(c.ctx, c.principal.Owner(), at)
		if err != nil {
			return err
		}
		back, revisions, err := ledger.Unmerge(&c.row, &into, ident.New[ident.Transaction](s.IDs), c.now)
		if err != nil {
			return err
		}
		c.note("", []ledger.Transaction{c.row}, revisions[0])
		c.note(event.TransactionsModified, []ledger.Transaction{into}, revisions[1])
		c.note(event.TransactionsAdded, []ledger.Transaction{back})
		c.row = back
		return nil
	})
}

// TellApart remembers that two transactions are different movements.
func (s Service) TellApart(ctx context.Context, p usecase.Principal, id, of string) (ledger.Transaction, error) {
	return s.correct(ctx, p, id, func(c *correction) error {
		other, err := c.find(of, "body.of")
		if err != nil {
			return err
		}
		if c.row.Linked(ledger.NotDuplicateOf, other.ID) {
			return nil
		}
		revisions, err := ledger.TellApart(&c.row, &other, c.now)
		if err != nil {
			return err
		}
		c.note(event.TransactionsModified, []ledger.Transaction{c.row, other}, revisions...)
		return nil
	})
}
