package thirdparty

import (
	"errors"
	"net/http"
	"net/url"

	"github.com/tributary-dev/tributary/testbank/bank"
	"github.com/tributary-dev/tributary/testbank/reply"
)

// MaxBody is the largest request that is read.
const MaxBody = 64 << 10

// Client is who asks the token server, by the certificate of the connection and the client id of the form (RFC 8705).
// Otherwise it was answered already.
func Client(w http.ResponseWriter, r *http.Request, b *bank.Bank) (id string, known bool) {
	id, doubt := Caller(b, r)
	r.Body = http.MaxBytesReader(w, r.Body, MaxBody)
	if doubt != "" || r.ParseForm() != nil || r.PostForm.Get("client_id") != id {
		reply.JSON(w, http.StatusUnauthorized, map[string]string{"error": "invalid_client"})
		return "", false
	}
	return id, true
}

// errGrant is a way to tokens that is not known.
var errGrant = errors.New("unsupported_grant_type")

// Exchange gives a third party tokens for a code or a refresh token. The error is for RefuseToken.
func Exchange(b *bank.Bank, form url.Values, who string) (bank.Tokens, error) {
	switch form.Get("grant_type") {
	case "authorization_code":
		return b.ExchangeRequest(form.Get("code"), who, form.Get("redirect_uri"), form.Get("code_verifier"))
	case "refresh_token":
		return b.RenewRequest(form.Get("refresh_token"), who)
	}
	return bank.Tokens{}, errGrant
}

// RefuseToken answers in the words of RFC 6749, section 5.2.
func RefuseToken(w http.ResponseWriter, err error) {
	var refusal *bank.Refusal
	status, word := http.StatusBadRequest, "invalid_grant"
	switch {
	case errors.As(err, &refusal) && refusal.Code == bank.Unavailable:
		status, word = http.StatusServiceUnavailable, "temporarily_unavailable"
	case errors.Is(err, errGrant):
		word = errGrant.Error()
	}
	reply.JSON(w, status, map[string]string{"error": word})
}

// GiveToken answers with tokens.
func GiveToken(w http.ResponseWriter, t bank.Tokens, scope string) {
	body := map[string]any{"access_token": t.Access, "token_type": "Bearer", "expires_in": int(t.ExpiresIn.Seconds()), "scope": scope}
	if t.Refresh != "" {
		body["refresh_token"] = t.Refresh
	}
	reply.JSON(w, http.StatusOK, body)
}
