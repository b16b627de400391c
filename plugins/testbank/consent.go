package main

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/tributary-dev/tributary/plugins/sdk"
)

// beginConsent goes on with the tokens of an earlier consent, or sends the user to the bank's page for a new one: where
// there is none yet, or where the user is there to give another one because it has ended. Tokens are not tried here: Fetch
// says when they are stale, and Refresh renews them.
func (p *provider) beginConsent(ctx context.Context, req sdk.BeginRequest) (sdk.Step, error) {
	var kept secrets
	if err := req.Secrets.Unpack(bundleVersion, &kept); err != nil {
		return sdk.Step{}, err
	}
	configuration := req.Credentials["configuration"]
	bank, err := p.bank.of(configuration)
	if err != nil {
		return sdk.Step{}, err
	}
	if kept.AccessToken != "" && kept.Configuration == configuration && (req.PSU == nil || !ended(ctx, bank, kept)) {
		ready := consentReady(kept)
		ready.Secrets = sdk.Bundle{} // what is kept stays
		return sdk.Step{Ready: &ready}, nil
	}
	if req.PSU == nil {
		return sdk.Step{}, failures["challenge_required"]()
	}
	var opened struct {
		ID        string    `json:"consent_id"`
		URL       string    `json:"url"`
		ExpiresAt time.Time `json:"expires_at"`
	}
	body := map[string]any{"return_url": req.ReturnURL, "state": req.ReturnState}
	ask := call{method: http.MethodPost, path: []string{"redirect", "consents"}, body: body}
	if err := bank.do(ctx, ask, &opened); err != nil {
		return sdk.Step{}, failed(err, sdk.BadData)
	}
	return redirectStep(state{Consent: opened.ID, URL: opened.URL, Configuration: configuration}, opened.ExpiresAt)
}

// ended asks the bank whether a consent is over. Where it does not say so, the tokens will tell.
func ended(ctx context.Context, bank *client, kept secrets) bool {
	var consent struct {
		Status string `json:"status"`
	}
	err := bank.do(ctx, call{method: http.MethodGet, path: []string{"redirect", "consents", kept.Consent}}, &consent)
	return err == nil && (consent.Status == "EXPIRED" || consent.Status == "REVOKED" || consent.Status == "REFUSED")
}

func redirectStep(at state, expires time.Time) (sdk.Step, error) {
	if at.Consent == "" || at.URL == "" {
		return sdk.Step{}, sdk.Fail(sdk.BadData, errors.New("a consent without id or address"))
	}
	return sdk.Step{Challenge: &sdk.Challenge{
		ID: challengeID(at.Consent, 0), Type: sdk.ChallengeRedirect, URL: at.URL, ExpiresAt: expires,
		Holding: sdk.Durable, State: sdk.Pack(bundleVersion, at),
		Message: sdk.Text{"en": "Give your consent on the bank’s page.", "fr": "Donnez votre consentement sur la page de la banque."},
	}}, nil
}

// returned takes what the browser brought back. The return itself is not believed: only tokens for its code count.
func (p *provider) returned(ctx context.Context, req sdk.ContinueRequest) (sdk.Step, error) {
	var at state
	if err := req.State.Unpack(bundleVersion, &at); err != nil {
		return sdk.Step{}, err
	}
	if _, denied := req.Answers["error"]; denied {
		return sdk.Step{}, failures["approval_refused"]()
	}
	if req.Poll || req.Answers["code"] == "" {
		return redirectStep(at, time.Time{})
	}
	kept, err := p.exchange(ctx, at.Configuration, map[string]any{"code": req.Answers["code"]})
	switch {
	case refusedWith(err, "invalid_grant"):
		return sdk.Step{}, failures["code_expired"]()
	case err != nil:
		return sdk.Step{}, failed(err, sdk.ChallengeExpired)
	case kept.Consent != at.Consent:
		return sdk.Step{}, sdk.Fail(sdk.ChallengeExpired, errors.New("the code is of another consent"))
	}
	ready := consentReady(kept)
	return sdk.Step{Ready: &ready}, nil
}

// Refresh spends the refresh token, which works once. Only the consent channel has one.
func (p *provider) Refresh(ctx context.Context, req sdk.RefreshRequest) (sdk.Ready, error) {
	var kept secrets
	if err := req.Secrets.Unpack(bundleVersion, &kept); err != nil {
		return sdk.Ready{}, err
	}
	if req.Session.ChannelID != redirectChannel {
		return sdk.Ready{}, sdk.Fail(sdk.NotSupported, nil)
	}
	if kept.RefreshToken == "" {
		return sdk.Ready{}, failures["invalid_grant"]()
	}
	renewed, err := p.exchange(ctx, kept.Configuration, map[string]any{"refresh_token": kept.RefreshToken})
	if err != nil {
		return sdk.Ready{}, failed(err, sdk.TokenExpired)
	}
	return consentReady(renewed), nil
}

func (p *provider) exchange(ctx context.Context, configuration string, body map[string]any) (secrets, error) {
	var tokens struct {
		AccessToken  string   `json:"access_token"`
		RefreshToken string   `json:"refresh_token"`
		ConsentID    string   `json:"consent_id"`
		Accounts     []string `json:"accounts"`
		ValidUntil   string   `json:"consent_valid_until"`
	}
	bank, err := p.bank.of(configuration)
	if err == nil {
		err = bank.do(ctx, call{method: http.MethodPost, path: []string{"redirect", "token"}, body: body}, &tokens)
	}
	if err == nil && (tokens.AccessToken == "" || tokens.RefreshToken == "") {
		err = sdk.Fail(sdk.BadData, errors.New("an answer without tokens"))
	}
	return secrets{
		AccessToken: tokens.AccessToken, RefreshToken: tokens.RefreshToken, Consent: tokens.ConsentID,
		ValidUntil: tokens.ValidUntil, Accounts: tokens.Accounts, Configuration: configuration,
	}, err
}

func consentReady(kept secrets) sdk.Ready {
	consent := &sdk.Consent{
		ID: kept.Consent, Accounts: kept.Accounts,
		Scopes: []sdk.Scope{sdk.ScopeAccounts, sdk.ScopeBalances, sdk.ScopeTransactions},
	}
	if until, err := time.Parse(time.DateOnly, kept.ValidUntil); err == nil {
		consent.ValidUntil = until
	}
	return sdk.Ready{State: sdk.Pack(bundleVersion, state{Consent: kept.Consent, Configuration: kept.Configuration}), Secrets: sdk.Pack(bundleVersion, kept), Consent: consent}
}

// revoke ends the consent at the bank where that is asked; without that there is nothing to close.
func (p *provider) revoke(ctx context.Context, req sdk.EndRequest) error {
	var kept secrets
	if err := req.Secrets.Unpack(bundleVersion, &kept); err != nil {
		return err
	}
	if !req.Revoke || kept.RefreshToken == "" {
		return nil
	}
	ask := call{method: http.MethodDelete, path: []string{"redirect", "consents", kept.Consent}, bearer: kept.RefreshToken}
	bank, err := p.bank.of(kept.Configuration)
	if err == nil {
		err = bank.do(ctx, ask, nil)
	}
	if refusedWith(err, "not_found") {
		return nil
	}
	return failed(err, sdk.TokenExpired)
}
