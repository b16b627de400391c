package berlin

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/tributary-dev/tributary/plugins/psd2/token"
	"github.com/tributary-dev/tributary/plugins/sdk"
)

// integrated has a consent authorised by OAuth: the user goes to the token server that the bank names.
func (v *visit) integrated(ctx context.Context, href string, from *url.URL) (*sdk.Step, error) {
	at := server{}
	if v.Bank.OAuth != nil {
		at = server{v.Bank.OAuth.Authorization, v.Bank.OAuth.Token}
	}
	if at.Authorization == "" || at.Token == "" {
		var err error
		if at, err = v.discover(ctx, href, from); err != nil {
			return nil, err
		}
	}
	step, err := v.authorise(ctx, atOAuth, at)
	return &step, err
}

// discover reads the token server's description (RFC 8414). Its addresses have to be on the bank's hosts.
func (v *visit) discover(ctx context.Context, href string, from *url.URL) (server, error) {
	to, err := v.Line.Resolve(from, href)
	if err != nil {
		return server{}, err
	}
	var said struct {
		Authorization string `json:"authorization_endpoint"`
		Token         string `json:"token_endpoint"`
	}
	if err := v.do(ctx, call{method: http.MethodGet, to: to}, &said); err != nil {
		return server{}, failed(err, false, false)
	}
	page, err := url.Parse(said.Authorization)
	called, err2 := url.Parse(said.Token)
	if err != nil || err2 != nil || !v.Line.Shows(page) || !v.Line.Allows(called) {
		return server{}, sdk.Fail(sdk.BadData, errors.New("a token server on a host that is not the bank's"))
	}
	return server{said.Authorization, said.Token}, nil
}

// authorise sends the user to the token server.
func (v *visit) authorise(_ context.Context, at stage, where server) (sdk.Step, error) {
	v.at.Stage, v.at.Server, v.at.Verifier, v.at.ReturnURL = at, where, token.Verifier(), v.returnURL
	scope := "AIS:{consent}"
	if v.Bank.OAuth != nil {
		scope = v.Bank.OAuth.Scope
	}
	scope = strings.ReplaceAll(scope, "{consent}", v.at.Consent)
	v.at.Page = v.tokenServer(where).Page(v.returnState, v.at.Verifier, v.returnURL, scope)
	return *v.page(), nil
}

func (d *Dialect) tokenServer(where server) token.Server {
	kind := ""
	if d.Bank.Has(uppercaseCode) {
		kind = "CODE"
	}
	return token.Server{
		Authorization: where.Authorization, Token: where.Token, ClientID: d.Identity.ClientID, ClientSecret: d.Identity.ClientSecret,
		ResponseType: kind, Client: d.Line.Client(), Now: d.Now,
	}
}

// authorised is the browser's return from the token server.
func (v *visit) authorised(ctx context.Context, req sdk.ContinueRequest) (sdk.Step, error) {
	if err := token.Denied(req.Answers["error"]); err != nil {
		return sdk.Step{}, err
	}
	if req.Poll || req.Answers["code"] == "" {
		return *v.page(), nil
	}
	got, err := v.tokenServer(v.at.Server).Exchange(ctx, req.Answers["code"], v.at.Verifier, v.at.ReturnURL)
	if err != nil {
		return sdk.Step{}, err
	}
	v.at.Tokens, v.at.Verifier = got, ""
	if v.at.Stage == atPreStep {
		return v.agree(ctx)
	}
	return v.settle(ctx)
}

// Refresh spends the refresh token. Where the bank has trouble the old one stays what it was.
func (d *Dialect) Refresh(ctx context.Context, req sdk.RefreshRequest) (sdk.Ready, error) {
	kept, err := d.opened(req.Secrets)
	if err != nil {
		return sdk.Ready{}, err
	}
	got, err := d.tokenServer(kept.Server).Refresh(ctx, kept.Tokens)
	if err != nil {
		return sdk.Ready{}, err
	}
	kept.Tokens = got
	return kept.ready(), nil
}
