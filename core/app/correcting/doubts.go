package correcting

import (
	"context"

	"github.com/tributary-dev/tributary/core/app/describing"
	"github.com/tributary-dev/tributary/core/app/ruling"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
)

// Doubts pages through transactions in doubt, with those that they may repeat.
func (s Service) Doubts(ctx context.Context, p usecase.Principal, filter store.TransactionFilter, page store.Page) (doubts store.Slice[usecase.Doubt], err error) {
	filter.InDoubt = true
	err = s.Store.View(ctx, func(tx store.Tx) error {
		slice, err := tx.Transactions().List(ctx, p.Owner(), filter, page)
		if err != nil {
			return err
		}
		doubts = store.Slice[usecase.Doubt]{Next: slice.Next}
		for _, t := range slice.Items {
			doubt, err := doubtOf(ctx, tx, p, t)
			if err != nil {
				return err
			}
			if len(doubt.Candidates) > 0 {
				doubts.Items = append(doubts.Items, doubt)
			}
		}
		return nil
	})
	return doubts, err
}

// doubtOf reads the candidates of one row; those that are gone are none.
func doubtOf(ctx context.Context, tx store.Tx, p usecase.Principal, t ledger.Transaction) (usecase.Doubt, error) {
	doubt := usecase.Doubt{Transaction: t}
	for _, link := range t.Links {
		if link.Type != ledger.DuplicateCandidate {
			continue
		}
		other, err := tx.Transactions().Get(ctx, p.Owner(), link.TransactionID)
		if fault.IsNotFound(err) {
			continue
		}
		if err != nil {
			return doubt, err
		}
		doubt.Candidates = append(doubt.Candidates, usecase.Candidate{Transaction: other, Confidence: link.Confidence})
	}
	return doubt, nil
}

// History tells what a transaction was.
func (s Service) History(ctx context.Context, p usecase.Principal, id string) (history usecase.History, err error) {
	parsed, err := ident.Parse[ident.Transaction](id)
	if err != nil {
		return history, ledger.ErrTransactionNotFound
	}
	err = s.Store.View(ctx, func(tx store.Tx) error {
		t, err := tx.Transactions().Trace(ctx, p.Owner(), parsed)
		if err != nil {
			return err
		}
		revisions, err := tx.Revisions().Of(ctx, p.Owner(), parsed)
		if err != nil {
			return err
		}
		history = usecase.History{Transaction: t, Revisions: revisions, Engine: describing.Transaction(t)}
		history.Rule, err = ruled(ctx, tx, t)
		return err
	})
	return history, err
}

// ruled is the category that a rule gave a row, or beneath a user's own would
// give it now; empty where none does.
func ruled(ctx context.Context, tx store.Tx, t ledger.Transaction) (ledger.Category, error) {
	if t.Category.Source != ledger.SourceUser {
		if t.Category.Source == ledger.SourceRule {
			return t.Category, nil
		}
		return ledger.Category{}, nil
	}
	describe, err := ruling.Describe(ctx, tx, store.Owner{Client: t.ClientID, User: t.UserID})
	if err != nil {
		return ledger.Category{}, err
	}
	said := describe(t.Told()).Category
	if said.Source != ledger.SourceRule {
		return ledger.Category{}, nil
	}
	return said, nil
}
