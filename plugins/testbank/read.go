package main

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"

	"github.com/tributary-dev/tributary/plugins/sdk"
)

const batch = 100

func (r *reading) balances(ctx context.Context, ref string) error {
	var answer struct {
		Balances []balance `json:"balances"`
	}
	if err := r.get(ctx, &answer, nil, "accounts", ref, "balances"); err != nil {
		return r.failedAccount(err)
	}
	if err := r.used(ref, sdk.ScopeBalances); err != nil {
		return err
	}
	balances := make([]sdk.Balance, len(answer.Balances))
	for i, b := range answer.Balances {
		balances[i] = balanceOf(b)
	}
	return r.sink.Send(sdk.BalancesItem{Account: ref, Balances: balances})
}

func (r *reading) rows(ref string, raws []json.RawMessage) error {
	for part := range slices.Chunk(raws, batch) {
		transactions := make([]sdk.Transaction, len(part))
		for i, raw := range part {
			var err error
			if transactions[i], err = transactionOf(raw); err != nil {
				return err
			}
		}
		if err := r.sink.Send(sdk.TransactionsItem{Account: ref, Transactions: transactions}); err != nil {
			return err
		}
	}
	return nil
}

func (r *reading) get(ctx context.Context, out any, query url.Values, path ...string) error {
	return r.bank.do(ctx, call{method: http.MethodGet, path: append([]string{"api"}, path...), query: query, bearer: r.bearer, psu: r.req.PSU}, out)
}

// failedAccount tells an account that is gone from a session that is.
func (r *reading) failedAccount(err error) error {
	if refusedWith(err, "not_found") {
		return sdk.Fail(sdk.BadData, err)
	}
	return failed(err, r.lost)
}

// from is the first day asked for; empty asks for all there is.
func (r *reading) from(ref string) sdk.Day {
	if from, named := r.req.Window.From[ref]; named {
		return from
	}
	return r.req.Window.Default
}

func (r *reading) allowed(ref string, scope sdk.Scope) bool {
	others := true
	for _, a := range r.req.Allowances {
		switch {
		case a.Scope != scope:
		case a.Account == ref:
			return a.Left > 0
		case a.Account == "": // whichever is not named
			others = a.Left > 0
		}
	}
	return others
}

// exhausted tells the server when the bank said that nothing is left, so that its own count agrees.
func (r *reading) exhausted(ref string, scope sdk.Scope, cause error) error {
	var failure *sdk.Failure
	if !errors.As(cause, &failure) || failure.Code != sdk.RateLimited || failure.RetryAt.IsZero() {
		return nil
	}
	return r.sink.Send(sdk.UsageItem{Account: ref, Scope: scope, RetryAt: failure.RetryAt})
}

func (r *reading) used(ref string, scope sdk.Scope) error {
	return r.sink.Send(sdk.UsageItem{Account: ref, Scope: scope, Count: 1})
}
