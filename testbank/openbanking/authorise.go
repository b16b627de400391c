package openbanking

import (
	"crypto/sha256"
	"encoding/base64"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/tributary-dev/tributary/testbank/reply"
)

// hybrid gets an id token with its code, after the number sign.
const hybrid = "code id_token"

// visit is what a browser came for. Its code is worth something together with it alone.
type visit struct {
	request
	issuer  string
	intent  string
	expires time.Time
}

// authorize takes a browser to the page of the consent that a signed request names. To an address that is not the client's
// nobody is sent.
func (x *Interface) authorize(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 64<<10)
	if r.ParseForm() != nil {
		wrongWay(w, "The request could not be read.")
		return
	}
	c, known := x.clientOf(r.Form.Get("client_id"))
	if !known {
		wrongWay(w, "The application is not known here.")
		return
	}
	if r.Form.Get("request") == "" {
		wrongWay(w, "The request is not signed.")
		return
	}
	v := visit{issuer: x.issuer(r), expires: x.bank.Real().Add(24 * time.Hour)}
	var reason string
	if v.request, reason = x.asked(c, r.Form.Get("request"), v.issuer); !slices.Contains(c.Addresses, v.Address) {
		wrongWay(w, "The application is to be found elsewhere, or "+reason)
		return
	}
	kind := "invalid_request_object"
	if reason == "" {
		kind, reason = v.fits()
	}
	if reason == "" && v.repeated(r.Form) != "" {
		kind, reason = "invalid_request", "The parameters are not those that were signed."
	}
	if reason != "" {
		http.Redirect(w, r, v.leads(url.Values{"error": {kind}, "error_description": {reason}}), http.StatusSeeOther)
		return
	}
	v.intent = v.Claims.IDToken.Intent.Value
	page, err := x.bank.AuthoriseIntent(v.intent, c.ID, func(code, refused string) string { return x.back(v, code, refused) })
	if err != nil {
		http.Redirect(w, r, v.leads(url.Values{"error": {"invalid_request"}, "error_description": {"There is no such consent to agree to."}}), http.StatusSeeOther)
		return
	}
	http.Redirect(w, r, reply.Prefix(r)+"/redirect/authorize/"+page, http.StatusSeeOther)
}

// back is where the browser goes in the end. It does not call the bank, which is busy with it.
func (x *Interface) back(v visit, code, refused string) string {
	if refused != "" {
		return v.leads(url.Values{"error": {refused}})
	}
	x.mu.Lock()
	for known, of := range x.codes {
		if of.expires.Before(x.bank.Real()) {
			delete(x.codes, known)
		}
	}
	x.codes[code] = v
	x.mu.Unlock()
	answer := url.Values{"code": {code}}
	if v.Response == hybrid {
		token, err := x.idToken(v, map[string]any{"c_hash": half(code), "s_hash": half(v.State)})
		if err != nil {
			return v.leads(url.Values{"error": {"server_error"}})
		}
		answer.Set("id_token", token)
	}
	return v.leads(answer)
}

// leads gives the address of the client with an answer: in the query for a code, after the number sign for more.
func (v visit) leads(answer url.Values) string {
	answer.Set("state", v.State)
	if v.State == "" {
		answer.Del("state")
	}
	target, err := url.Parse(v.Address)
	if err != nil {
		return v.Address // cannot happen: it was parsed when it was registered
	}
	if v.Response == hybrid {
		target.Fragment, target.RawFragment = "", ""
		return target.String() + "#" + answer.Encode()
	}
	query := target.Query()
	for name := range answer {
		query.Set(name, answer.Get(name))
	}
	target.RawQuery = query.Encode()
	return target.String()
}

// idToken says who agreed to what, and how. UK Open Banking names the consent as its subject.
func (x *Interface) idToken(v visit, more map[string]any) (string, error) {
	now := x.bank.Real()
	claims := map[string]any{
		"iss": v.issuer, "aud": v.Client, "sub": v.intent, "openbanking_intent_id": v.intent, "nonce": v.Nonce, "acr": acr,
		"iat": now.Unix(), "exp": now.Add(window).Unix(), "auth_time": now.Unix(),
	}
	for name, value := range more {
		claims[name] = value
	}
	return x.keys.sign(jose.SignatureAlgorithm(x.switches().IDTokens), claims)
}

var wrong = template.Must(template.New("").Parse(`<!doctype html><html lang="en"><meta charset="utf-8"><title>This does not go on</title><p>{{.}}</p>`))

// wrongWay tells a browser that it came in a way that leads nowhere.
func wrongWay(w http.ResponseWriter, reason string) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Security-Policy", "default-src 'none'")
	w.WriteHeader(http.StatusBadRequest)
	_ = wrong.Execute(w, reason) // a browser that is gone is told nothing
}

// visitOf gives what a code is for, once.
func (x *Interface) visitOf(code string) (visit, bool) {
	x.mu.Lock()
	defer x.mu.Unlock()
	v, known := x.codes[code]
	delete(x.codes, code)
	return v, known
}

// proven checks the verifier of whoever began with a challenge (RFC 7636).
func (v visit) proven(verifier string) bool {
	sum := sha256.Sum256([]byte(verifier))
	return v.Challenge == "" && verifier == "" || v.Challenge != "" && base64.RawURLEncoding.EncodeToString(sum[:]) == v.Challenge
}
