package stet

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"time"

	"github.com/tributary-dev/tributary/plugins/psd2/catalogue"
	"github.com/tributary-dev/tributary/plugins/psd2/refusal"
	"github.com/tributary-dev/tributary/plugins/psd2/token"
	"github.com/tributary-dev/tributary/plugins/sdk"
)

// bundleVersion is the only version of states and secrets so far.
const bundleVersion = 1

// state is what a session needs to go on, on any node.
type state struct {
	Page      string `json:"page,omitempty"`
	Verifier  string `json:"verifier,omitempty"`
	ReturnURL string `json:"return_url,omitempty"`
}

// secrets are kept for later sessions.
type secrets struct {
	Tokens token.Tokens `json:"tokens,omitzero"`
	// Given is when the user agreed: tokens are renewed so long, and banks show more just afterwards.
	Given time.Time `json:"given,omitzero"`
	// Renewed is when a refresh token was taken for the access token.
	Renewed time.Time `json:"renewed,omitzero"`
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

// moment is how long a token that the bank has just renewed can be refused for no other reason than who shows it.
const moment = time.Minute

// judged makes a failure of a refusal. A token that the bank renewed a moment ago is of a consent that is good: it is us whom
// it does not know, by our certificate or signature. The standard has no other word for that, and the user who agrees once
// more would change nothing.
func (d *Dialect) judged(kept secrets, err error) error {
	if over(err) && !kept.Tokens.Over(d.Now()) && d.Now().Before(kept.Renewed.Add(moment)) {
		return refusal.Fail(refusal.Ours, false, time.Time{}, err)
	}
	return refusal.Judge(err, kept.Tokens.Refresh != "")
}

// over reports whether the bank refused a token, or us.
func over(err error) bool {
	no, refused := errors.AsType[*refusal.No](err)
	return refused && no.Means == refusal.TokenOver
}

// until is when the user has to agree again.
func (d *Dialect) until(kept secrets) time.Time { return kept.Given.AddDate(0, 0, d.Bank.Consent.Days) }

// Begin goes on with the token that is kept, or sends the user to the bank. Whether the bank still takes it, the first
// call will tell: the standard has nothing that could be asked.
func (d *Dialect) Begin(_ context.Context, req sdk.BeginRequest) (sdk.Step, error) {
	kept, err := d.opened(req.Secrets)
	if err != nil {
		return sdk.Step{}, err
	}
	ended := req.PSU != nil && !d.Now().Before(d.until(kept))
	if kept.Tokens.Access != "" && !ended {
		return sdk.Step{Ready: &sdk.Ready{State: sdk.Pack(bundleVersion, state{}), Consent: d.consent(kept, nil)}}, nil
	}
	if req.PSU == nil {
		return sdk.Step{}, sdk.Fail(sdk.ChallengeRequired, errors.New("there is no token"))
	}
	at := state{Verifier: token.Verifier(), ReturnURL: req.ReturnURL}
	at.Page = d.tokenServer().Page(req.ReturnState, at.Verifier, req.ReturnURL, d.Bank.OAuth.Scope)
	return page(at), nil
}

// page sends the user to the bank's page.
func page(at state) sdk.Step {
	sum := sha256.Sum256([]byte("challenge\x00" + at.Verifier)) // tells nothing that the token server knows
	return sdk.Step{Challenge: &sdk.Challenge{
		ID: hex.EncodeToString(sum[:12]), Type: sdk.ChallengeRedirect, URL: at.Page, Holding: sdk.Durable, State: sdk.Pack(bundleVersion, at),
		Message: sdk.Text{"en": "Give your consent on the bank’s page.", "fr": "Donnez votre consentement sur la page de la banque."},
	}}
}

func (d *Dialect) tokenServer() token.Server {
	return token.Server{
		Authorization: d.Bank.OAuth.Authorization, Token: d.Bank.OAuth.Token, ClientID: d.Identity.ClientID, ClientSecret: d.Identity.ClientSecret,
		Client: d.Line.Client(), Now: d.Now,
	}
}

// Continue takes what the browser brought back.
func (d *Dialect) Continue(ctx context.Context, req sdk.ContinueRequest) (sdk.Step, error) {
	var at state
	if err := req.State.Unpack(bundleVersion, &at); err != nil {
		return sdk.Step{}, err
	}
	if at.Verifier == "" {
		return sdk.Step{}, sdk.Fail(sdk.SecretUnreadable, errors.New("a session at no known stage"))
	}
	if req.Resend {
		return sdk.Step{}, sdk.Fail(sdk.NotSupported, errors.New("the standard has no such call"))
	}
	if err := token.Denied(req.Answers["error"]); err != nil {
		return sdk.Step{}, err
	}
	if req.Poll || req.Answers["code"] == "" {
		return page(at), nil
	}
	got, err := d.tokenServer().Exchange(ctx, req.Answers["code"], at.Verifier, at.ReturnURL)
	if err != nil {
		return sdk.Step{}, err
	}
	kept := secrets{Tokens: got, Given: d.Now().UTC().Truncate(time.Second), Client: d.Identity.ClientID}
	var named []string
	if d.Bank.Consent.Model == catalogue.Mixed {
		// Where it fails the token is kept all the same: it is given once, and Fetch tells the bank what is still to be told.
		named, err = d.source(kept, req.PSU).agree(ctx)
		if over(err) { // as above
			return sdk.Step{}, refusal.Fail(refusal.Ours, false, time.Time{}, err)
		}
	}
	return sdk.Step{Ready: &sdk.Ready{State: sdk.Pack(bundleVersion, state{}), Secrets: sdk.Pack(bundleVersion, kept), Consent: d.consent(kept, named)}}, nil
}

// consent is what was agreed to, as far as the bank knows of it.
func (d *Dialect) consent(kept secrets, named []string) *sdk.Consent {
	return &sdk.Consent{ValidUntil: d.until(kept), Accounts: named, Scopes: []sdk.Scope{sdk.ScopeAccounts, sdk.ScopeBalances, sdk.ScopeTransactions}}
}

// Refresh spends the refresh token. Where the bank has trouble the old one stays what it was.
func (d *Dialect) Refresh(ctx context.Context, req sdk.RefreshRequest) (sdk.Ready, error) {
	kept, err := d.opened(req.Secrets)
	if err != nil {
		return sdk.Ready{}, err
	}
	got, err := d.tokenServer().Refresh(ctx, kept.Tokens)
	if err != nil {
		return sdk.Ready{}, err
	}
	kept.Tokens, kept.Renewed = got, d.Now().UTC().Truncate(time.Second)
	return sdk.Ready{State: sdk.Pack(bundleVersion, state{}), Secrets: sdk.Pack(bundleVersion, kept), Consent: d.consent(kept, nil)}, nil
}

// End tells the bank, where that is asked, that it may show nothing any more. With full consents the bank was never told
// anything: only the user can end the token, on the bank's pages.
func (d *Dialect) End(ctx context.Context, req sdk.EndRequest) error {
	kept, err := d.opened(req.Secrets)
	if err != nil {
		return err
	}
	switch {
	case !req.Revoke || kept.Tokens.Access == "":
		return nil
	case d.Bank.Consent.Model != catalogue.Mixed:
		return sdk.Fail(sdk.NotSupported, errors.New("the standard has no revocation with full consents"))
	case kept.Tokens.Over(d.Now()) && kept.Tokens.Refresh != "":
		return sdk.Fail(sdk.SecretStale, errors.New("the token is over"))
	}
	err = d.source(kept, nil).tell(ctx, nil)
	if over(err) && kept.Tokens.Refresh == "" {
		return nil // as good as revoked
	}
	return d.judged(kept, err)
}
