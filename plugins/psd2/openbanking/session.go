package openbanking

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/tributary-dev/tributary/plugins/psd2/record"
	"github.com/tributary-dev/tributary/plugins/psd2/refusal"
	"github.com/tributary-dev/tributary/plugins/psd2/token"
	"github.com/tributary-dev/tributary/plugins/sdk"
)

// bundleVersion is the only version of states and secrets so far.
const bundleVersion = 1

// state is what a session needs to go on, on any node.
type state struct {
	Consent     string   `json:"consent,omitempty"`
	Expires     string   `json:"expires,omitempty"`
	Permissions []string `json:"permissions,omitempty"`
	Page        string   `json:"page,omitempty"`
	Verifier    string   `json:"verifier,omitempty"`
	Nonce       string   `json:"nonce,omitempty"`
	ReturnURL   string   `json:"return_url,omitempty"`
	ReturnState string   `json:"return_state,omitempty"`
	// Seen is when the user came to us.
	Seen time.Time `json:"seen,omitzero"`
}

// secrets are kept for later sessions.
type secrets struct {
	Consent     string   `json:"consent"`
	Expires     string   `json:"expires,omitempty"`
	Permissions []string `json:"permissions,omitempty"`
	// Given is when the user authenticated at the bank, which shows more just afterwards.
	Given  time.Time    `json:"given,omitzero"`
	Tokens token.Tokens `json:"tokens,omitzero"`
	// Client is who we were.
	Client string `json:"client,omitempty"`
}

// opened reads what is kept, which is worth something to the client alone that the bank gave it to.
func (d *Dialect) opened(bundle sdk.Bundle) (kept secrets, err error) {
	if err := bundle.Unpack(bundleVersion, &kept); err != nil {
		return kept, err
	}
	return kept, refusal.Another(kept.Client, d.Identity.ClientID)
}

// ready goes on under a consent. Where the bank says no end there is none: ours is the server's.
func (s secrets) ready(us there) sdk.Ready {
	agreed := &sdk.Consent{ID: record.Cut(s.Consent, record.MaxID), ValidUntil: record.Instant(s.Expires, "")}
	for scope, word := range map[sdk.Scope]string{sdk.ScopeAccounts: "ReadAccounts", sdk.ScopeBalances: "ReadBalances", sdk.ScopeTransactions: "ReadTransactions"} {
		if slices.ContainsFunc(s.Permissions, func(p string) bool { return strings.HasPrefix(p, word) }) {
			agreed.Scopes = append(agreed.Scopes, scope)
		}
	}
	slices.Sort(agreed.Scopes)
	return sdk.Ready{State: sdk.Pack(bundleVersion, state{Consent: s.Consent, Seen: us.since}), Secrets: sdk.Pack(bundleVersion, s), Consent: agreed}
}

// Refresh spends the refresh token. An id_token that may come with the new ones is not looked at: they are kept before
// anything could be wrong.
func (d *Dialect) Refresh(ctx context.Context, req sdk.RefreshRequest) (sdk.Ready, error) {
	kept, err := d.opened(req.Secrets)
	if err != nil {
		return sdk.Ready{}, err
	}
	server, _, err := d.tokens(ctx)
	if err != nil {
		return sdk.Ready{}, err
	}
	got, err := server.Refresh(ctx, kept.Tokens)
	if d.Bank.Has(refreshMayBeSpent) && errors.Is(err, &sdk.Failure{Code: sdk.ProviderUnavailable}) {
		got, err = server.Refresh(ctx, kept.Tokens)
	}
	if err != nil {
		return sdk.Ready{}, err
	}
	kept.Tokens = got
	ready := kept.ready(there{})
	ready.State = sdk.Bundle{} // the session goes on: when the user came stays known
	return ready, nil
}

// End deletes the consent at the bank where that is asked; without that there is nothing to close.
func (d *Dialect) End(ctx context.Context, req sdk.EndRequest) error {
	kept, err := d.opened(req.Secrets)
	if err != nil {
		return err
	}
	if !req.Revoke || kept.Consent == "" {
		return nil
	}
	bearer, err := d.ourselves(ctx)
	if err != nil {
		return err
	}
	_, err = d.send(ctx, call{method: http.MethodDelete, to: d.path("account-access-consents", kept.Consent), bearer: bearer})
	if n, refused := errors.AsType[*refusal.No](err); refused && (n.Means == refusal.Gone || n.Means == refusal.ConsentOver) {
		return nil // as good as revoked
	}
	return judged(err)
}
