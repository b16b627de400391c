// Package token owns OAuth 2 at a bank: the address where the user authorises, codes and refresh tokens for tokens, and
// what its errors mean. The protocol itself is golang.org/x/oauth2's.
//
// It knows no standard. Invariants: every authorisation has its own PKCE verifier; a token server's words never reach a
// failure's text; a refresh token is spent by Refresh alone.
package token

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"

	"github.com/tributary-dev/tributary/plugins/psd2/bankhttp"
	"github.com/tributary-dev/tributary/plugins/psd2/refusal"
	"github.com/tributary-dev/tributary/plugins/sdk"
)

// Server is a bank's token server, for one client.
type Server struct {
	Authorization string
	Token         string
	ClientID      string
	ClientSecret  string
	// ResponseType is "code" in the bank's own spelling.
	ResponseType string
	// Statement says who we are, for a server that knows us by a signature (private_key_jwt); nil for one that does by our
	// certificate or secret.
	Statement func() (string, error)
	Client    *http.Client
	Now       func() time.Time
}

// Tokens are what was exchanged. All are secrets.
type Tokens struct {
	Access  string `json:"access,omitempty"`
	Refresh string `json:"refresh,omitempty"`
	// Expires is when Access ends; zero when the bank does not say.
	Expires time.Time `json:"expires,omitzero"`
	// Proof is the id_token that came with them, where OpenID Connect was asked for. It is kept nowhere.
	Proof string `json:"-"`
}

// Over reports that the bank said when the access token ends, and that it has.
func (t Tokens) Over(now time.Time) bool { return !t.Expires.IsZero() && !now.Before(t.Expires) }

// Denied is what an error means with which the token server's page sent the browser back (RFC 6749, section 4.1.2.1); nil
// for none.
func Denied(fault string) error {
	switch fault {
	case "":
		return nil
	case "access_denied":
		return refusal.Say(sdk.Refused, errors.New("the user refused"))
	case "server_error", "temporarily_unavailable":
		return sdk.Fail(sdk.ProviderUnavailable, errors.New("the token server has trouble"))
	}
	return sdk.Fail(sdk.ChallengeExpired, errors.New("the token server refused"))
}

// Verifier makes a PKCE verifier (RFC 7636).
func Verifier() string { return oauth2.GenerateVerifier() }

// Page is where the user authorises.
func (s Server) Page(state, verifier, returnURL, scope string) string {
	c := s.config(returnURL)
	c.Scopes = []string{scope}
	options := []oauth2.AuthCodeOption{oauth2.S256ChallengeOption(verifier)}
	if s.ResponseType != "" {
		options = append(options, oauth2.SetAuthURLParam("response_type", s.ResponseType))
	}
	return c.AuthCodeURL(state, options...)
}

// Exchange gives tokens for a code.
func (s Server) Exchange(ctx context.Context, code, verifier, returnURL string) (Tokens, error) {
	got, err := s.config(returnURL).Exchange(s.with(ctx), code, oauth2.VerifierOption(verifier))
	return s.tokens(ctx, got, err, sdk.ChallengeExpired)
}

// Refresh spends a refresh token. Where the bank gives no new one, the old one stays good (RFC 6749, section 6).
func (s Server) Refresh(ctx context.Context, kept Tokens) (Tokens, error) {
	if kept.Refresh == "" {
		return Tokens{}, refusal.Say(sdk.TokenExpired, errors.New("there is no refresh token"))
	}
	got, err := s.config("").TokenSource(s.with(ctx), &oauth2.Token{RefreshToken: kept.Refresh}).Token()
	out, err := s.tokens(ctx, got, err, sdk.TokenExpired)
	if failure, is := errors.AsType[*sdk.Failure](err); is {
		failure.Message = refusal.Message(failure.Code)
	}
	return out, err
}

func (s Server) config(returnURL string) *oauth2.Config {
	return &oauth2.Config{
		ClientID: s.ClientID, ClientSecret: s.ClientSecret, RedirectURL: returnURL,
		// The client id goes into the body: with mutual TLS it is all there is (RFC 8705, section 2).
		Endpoint: oauth2.Endpoint{AuthURL: s.Authorization, TokenURL: s.Token, AuthStyle: oauth2.AuthStyleInParams},
	}
}

// Ourselves gives a token that is ours and no user's.
func (s Server) Ourselves(ctx context.Context, scope string) (Tokens, error) {
	c := clientcredentials.Config{ClientID: s.ClientID, ClientSecret: s.ClientSecret, TokenURL: s.Token, Scopes: []string{scope}, AuthStyle: oauth2.AuthStyleInParams}
	got, err := c.Token(s.with(ctx))
	return s.tokens(ctx, got, err, sdk.Technical)
}

func (s Server) with(ctx context.Context) context.Context {
	client := s.Client
	if s.Statement != nil {
		own := *client
		own.Transport = stating{s.Statement, client.Transport}
		client = &own
	}
	return context.WithValue(ctx, oauth2.HTTPClient, client)
}

// tokens judges an answer; refused is what a grant means that the bank no longer takes.
func (s Server) tokens(ctx context.Context, got *oauth2.Token, err error, refused sdk.Code) (Tokens, error) {
	var answer *oauth2.RetrieveError
	var network *url.Error
	switch {
	case errors.As(err, &answer):
		return Tokens{}, meaning(answer, refused)
	case errors.As(err, &network):
		return Tokens{}, bankhttp.Unreachable(ctx, network)
	case err != nil:
		return Tokens{}, sdk.Fail(sdk.BadData, errors.New("an answer without tokens"))
	}
	out := Tokens{Access: got.AccessToken, Refresh: got.RefreshToken}
	out.Proof, _ = got.Extra("id_token").(string)
	if got.ExpiresIn > 0 {
		out.Expires = s.Now().Add(time.Duration(got.ExpiresIn) * time.Second)
	}
	return out, nil
}

// meaning is what an error of the token server says. A server that has trouble has spent nothing: the same grant is
// tried again later, and only its own word ends it.
func meaning(answer *oauth2.RetrieveError, refused sdk.Code) error {
	cause := errors.New("the token server says " + known(answer.ErrorCode))
	status := 0
	if answer.Response != nil {
		status = answer.Response.StatusCode
	}
	switch {
	case answer.ErrorCode == "invalid_grant":
		return sdk.Fail(refused, cause)
	case status >= 500, answer.ErrorCode == "server_error", answer.ErrorCode == "temporarily_unavailable":
		return sdk.Fail(sdk.ProviderUnavailable, cause)
	case status == http.StatusTooManyRequests:
		return sdk.Fail(sdk.RateLimited, cause)
	case known(answer.ErrorCode) == answer.ErrorCode: // the operator's registration at the bank
		failure := sdk.Fail(sdk.Technical, cause)
		failure.Whose = sdk.Host
		return failure
	}
	return sdk.Fail(sdk.BadData, cause)
}

// known gives a word of RFC 6749, section 5.2, and nothing else: what a bank writes may hold anything.
func known(code string) string {
	switch code {
	case "invalid_request", "invalid_client", "invalid_grant", "unauthorized_client", "unsupported_grant_type", "invalid_scope":
		return code
	}
	return "something unknown"
}
