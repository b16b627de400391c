package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"slices"

	"github.com/tributary-dev/tributary/plugins/sdk"
)

// reading is one fetch under way.
type reading struct {
	bank   *client
	bearer string
	lost   sdk.Code // what an expired credential means on this channel
	req    sdk.FetchRequest
	sink   sdk.Sink
}

// Fetch reads accounts, balances and transactions. An account that fails does not stop the others; a session or
// consent that is over does.
func (p *provider) Fetch(ctx context.Context, req sdk.FetchRequest, sink sdk.Sink) error {
	r := &reading{bank: p.bank, req: req, sink: sink}
	if err := r.credential(); err != nil {
		return err
	}
	if err := sink.Send(sdk.ProgressItem{Stage: sdk.StageAccounts}); err != nil {
		return err
	}
	refs, err := r.accounts(ctx)
	if err != nil || req.Mode == sdk.FetchAccounts {
		return err
	}
	for done, ref := range refs {
		if err := r.account(ctx, ref); err != nil {
			return err
		}
		if err := sink.Send(sdk.ProgressItem{Stage: sdk.StageFull, Done: done + 1, Total: len(refs)}); err != nil {
			return err
		}
	}
	return nil
}

// credential finds what to show the bank: the session's id, or the consent's access token.
func (r *reading) credential() error {
	var at state
	var kept secrets
	if err := errors.Join(r.req.State.Unpack(bundleVersion, &at), r.req.Secrets.Unpack(bundleVersion, &kept)); err != nil {
		return sdk.Fail(sdk.SecretUnreadable, err)
	}
	bank, err := r.bank.of(at.Configuration)
	if err != nil {
		return err
	}
	r.bank = bank
	switch r.req.Session.ChannelID {
	case embeddedChannel:
		r.bearer, r.lost = at.Session, sdk.SessionLost
	case redirectChannel:
		r.bearer, r.lost = kept.AccessToken, sdk.SecretStale
	default:
		return sdk.Fail(sdk.NotSupported, nil)
	}
	if r.bearer == "" {
		return sdk.Fail(r.lost, nil)
	}
	return nil
}

// accounts tells all accounts and gives those to read.
func (r *reading) accounts(ctx context.Context) ([]string, error) {
	if !r.allowed("", sdk.ScopeAccounts) {
		return nil, sdk.Fail(sdk.RateLimited, nil)
	}
	var answer struct {
		Accounts []json.RawMessage `json:"accounts"`
	}
	if err := r.get(ctx, &answer, nil, "accounts"); err != nil {
		err = failed(err, r.lost)
		return nil, cmp.Or(r.exhausted("", sdk.ScopeAccounts, err), err)
	}
	if err := r.used("", sdk.ScopeAccounts); err != nil {
		return nil, err
	}
	told, err := accountsOf(answer.Accounts)
	if err != nil {
		return nil, err
	}
	var refs []string
	for _, a := range told {
		if err := r.sink.Send(sdk.AccountItem{Account: a}); err != nil {
			return nil, err
		}
		if a.Status != sdk.AccountClosed && !slices.Contains(r.req.Skip, a.Ref) { // a closed account costs no calls
			refs = append(refs, a.Ref)
		}
	}
	return refs, nil
}

// account reads one account; its own failure is told, the first of several, and goes no further. One kind of data that
// fails does not keep the other from being read.
func (r *reading) account(ctx context.Context, ref string) error {
	var first *sdk.AccountFailureItem
	for scope, read := range r.scopes() {
		err := sdk.Fail(sdk.RateLimited, nil)
		if r.allowed(ref, scope) {
			cause := read(ctx, ref)
			if cause == nil {
				continue
			}
			if !errors.As(cause, &err) || r.fatal(cause) {
				return cause
			}
			if lost := r.exhausted(ref, scope, cause); lost != nil {
				return lost
			}
		}
		if first == nil {
			first = &sdk.AccountFailureItem{Account: ref, Scope: scope, Failure: *err}
		}
	}
	if first != nil {
		return r.sink.Send(*first)
	}
	return r.sink.Send(sdk.AccountDoneItem{Account: ref, From: r.from(ref), To: r.req.Window.To})
}

type readScope func(ctx context.Context, ref string) error

// scopes gives what is read of an account, in order.
func (r *reading) scopes() func(yield func(sdk.Scope, readScope) bool) {
	return func(yield func(sdk.Scope, readScope) bool) {
		_ = yield(sdk.ScopeBalances, r.balances) && yield(sdk.ScopeTransactions, r.transactions)
	}
}

// fatal says whether a failure concerns the whole session.
func (r *reading) fatal(err error) bool {
	return errors.Is(err, &sdk.Failure{Code: r.lost}) || errors.Is(err, &sdk.Failure{Code: sdk.TokenExpired})
}
