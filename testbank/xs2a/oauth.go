package xs2a

import (
	"net/http"
	"strings"

	"github.com/tributary-dev/tributary/testbank/bank"
	"github.com/tributary-dev/tributary/testbank/config"
	"github.com/tributary-dev/tributary/testbank/reply"
	"github.com/tributary-dev/tributary/testbank/thirdparty"
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
		"issuer": base, "authorization_endpoint": thirdparty.Pages(x.bank, r) + "/xs2a/authorize", "token_endpoint": base + "/token",
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
	if !isConsent && !before || query.Get("response_type") != "code" || query.Get("code_challenge_method") != "S256" || query.Get("code_challenge") == "" {
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

// token gives tokens to the company whose certificate the connection shows.
func (x *Interface) token(w http.ResponseWriter, r *http.Request) {
	who, known := thirdparty.Client(w, r, x.bank)
	if !known {
		return
	}
	tokens, err := thirdparty.Exchange(x.bank, r.PostForm, who)
	switch {
	case err != nil:
		thirdparty.RefuseToken(w, err)
	case x.hostile(w, r, tokens.Login, "token"):
	default:
		thirdparty.GiveToken(w, tokens, scopeOf(tokens))
	}
}

func scopeOf(t bank.Tokens) string {
	if strings.HasPrefix(t.ConsentID, "acs_") {
		return "AIS"
	}
	return "AIS:" + t.ConsentID
}
