// Package joining keeps the user's accounts told which of them are one account
// that several connections show. It owns no state of its own.
package joining

import (
	"context"

	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/ports/store"
)

// Accounts compares all accounts of a user, stores what changed in SameAs, and
// gives the accounts that it changed.
func Accounts(ctx context.Context, tx store.Tx, owner store.Owner) ([]ledger.Account, error) {
	all, err := everything(ctx, tx, owner)
	if err != nil {
		return nil, err
	}
	changed := ledger.Joint(all)
	for _, account := range changed {
		if err := tx.Accounts().Put(ctx, account); err != nil {
			return nil, err
		}
	}
	return changed, nil
}

func everything(ctx context.Context, tx store.Tx, owner store.Owner) (all []ledger.Account, err error) {
	page := store.Page{Limit: 500}
	for {
		slice, err := tx.Accounts().List(ctx, owner, store.AccountFilter{}, page)
		if err != nil {
			return nil, err
		}
		all = append(all, slice.Items...)
		if page.After = slice.Next; page.After == nil {
			return all, nil
		}
	}
}
