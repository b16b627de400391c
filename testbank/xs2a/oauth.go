package xs2a

import (
	"errors"
	"net/http"
	"strings"

	"github.com/tributary-dev/tributary/testbank/bank"
	"github.com/tributary-dev/tributary/testbank/config"
	"github.com/tributary-dev/tributary/testbank/reply"
)

const metadataPath = "/xs2a/.well-known/oauth-authorization-server"

// metadata describes the token server (RFC 8414).
func (x *Interface) metadata(w http.ResponseWriter, r *http.Request) {
	if x.bank.File.Bank.OAuth == config.OAuthNone {
		reply.NotFound(w, r)
		return
	}
	base := reply.Base(r) + "/xs2a"
	reply.JSON(w, http.StatusOK, map[string]any{
		"issuer": base, "authorization_endpoint": x.pages(r) + "/xs2a/authorize", "token_endpoint": base + "/token",
		"response_types_supported": []string{"code"}, "code_challenge_methods_supported": []string{"S256"},
		"grant_types_supported": []string{"authorization_code", "refresh_token"}, "token_endpoint_auth_methods_supported": []string{"tls_client_auth"},
	})
}

// authorize leads a browser to the bank's page of the consent that the scope names, or to the one where a customer lets a
// third party ask for consents.
func (x *Interface) authorize(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	consent, isConsent := strings.CutPrefix(query.Get("scope"), "AIS:")
	before := x.bank.File.Bank.OAuth == config.OAuthPreStep && query.Get("scope") == "AIS"
	if !isConsent && !before || query.Get("response_type") != "code" || query.Get("code_challenge_method") != "S256" {
		reply.JSON(w, http.StatusBadRequest, map[string]string{"error": "invalid_request"})
		return
	}
	var err error
	if before {
		consent, err = x.bank.AskAccess(query.Get("client_id"), query.Get("redirect_uri"), query.Get("state"), query.Get("code_challenge"))
	} else {
		err = x.bank.Authorise(consent, query.Get("client_id"), query.Get("redirect_uri"), query.Get("state"), query.Get("code_challenge"))
	}
	if err != nil {
		reply.JSON(w, http.StatusBadRequest, map[string]string{"error": "invalid_request"}) // never sent to an address that is not known
		return
	}
	http.Redirect(w, r, reply.Prefix(r)+"/redirect/authorize/"+consent, http.StatusSeeOther)
}

// token gives tokens to the company whose certificate the connection shows (RFC 8705).
func (x *Interface) token(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	if x.bank.Authorities == nil || r.TLS == nil || len(r.TLS.PeerCertificates) == 0 || r.ParseForm() != nil {
		reply.JSON(w, http.StatusUnauthorized, map[string]string{"error": "invalid_client"})
		return
	}
	who, wrong := x.trusted(r.TLS.PeerCertificates[0])
	if wrong != nil || r.PostForm.Get("client_id") != who {
		reply.JSON(w, http.StatusUnauthorized, map[string]string{"error": "invalid_client"})
		return
	}
	var tokens bank.Tokens
	var err error
	switch r.PostForm.Get("grant_type") {
	case "authorization_code":
		tokens, err = x.bank.ExchangeRequest(r.PostForm.Get("code"), who, r.PostForm.Get("redirect_uri"), r.PostForm.Get("code_verifier"))
	case "refresh_token":
		tokens, err = x.bank.RenewRequest(r.PostForm.Get("refresh_token"), who)
	default:
		reply.JSON(w, http.StatusBadRequest, map[string]string{"error": "unsupported_grant_type"})
		return
	}
	var refusal *bank.Refusal
	switch {
	case errors.As(err, &refusal) && refusal.Code == bank.Unavailable:
		reply.JSON(w, http.StatusServiceUnavailable, map[string]string{"error": "temporarily_unavailable"})
	case err != nil:
		reply.JSON(w, http.StatusBadRequest, map[string]string{"error": "invalid_grant"})
	case x.hostile(w, r, tokens.Login, "token"):
	default:
		reply.JSON(w, http.StatusOK, map[string]any{
			"access_token": tokens.Access, "refresh_token": tokens.Refresh, "token_type": "Bearer",
			"expires_in": int(tokens.ExpiresIn.Seconds()), "scope": scopeOf(tokens),
		})
	}
}

func scopeOf(t bank.Tokens) string {
	if strings.HasPrefix(t.ConsentID, "acs_") {
		return "AIS"
	}
	return "AIS:" + t.ConsentID
}
