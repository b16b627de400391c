// Package reading answers what a client may see of accounts and transactions.
package reading

import (
	"context"

	"github.com/tributary-dev/tributary/core/app/planning"
	"github.com/tributary-dev/tributary/core/category"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
)

// Service implements usecase.Ledger.
type Service struct{ Store store.Store }

var _ usecase.Ledger = Service{}

// Account finds one account.
func (s Service) Account(ctx context.Context, p usecase.Principal, id string) (found ledger.Account, err error) {
	parsed, err := ident.Parse[ident.Account](id)
	if err != nil {
		return found, ledger.ErrAccountNotFound
	}
	err = s.Store.View(ctx, func(tx store.Tx) error {
		if found, err = tx.Accounts().Get(ctx, p.Owner(), parsed); err != nil {
			return err
		}
		return planning.Accounts(ctx, tx, &found)
	})
	return found, err
}

// Accounts pages through accounts.
func (s Service) Accounts(ctx context.Context, p usecase.Principal, filter store.AccountFilter, page store.Page) (slice store.Slice[ledger.Account], err error) {
	err = s.Store.View(ctx, func(tx store.Tx) error {
		if slice, err = tx.Accounts().List(ctx, p.Owner(), filter, page); err != nil {
			return err
		}
		found := make([]*ledger.Account, len(slice.Items))
		for i := range slice.Items {
			found[i] = &slice.Items[i]
		}
		return planning.Accounts(ctx, tx, found...)
	})
	return slice, err
}

// Balances pages through the history of an account's balances.
func (s Service) Balances(ctx context.Context, p usecase.Principal, id string, page store.Page) (slice store.Slice[ledger.BalanceRecord], err error) {
	parsed, err := ident.Parse[ident.Account](id)
	if err != nil {
		return slice, ledger.ErrAccountNotFound
	}
	err = s.Store.View(ctx, func(tx store.Tx) error {
		if _, err := tx.Accounts().Get(ctx, p.Owner(), parsed); err != nil {
			return err
		}
		slice, err = tx.Balances().Of(ctx, p.Owner(), parsed, page)
		return err
	})
	return slice, err
}

// Transaction finds one transaction.
func (s Service) Transaction(ctx context.Context, p usecase.Principal, id string) (found ledger.Transaction, err error) {
	parsed, err := ident.Parse[ident.Transaction](id)
	if err != nil {
		return found, ledger.ErrTransactionNotFound
	}
	err = s.Store.View(ctx, func(tx store.Tx) error {
		found, err = tx.Transactions().Get(ctx, p.Owner(), parsed)
		return err
	})
	return found, err
}

// Transactions pages through transactions, newest first. A filter by the id of
// a category group means all its members.
func (s Service) Transactions(ctx context.Context, p usecase.Principal, filter store.TransactionFilter, page store.Page) (slice store.Slice[ledger.Transaction], err error) {
	var members []string
	for _, id := range filter.Categories {
		expanded := category.Expand(id)
		if len(expanded) == 0 {
			return slice, errCategory
		}
		members = append(members, expanded...)
	}
	filter.Categories = members
	return store.PeekOf(s.Store).Transactions(ctx, p.Owner(), filter, page)
}

var errCategory = fault.New(fault.Invalid, "unknown_category", "There is no such category or group.").
	With(fault.At("query.category", "is no category and no group"))

// Categories is the taxonomy; every name is there in every language.
func (s Service) Categories(string) []category.Group { return category.Groups() }
