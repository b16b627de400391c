package storetest

import (
	"context"
	"maps"
	"time"

	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/ports/store"
)

// balanceKey is whose balance a record tells, and which run read it.
type balanceKey struct {
	account ident.Account
	run     ident.Synchronization
}

type fakeBalances struct{ *fakeTx }

var byReadAt = byTime(true, func(r ledger.BalanceRecord) time.Time { return r.ReadAt },
	func(r ledger.BalanceRecord) ident.Synchronization { return r.Synchronization })

func (f fakeBalances) Put(ctx context.Context, owner store.Owner, r ledger.BalanceRecord) error {
	if err := f.writable(); err != nil {
		return err
	}
	if _, err := fakeAccounts(f).Get(ctx, owner, r.AccountID); err != nil {
		return err
	}
	f.state.balances[balanceKey{r.AccountID, r.Synchronization}] = tidy(r)
	return nil
}

func (f fakeBalances) Of(_ context.Context, owner store.Owner, account ident.Account, page store.Page) (store.Slice[ledger.BalanceRecord], error) {
	a, known := f.state.accounts[account]
	keep := func(r ledger.BalanceRecord) bool {
		return known && owns(owner, a.ClientID, a.UserID) && r.AccountID == account
	}
	return paged(maps.Values(f.state.balances), keep, byReadAt, page)
}
