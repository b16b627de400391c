// Package reading owns the order of one fetch, the same for every standard: the accounts, then of each its balances and
// transactions, as far as they are allowed and wanted; what fails of one account does not stop the others.
//
// It knows no bank's interface: a dialect is a Source. Invariants: an account is told before anything about it; a closed
// or skipped account costs no call; each call that the bank counts is told once.
package reading

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/tributary-dev/tributary/plugins/sdk"
)

// Account is one account of a list, with what the list told of it.
type Account struct {
	sdk.Account
	// Balances where the list told them already.
	Balances []sdk.Balance
	// Detail is the dialect's own.
	Detail any
}

// Source is how a dialect reads one bank under one consent.
type Source interface {
	Accounts(ctx context.Context) ([]Account, error)
	Balances(ctx context.Context, a Account) ([]sdk.Balance, error)
	// Transactions hands over rows in batches of any size. It gives the first day that is completely covered.
	Transactions(ctx context.Context, a Account, window Window, rows func([]sdk.Transaction) error) (covered sdk.Day, err error)
}

// Window is what is asked of one account; an empty From is all there is.
type Window struct{ From, To sdk.Day }

// batch is how many rows travel at once.
const batch = 100

// Run reads what req asks for.
func Run(ctx context.Context, source Source, req sdk.FetchRequest, now time.Time, sink sdk.Sink) error {
	r := &run{source: source, req: req, sink: sink, older: older(req.Window, now)}
	if err := sink.Send(sdk.ProgressItem{Stage: sdk.StageAccounts}); err != nil {
		return err
	}
	accounts, err := r.accounts(ctx)
	if err != nil || req.Mode == sdk.FetchAccounts {
		return err
	}
	for done, account := range accounts {
		if err := r.account(ctx, account); err != nil {
			return err
		}
		if err := sink.Send(sdk.ProgressItem{Stage: sdk.StageFull, Done: done + 1, Total: len(accounts)}); err != nil {
			return err
		}
	}
	return nil
}

type run struct {
	source Source
	req    sdk.FetchRequest
	sink   sdk.Sink
	// older: another fetch has read what is recent, with today's balances.
	older bool
}

// monthAgo is further back than two fetches overlap.
const monthAgo = 30 * 24 * time.Hour

// older reports whether all is asked for that lies before what is recent (sdk.FetchRequest, Window).
func older(w sdk.Window, now time.Time) bool {
	return w.Default == "" && len(w.From) == 0 && w.To != "" && w.To < sdk.Day(now.Add(-monthAgo).UTC().Format(time.DateOnly))
}

// accounts tells all accounts and gives those to read.
func (r *run) accounts(ctx context.Context) ([]Account, error) {
	if !r.allowed("", sdk.ScopeAccounts) {
		return nil, sdk.Fail(sdk.RateLimited, nil)
	}
	all, err := r.source.Accounts(ctx)
	if err != nil {
		return nil, errors.Join(r.exhausted("", sdk.ScopeAccounts, err), err)
	}
	if err := r.used("", sdk.ScopeAccounts); err != nil {
		return nil, err
	}
	var toRead []Account
	for _, a := range all {
		if err := r.sink.Send(sdk.AccountItem{Account: a.Account}); err != nil {
			return nil, err
		}
		if a.Status != sdk.AccountClosed && !slices.Contains(r.req.Skip, a.BankID) {
			toRead = append(toRead, a)
		}
	}
	return toRead, nil
}

// account reads one account. The first of its failures is told; one kind of data that fails leaves the other.
func (r *run) account(ctx context.Context, a Account) error {
	var first *sdk.AccountFailureItem
	covered := r.window(a).From
	for _, part := range []struct {
		scope sdk.Scope
		read  func() error
	}{
		{sdk.ScopeBalances, func() error { return r.balances(ctx, a) }},
		{sdk.ScopeTransactions, func() (err error) { covered, err = r.transactions(ctx, a); return err }},
	} {
		failure, err := r.attempt(a, part.scope, part.read)
		if err != nil {
			return err
		}
		if failure != nil && first == nil {
			first = &sdk.AccountFailureItem{Account: a.Ref, Scope: part.scope, Failure: *failure}
		}
	}
	if first != nil {
		return r.sink.Send(*first)
	}
	return r.sink.Send(sdk.AccountDoneItem{Account: a.Ref, From: covered, To: r.req.Window.To})
}

// attempt reads one kind of data of an account. failure is the account's own; err ends the fetch.
func (r *run) attempt(a Account, scope sdk.Scope, read func() error) (failure *sdk.Failure, err error) {
	if r.older && scope == sdk.ScopeBalances {
		return nil, nil
	}
	if !r.allowed(a.BankID, scope) && (scope != sdk.ScopeBalances || a.Balances == nil) {
		return sdk.Fail(sdk.RateLimited, nil), nil
	}
	err = read()
	if err == nil || !errors.As(err, &failure) || fatal(failure) {
		return nil, err
	}
	return failure, r.exhausted(a.BankID, scope, failure)
}

// fatal says whether a failure is of the whole session.
func fatal(failure *sdk.Failure) bool {
	return slices.Contains([]sdk.Code{sdk.SecretStale, sdk.TokenExpired, sdk.SessionLost}, failure.Code) || failure.Whose == sdk.Host
}

func (r *run) balances(ctx context.Context, a Account) error {
	balances := a.Balances
	if balances == nil {
		var err error
		if balances, err = r.source.Balances(ctx, a); err != nil {
			return err
		}
		if err := r.used(a.BankID, sdk.ScopeBalances); err != nil {
			return err
		}
	}
	return r.sink.Send(sdk.BalancesItem{Account: a.Ref, Balances: balances})
}

func (r *run) transactions(ctx context.Context, a Account) (covered sdk.Day, err error) {
	covered, err = r.source.Transactions(ctx, a, r.window(a), func(rows []sdk.Transaction) error {
		for part := range slices.Chunk(rows, batch) {
			if err := r.sink.Send(sdk.TransactionsItem{Account: a.Ref, Transactions: part}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return "", err
	}
	return covered, r.used(a.BankID, sdk.ScopeTransactions)
}

func (r *run) window(a Account) Window {
	w := Window{From: r.req.Window.Default, To: r.req.Window.To}
	if from, named := r.req.Window.From[a.BankID]; named {
		w.From = from
	}
	return w
}

func (r *run) allowed(account string, scope sdk.Scope) bool {
	others := true
	for _, a := range r.req.Allowances {
		switch {
		case a.Scope != scope:
		case a.Account == account:
			return a.Left > 0
		case a.Account == "": // whichever is not named
			others = a.Left > 0
		}
	}
	return others
}

// exhausted tells the server when the bank said that nothing is left, so that its own count agrees.
func (r *run) exhausted(account string, scope sdk.Scope, cause error) error {
	var failure *sdk.Failure
	if !errors.As(cause, &failure) || failure.Code != sdk.RateLimited || failure.RetryAt.IsZero() {
		return nil
	}
	return r.sink.Send(sdk.UsageItem{Account: account, Scope: scope, RetryAt: failure.RetryAt})
}

func (r *run) used(account string, scope sdk.Scope) error {
	return r.sink.Send(sdk.UsageItem{Account: account, Scope: scope, Count: 1})
}
