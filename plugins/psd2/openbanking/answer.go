package openbanking

import (
	"context"
	"errors"

	"github.com/tributary-dev/tributary/plugins/psd2/catalogue"
	"github.com/tributary-dev/tributary/plugins/psd2/oidc"
	"github.com/tributary-dev/tributary/plugins/psd2/token"
	"github.com/tributary-dev/tributary/plugins/sdk"
)

// Continue takes what the browser brought back.
func (d *Dialect) Continue(ctx context.Context, req sdk.ContinueRequest) (sdk.Step, error) {
	var at state
	if err := req.State.Unpack(bundleVersion, &at); err != nil {
		return sdk.Step{}, err
	}
	switch {
	case at.Consent == "" || at.Verifier == "":
		return sdk.Step{}, sdk.Fail(sdk.SecretUnreadable, errors.New("a session at no known stage"))
	case req.Resend:
		return sdk.Step{}, sdk.Fail(sdk.NotSupported, errors.New("the standard has no such call"))
	}
	if err := token.Denied(req.Answers["error"]); err != nil {
		return sdk.Step{}, err
	}
	if req.Poll || req.Answers["code"] == "" {
		return asked(at), nil
	}
	got, err := d.exchange(ctx, at, req.Answers["code"], req.Answers["id_token"])
	if err != nil {
		return sdk.Step{}, err
	}
	kept := secrets{Consent: at.Consent, Expires: at.Expires, Permissions: at.Permissions, Tokens: got, Given: d.Now().UTC(), Client: d.Identity.ClientID}
	us := there{req.PSU, at.Seen}
	ready := kept.ready(us)
	return sdk.Step{Ready: &ready}, nil
}

// exchange gives tokens for a code that is proved to be of this session and consent: before it is spent where the browser
// brought the proof, and by the token server's own proof otherwise.
func (d *Dialect) exchange(ctx context.Context, at state, code, front string) (token.Tokens, error) {
	wanted := oidc.Wanted{ClientID: d.Identity.ClientID, Nonce: at.Nonce, Intent: at.Consent, Older: d.Bank.Has(olderSignatures)}
	hybrid := d.Bank.OAuth.Response == catalogue.Hybrid
	if hybrid {
		before := wanted
		before.State, before.Code = at.ReturnState, code
		var err error
		if wanted.Subject, err = d.server.Check(ctx, front, before); err != nil {
			return token.Tokens{}, err
		}
	}
	server, _, err := d.tokens(ctx)
	if err != nil {
		return token.Tokens{}, err
	}
	got, err := server.Exchange(ctx, code, at.Verifier, at.ReturnURL)
	if err != nil || hybrid && got.Proof == "" { // the browser's proof is enough
		return got, err
	}
	wanted.Access = got.Access
	_, err = d.server.Check(ctx, got.Proof, wanted)
	return got, err
}
