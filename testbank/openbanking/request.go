package openbanking

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"github.com/tributary-dev/tributary/testbank/config"
)

// acr says that the customer was authenticated strongly.
const acr = "urn:openbanking:psd2:sca"

// window is how long a signed text may be good, and skew how far clocks may be apart.
const (
	window = time.Hour
	skew   = 30 * time.Second
)

// request is what a browser brings from a third party: what is signed alone counts.
type request struct {
	Client    string `json:"client_id"`
	Response  string `json:"response_type"`
	Address   string `json:"redirect_uri"`
	Scope     string `json:"scope"`
	State     string `json:"state"`
	Nonce     string `json:"nonce"`
	Challenge string `json:"code_challenge"`
	Method    string `json:"code_challenge_method"`
	Claims    struct {
		IDToken struct {
			Intent struct {
				Value string `json:"value"`
			} `json:"openbanking_intent_id"`
			ACR struct {
				Value     string   `json:"value"`
				Values    []string `json:"values"`
				Essential bool     `json:"essential"`
			} `json:"acr"`
		} `json:"id_token"`
	} `json:"claims"`
}

// verified reads claims that a third party signed with one of its keys. A key with another name, or another algorithm, is
// refused.
func (c client) verified(text string, into ...any) (jwt.Claims, bool) {
	var own jwt.Claims
	token, err := jwt.ParseSigned(text, []jose.SignatureAlgorithm{jose.PS256})
	if err != nil || len(token.Headers) != 1 || c.Keys == nil {
		return own, false
	}
	for _, key := range c.Keys.Key(token.Headers[0].KeyID) {
		if token.Claims(key.Key, append(into, &own)...) == nil {
			return own, true
		}
	}
	return own, false
}

// asked reads a request object. reason is in the words of OpenID Connect, and empty where all is right.
func (x *Interface) asked(c client, text, issuer string) (out request, reason string) {
	own, good := c.verified(text, &out)
	if !good {
		return out, "The request is to be signed by PS256 with a registered key."
	}
	switch {
	case own.Issuer != c.ID || out.Client != c.ID:
		return out, "iss and client_id are to be the client's."
	case !own.Audience.Contains(issuer):
		return out, "aud is to be the bank's issuer."
	case out.Nonce == "":
		return out, "nonce is mandatory."
	case out.State == "":
		return out, "state is mandatory."
	}
	return out, x.timely(own)
}

// timely says what is wrong with the times of a request.
func (x *Interface) timely(own jwt.Claims) string {
	now := x.bank.Real()
	from := now
	if own.IssuedAt != nil {
		from = own.IssuedAt.Time()
	}
	if own.NotBefore != nil {
		from = own.NotBefore.Time()
	}
	switch {
	case own.Expiry == nil:
		return "exp is mandatory."
	case !own.Expiry.Time().After(now):
		return "exp is over."
	case own.NotBefore == nil && x.switches().NotBefore == config.OBNotBeforeDemanded:
		return "nbf is mandatory."
	case from.After(now.Add(skew)):
		return "nbf or iat lies in the future."
	case from.Before(now.Add(-window)):
		return "nbf lies more than an hour back."
	case own.Expiry.Time().Sub(from) > window:
		return "exp lies more than an hour after nbf."
	}
	return ""
}

// fits says what of a request is not what it can be, in OpenID Connect's words.
func (r request) fits() (kind, reason string) {
	scopes := strings.Fields(r.Scope)
	level := r.Claims.IDToken.ACR
	switch {
	case r.Response != "code" && r.Response != hybrid:
		return "unsupported_response_type", "response_type is to be code, or code id_token."
	case !slices.Contains(scopes, "openid") || !slices.Contains(scopes, "accounts"):
		return "invalid_scope", "scope is to be openid accounts."
	case r.Claims.IDToken.Intent.Value == "":
		return "invalid_request_object", "openbanking_intent_id is mandatory."
	case r.Challenge != "" && r.Method != "S256":
		return "invalid_request_object", "code_challenge_method is to be S256."
	case level.Essential && level.Value+strings.Join(level.Values, "") != "" && level.Value != acr && !slices.Contains(level.Values, acr):
		return "invalid_request_object", "The bank has no such acr."
	}
	return "", ""
}

// repeated says which parameter of the address is another than that of the request. One that is mandatory may not be missing.
func (r request) repeated(query url.Values) string {
	for name, signed := range map[string]string{
		"client_id": r.Client, "response_type": r.Response, "scope": r.Scope, "redirect_uri": r.Address, "state": r.State, "nonce": r.Nonce,
	} {
		given, there := query[name]
		mandatory := name == "client_id" || name == "response_type" || name == "scope"
		if there && given[0] != signed || !there && mandatory {
			return name
		}
	}
	return ""
}
