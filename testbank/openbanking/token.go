package openbanking

import (
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/tributary-dev/tributary/testbank/bank"
	"github.com/tributary-dev/tributary/testbank/config"
	"github.com/tributary-dev/tributary/testbank/thirdparty"
)

// given is a token that a third party was given: one for itself, or one of a customer. It is good over connections with the
// certificate that it was fetched with, and no other of the company's (RFC 8705, section 3).
type given struct {
	client, certificate string
	own                 bool
	expires             time.Time
}

// certificate names that of a connection.
func certificate(r *http.Request) string {
	if r.TLS == nil || len(r.TLS.PeerCertificates) == 0 {
		return ""
	}
	sum := sha256.Sum256(r.TLS.PeerCertificates[0].Raw)
	return string(sum[:])
}

// binds keeps what a token is bound to.
func (x *Interface) binds(r *http.Request, token, who string, own bool, life time.Duration) {
	now := x.bank.Real()
	x.mu.Lock()
	defer x.mu.Unlock()
	for known, t := range x.given {
		if t.expires.Before(now) {
			delete(x.given, known)
		}
	}
	x.given[token] = given{who, certificate(r), own, now.Add(life)}
}

// shows says that a call has a token that is good with its certificate: one of the third party's own, or one of a customer.
func (c *call) shows(own bool) bool {
	c.x.mu.Lock()
	t, known := c.x.given[c.token]
	c.x.mu.Unlock()
	return known && t.own == own && t.client == c.who && t.certificate == certificate(c.r) && !c.x.bank.Real().After(t.expires)
}

const assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

// tokens gives tokens to a third party that has proven who it is.
func (x *Interface) tokens(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, thirdparty.MaxBody)
	who, doubt := thirdparty.Caller(x.bank, r)
	if doubt != "" || r.ParseForm() != nil || !x.proves(r, who) {
		say(w, http.StatusUnauthorized, oauthError("invalid_client", "The client has not proven who it is."))
		return
	}
	switch r.PostForm.Get("grant_type") {
	case "client_credentials":
		x.giveOwn(w, r, who)
	case "authorization_code":
		v, known := x.visitOf(r.PostForm.Get("code"))
		if !known || v.Client != who || v.Address != r.PostForm.Get("redirect_uri") || !v.proven(r.PostForm.Get("code_verifier")) || x.bank.Real().After(v.expires) {
			say(w, http.StatusBadRequest, oauthError("invalid_grant", "The code is unknown, was used before, or is of another."))
			return
		}
		tokens, err := x.bank.ExchangeIntent(r.PostForm.Get("code"), who)
		if unavailable(err) { // the code is still good
			x.mu.Lock()
			x.codes[r.PostForm.Get("code")] = v
			x.mu.Unlock()
		}
		x.give(w, r, v, who, tokens, err)
	case "refresh_token":
		tokens, err := x.bank.RenewRequest(r.PostForm.Get("refresh_token"), who)
		if err == nil && x.losing() {
			say(w, http.StatusInternalServerError, oauthError("server_error", "The bank made a mistake."))
			return
		}
		x.give(w, r, visit{}, who, tokens, err)
	default:
		say(w, http.StatusBadRequest, oauthError("unsupported_grant_type", "The grant is to be client_credentials, authorization_code or refresh_token."))
	}
}

// losing reports whether a refresh is to be lost.
func (x *Interface) losing() bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.lost++
	return x.switches().Refresh == config.OBRefreshLost && x.lost%2 == 0
}

// proves reports whether the client that the certificate names has proven it as it registered to.
func (x *Interface) proves(r *http.Request, who string) bool {
	c, known := x.clientOf(who)
	form := r.PostForm
	id := form.Get("client_id")
	switch {
	case !known:
		return false
	case c.Method == byCertificate:
		return id == who && form.Get("client_assertion") == ""
	case id != "" && id != who || form.Get("client_assertion_type") != assertionType:
		return false
	}
	own, good := c.verified(form.Get("client_assertion"))
	now := x.bank.Real()
	timely := own.Expiry != nil && own.Expiry.Time().After(now) && !own.Expiry.Time().After(now.Add(window+skew)) &&
		(own.NotBefore == nil || !own.NotBefore.Time().After(now.Add(skew)))
	issuer := x.issuer(r)
	return good && timely && own.Issuer == who && own.Subject == who && own.ID != "" &&
		(own.Audience.Contains(issuer+"/token") || own.Audience.Contains(issuer)) && x.once(who+" "+own.ID, own.Expiry.Time())
}

// once reports whether an assertion comes for the first time.
func (x *Interface) once(id string, expires time.Time) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	now := x.bank.Real()
	for known, until := range x.used {
		if until.Before(now) {
			delete(x.used, known)
		}
	}
	_, again := x.used[id]
	x.used[id] = expires
	return !again
}

// giveOwn gives a token that consents are asked for with.
func (x *Interface) giveOwn(w http.ResponseWriter, r *http.Request, who string) {
	if !slices.Contains(strings.Fields(r.PostForm.Get("scope")), "accounts") {
		say(w, http.StatusBadRequest, oauthError("invalid_scope", "scope is to be accounts."))
		return
	}
	life := time.Duration(x.bank.File.Bank.TokenLife)
	token := "own_" + rand.Text()
	x.binds(r, token, who, true, life)
	say(w, http.StatusOK, map[string]any{"access_token": token, "token_type": "Bearer", "expires_in": int(life.Seconds()), "scope": "accounts"})
}

// byItself says that the third party shows a token of its own, and has answered where it does not.
func (c *call) byItself() bool {
	if !c.shows(true) {
		c.fail(noToken)
		return false
	}
	return true
}

// give answers with what a customer's consent is exchanged for.
func (x *Interface) give(w http.ResponseWriter, r *http.Request, v visit, who string, t bank.Tokens, err error) {
	switch {
	case unavailable(err):
		say(w, http.StatusServiceUnavailable, oauthError("temporarily_unavailable", "The bank is not available for now."))
		return
	case err != nil:
		say(w, http.StatusBadRequest, oauthError("invalid_grant", "The grant is unknown, was used before, or has ended."))
		return
	case x.hostile(w, r, t.Login, "token"):
		return
	}
	x.binds(r, t.Access, who, false, t.ExpiresIn)
	body := map[string]any{
		"access_token": t.Access, "refresh_token": t.Refresh, "token_type": "Bearer", "expires_in": int(t.ExpiresIn.Seconds()), "scope": "openid accounts",
	}
	if v.Client != "" {
		if body["id_token"], err = x.idToken(v, map[string]any{"at_hash": half(t.Access)}); err != nil {
			say(w, http.StatusInternalServerError, oauthError("server_error", "The bank made a mistake."))
			return
		}
	}
	say(w, http.StatusOK, body)
}

func unavailable(err error) bool {
	var refusal *bank.Refusal
	return errors.As(err, &refusal) && refusal.Code == bank.Unavailable
}
