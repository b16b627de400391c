package storetest

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/core/money"
	"github.com/tributary-dev/tributary/ports/store"
)

type fakeAccounts struct{ *fakeTx }

var byFirstSeen = byTime(false, func(a ledger.Account) time.Time { return a.FirstSeenAt },
	func(a ledger.Account) ident.Account { return a.ID })

func (r fakeAccounts) Get(_ context.Context, owner store.Owner, id ident.Account) (ledger.Account, error) {
	a, ok := r.state.accounts[id]
	if !ok || a.Deleted || !owns(owner, a.ClientID, a.UserID) {
		return ledger.Account{}, ledger.ErrAccountNotFound
	}
	return tidy(a), nil
}

func (r fakeAccounts) OfConnection(_ context.Context, id ident.Connection) ([]ledger.Account, error) {
	keep := func(a ledger.Account) bool { return a.ConnectionID == id }
	all, err := paged(maps.Values(r.state.accounts), keep, byFirstSeen, store.Page{Limit: len(r.state.accounts) + 1})
	return all.Items, err
}

func (r fakeAccounts) Put(_ context.Context, a ledger.Account) error {
	if err := r.writable(); err != nil {
		return err
	}
	if _, ok := r.state.connections[a.ConnectionID]; !ok {
		return errOrphan
	}
	r.state.accounts[a.ID] = tidy(a)
	return nil
}

func (r fakeAccounts) Delete(_ context.Context, owner store.Owner, id ident.Account) error {
	if err := r.writable(); err != nil {
		return err
	}
	if a, ok := r.state.accounts[id]; !ok || !owns(owner, a.ClientID, a.UserID) {
		return ledger.ErrAccountNotFound
	}
	r.dropAccount(id)
	return nil
}

func (r fakeAccounts) List(_ context.Context, owner store.Owner, filter store.AccountFilter, page store.Page) (store.Slice[ledger.Account], error) {
	keep := func(a ledger.Account) bool {
		return !a.Deleted && owns(owner, a.ClientID, a.UserID) && (filter.Connection == "" || a.ConnectionID == filter.Connection) &&
			(filter.Type == "" || a.Type == filter.Type) && (filter.Status == "" || a.Status == filter.Status)
	}
	return paged(maps.Values(r.state.accounts), keep, byFirstSeen, page)
}

type fakeTransactions struct{ *fakeTx }

var byEffectiveDate = byDay(func(t ledger.Transaction) bank.Day { return t.EffectiveDate },
	func(t ledger.Transaction) ident.Transaction { return t.ID })

func (r fakeTransactions) Get(_ context.Context, owner store.Owner, id ident.Transaction) (ledger.Transaction, error) {
	t, ok := r.state.transactions[id]
	if !ok || t.Removed || !owns(owner, t.ClientID, t.UserID) {
		return ledger.Transaction{}, ledger.ErrTransactionNotFound
	}
	return tidy(t), nil
}

func (r fakeTransactions) Trace(_ context.Context, owner store.Owner, id ident.Transaction) (ledger.Transaction, error) {
	t, ok := r.state.transactions[id]
	if !ok || !owns(owner, t.ClientID, t.UserID) {
		return ledger.Transaction{}, ledger.ErrTransactionNotFound
	}
	return tidy(t), nil
}

func (r fakeTransactions) Transfers(_ context.Context, owner store.Owner, keys []string, from, to bank.Day, except ident.Account) ([]ledger.Transaction, error) {
	keep := func(t ledger.Transaction) bool {
		return owns(owner, t.ClientID, t.UserID) && within(t.EffectiveDate, from, to) && (except == "" || t.AccountID != except) && t.TransferKey() != "" && slices.Contains(keys, t.TransferKey())
	}
	all, err := paged(maps.Values(r.state.transactions), keep, byEffectiveDate, store.Page{Limit: len(r.state.transactions) + 1})
	return all.Items, err
}

func (r fakeTransactions) Between(_ context.Context, account ident.Account, from, to bank.Day) ([]ledger.Transaction, error) {
	keep := func(t ledger.Transaction) bool { return t.AccountID == account && within(t.EffectiveDate, from, to) }
	all, err := paged(maps.Values(r.state.transactions), keep, byEffectiveDate, store.Page{Limit: len(r.state.transactions) + 1})
	slices.Reverse(all.Items)
	return all.Items, err
}

func within(day, from, to bank.Day) bool {
	return (from == "" || day >= from) && (to == "" || day <= to)
}

func (r fakeTransactions) Put(_ context.Context, rows ...ledger.Transaction) error {
	if err := r.writable(); err != nil {
		return err
	}
	for _, t := range rows {
		if _, ok := r.state.accounts[t.AccountID]; !ok {
			return errOrphan
		}
		if err := r.put(tidy(t)); err != nil {
			return err
		}
	}
	return nil
}

func (r fakeTransactions) put(t ledger.Transaction) error {
	was, there := r.state.transactions[t.ID]
	switch {
	case !there && !t.Removed:
		r.tell(t, true)
	case !there || was.Removed && t.Removed: // clients never saw it, or see it no more
	case was.Removed:
		return errReturned
	case !ledger.SameShown(was, t):
		r.tell(t, false)
	}
	r.state.transactions[t.ID] = t
	return nil
}

func (r fakeTransactions) List(_ context.Context, owner store.Owner, filter store.TransactionFilter, page store.Page) (store.Slice[ledger.Transaction], error) {
	keep := func(t ledger.Transaction) bool {
		return !t.Removed && owns(owner, t.ClientID, t.UserID) && matches(t, filter)
	}
	return paged(maps.Values(r.state.transactions), keep, byEffectiveDate, page)
}

func matches(t ledger.Transaction, f store.TransactionFilter) bool {
	return (f.Account == "" || t.AccountID == f.Account) && (f.Connection == "" || t.ConnectionID == f.Connection) &&
		within(t.EffectiveDate, f.From, f.To) && (f.Status == "" || t.Status == f.Status) &&
		(len(f.Categories) == 0 || slices.Contains(f.Categories, t.Category.ID)) &&
		(noBound(f.Min) || t.Amount.Cmp(*f.Min) >= 0) && (noBound(f.Max) || t.Amount.Cmp(*f.Max) <= 0) && contains(t, f.Text) &&
		(!f.InDoubt || t.InDoubt())
}

func noBound(a *money.Amount) bool { return a == nil || a.IsZero() }

func contains(t ledger.Transaction, text string) bool {
	text = store.Fold(text)
	return slices.ContainsFunc([]string{t.GivenLabel, t.Label, t.RawLabel, t.Merchant}, func(s string) bool {
		return strings.Contains(store.Fold(s), text)
	})
}
