package conformance

import (
	"bytes"
	"crypto/sha256"
	"crypto/tls"
	"encoding/base64"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/cmd/tributary/eidas"
	"github.com/tributary-dev/tributary/testbank/bank"
)

// british is a third party of UK Open Banking that shares no code with the plugin, and may do wrong.
type british struct {
	*world

	t      *testing.T
	id     string
	api    string // of a version: "/open-banking/v3.1/aisp"
	http   *http.Client
	signer jose.Signer
	key    jose.JSONWebKey // its seal's, public
	own    string          // its own token
	seen   []exchange
}

const (
	v31, v40 = "/open-banking/v3.1/aisp", "/open-banking/v4.0/aisp"
	ukReturn = "https://us.example/connect/return"
	everyone = `"ReadAccountsDetail","ReadBalances","ReadTransactionsDetail","ReadTransactionsCredits","ReadTransactionsDebits","ReadParty","ReadPartyPSU"`
)

// ukParty is a company that has a certificate and is not registered yet.
func (w *world) ukParty(t *testing.T, who eidas.Organization, api string) *british {
	t.Helper()
	p := w.party(who)
	key := jose.JSONWebKey{Key: p.seal.Key, KeyID: "k1", Algorithm: "PS256", Use: "sig"}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.PS256, Key: key}, (&jose.SignerOptions{}).WithType("JWT"))
	require.NoError(t, err)
	settings := &tls.Config{RootCAs: w.authority.Pool(), MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{*p.transport}}
	b := &british{world: w, t: t, id: who.ID, api: api, signer: signer, key: key.Public(), http: &http.Client{Transport: &http.Transport{TLSClientConfig: settings}}}
	t.Cleanup(b.http.CloseIdleConnections)
	return b
}

// ukClient is one that is registered and has a token of its own.
func (w *world) ukClient(t *testing.T, who eidas.Organization, api string) *british {
	t.Helper()
	b := w.ukParty(t, who, api)
	status, _, _ := b.registers("tls_client_auth", ukReturn)
	require.Equal(t, http.StatusCreated, status)
	b.own = b.token(url.Values{"grant_type": {"client_credentials"}, "scope": {"accounts"}}).Access
	return b
}

// registers tells the bank who it is: its key is k1.
func (b *british) registers(method string, addresses ...string) (int, http.Header, string) {
	b.t.Helper()
	text, err := json.Marshal(map[string]any{"redirect_uris": addresses, "token_endpoint_auth_method": method, "jwks": jose.JSONWebKeySet{Keys: []jose.JSONWebKey{b.key}}})
	require.NoError(b.t, err)
	return b.send(http.MethodPost, "/open-banking/register", string(text), map[string]string{"Content-Type": "application/json"})
}

// send makes one call of the program and keeps it.
func (b *british) send(method, path, body string, header map[string]string) (status int, answered http.Header, text string) {
	b.t.Helper()
	r, err := http.NewRequestWithContext(b.t.Context(), method, b.base+path, bytes.NewReader([]byte(body)))
	require.NoError(b.t, err)
	for name, value := range header {
		r.Header.Set(name, value)
	}
	response, err := b.http.Do(r)
	require.NoError(b.t, err)
	defer func() { _ = response.Body.Close() }()
	received, err := io.ReadAll(response.Body)
	require.NoError(b.t, err)
	b.seen = append(b.seen, exchange{request: r, sent: []byte(body), status: response.StatusCode, header: response.Header, received: received})
	return response.StatusCode, response.Header, string(received)
}

// ukTokens are what the token endpoint gives.
type ukTokens struct {
	Status  int    `json:"-"`
	Access  string `json:"access_token"`
	Refresh string `json:"refresh_token"`
	ID      string `json:"id_token"`
	Expires int    `json:"expires_in"`
	Scope   string `json:"scope"`
	Error   string `json:"error"`
}

// token asks the token endpoint by the certificate alone.
func (b *british) token(form url.Values) (out ukTokens) {
	b.t.Helper()
	if form.Get("client_id") == "" && form.Get("client_assertion") == "" {
		form.Set("client_id", b.id)
	}
	status, header, text := b.send(http.MethodPost, "/open-banking/token", form.Encode(), map[string]string{"Content-Type": "application/x-www-form-urlencoded"})
	require.Equal(b.t, "application/json; charset=utf-8", header.Get("Content-Type"))
	require.NoError(b.t, json.Unmarshal([]byte(text), &out), text)
	out.Status = status
	return out
}

// call makes a call of the standard with a token and the headers that it wants, changed by more; empty drops one.
func (b *british) call(method, path, token, body string, more map[string]string) (status int, header http.Header, said map[string]any) {
	b.t.Helper()
	headers := map[string]string{"Authorization": "Bearer " + token, "Accept": "application/json", "x-fapi-interaction-id": interactionID, "x-fapi-customer-ip-address": "192.0.2.1"}
	if body != "" {
		headers["Content-Type"] = "application/json; charset=utf-8"
	}
	maps.Copy(headers, more)
	maps.DeleteFunc(headers, func(_, value string) bool { return value == "" })
	status, header, text := b.send(method, b.api+path, body, headers)
	if text != "" && strings.HasPrefix(header.Get("Content-Type"), "application/json") {
		require.NoError(b.t, json.Unmarshal([]byte(text), &said), text)
	}
	return status, header, said
}

const interactionID = "93bac548-d2de-4546-b106-880a5018460d"

// get reads with a token.
func (b *british) get(path, token string) (status int, said map[string]any) {
	b.t.Helper()
	status, _, said = b.call(http.MethodGet, path, token, "", nil)
	return status, said
}

// asks asks for a consent and gives its id.
func (b *british) asks(permissions, more string) string {
	b.t.Helper()
	status, _, said := b.call(http.MethodPost, "/account-access-consents", b.own, `{"Data":{"Permissions":[`+permissions+`]`+more+`},"Risk":{}}`, nil)
	require.Equal(b.t, http.StatusCreated, status, "%v", said)
	return at[string](b.t, said, "Data", "ConsentId")
}

// claims are those of a request object that the standard takes.
func (b *british) claims(consent, response string) map[string]any {
	now := b.clock()
	return map[string]any{
		"iss": b.id, "client_id": b.id, "aud": b.base + "/open-banking", "response_type": response, "redirect_uri": ukReturn, "scope": "openid accounts",
		"state": "s-1", "nonce": "n-1", "iat": now.Unix(), "nbf": now.Unix(), "exp": now.Add(10 * time.Minute).Unix(), "jti": consent,
		"claims": map[string]any{"id_token": map[string]any{
			"openbanking_intent_id": map[string]any{"value": consent, "essential": true},
			"acr":                   map[string]any{"values": []string{"urn:openbanking:psd2:sca"}, "essential": true},
		}},
	}
}

// signed is what a party says, under its key.
func (b *british) signed(claims any) string {
	b.t.Helper()
	text, err := jwt.Signed(b.signer).Claims(claims).Serialize()
	require.NoError(b.t, err)
	return text
}

// address is where a browser is sent with a request object.
func (b *british) address(request, response string) string {
	return b.base + "/open-banking/authorize?" + url.Values{
		"client_id": {b.id}, "response_type": {response}, "scope": {"openid accounts"}, "redirect_uri": {ukReturn}, "state": {"s-1"}, "request": {request},
	}.Encode()
}

// visits sends a browser, and gives where it is then and what it sees; a redirect to elsewhere is not followed.
func (b *british) visits(address string) (at *url.URL, text string) {
	b.t.Helper()
	response, err := b.world.http.Get(address) //nolint:noctx // a browser
	require.NoError(b.t, err)
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	require.NoError(b.t, err)
	if location, err := response.Location(); err == nil {
		return location, string(body)
	}
	return response.Request.URL, string(body)
}

// agrees has a customer agree to a consent, on the page where the browser is, to the accounts of which the page shows the named
// ones, or all; it gives what came back.
func (b *british) agrees(page, login, decision string, accounts ...string) (back *url.URL, said url.Values) {
	b.t.Helper()
	_, text := b.post(page, url.Values{"login": {login}, "password": {"canary-password"}})
	form := url.Values{"decision": {decision}, "accounts": accounts}
	for _, found := range hidden.FindAllStringSubmatch(text, -1) {
		if len(accounts) == 0 {
			form.Add("accounts", found[1])
		}
	}
	at, text := b.post(page, form)
	back, err := url.Parse(at)
	require.NoError(b.t, err)
	require.Equal(b.t, "us.example", back.Host, text)
	said = back.Query()
	if back.Fragment != "" {
		said, err = url.ParseQuery(back.Fragment)
		require.NoError(b.t, err)
	}
	return back, said
}

// agreed has a customer agree and gives the tokens.
func (b *british) agreed(consent, login string, accounts ...string) ukTokens {
	b.t.Helper()
	page, _ := b.visits(b.address(b.signed(b.claims(consent, "code id_token")), "code id_token"))
	_, said := b.agrees(page.String(), login, "approve", accounts...)
	require.NotEmpty(b.t, said.Get("code"), said)
	tokens := b.token(url.Values{"grant_type": {"authorization_code"}, "code": {said.Get("code")}, "redirect_uri": {ukReturn}})
	require.Equal(b.t, http.StatusOK, tokens.Status, tokens.Error)
	return tokens
}

// at goes down into JSON.
func at[T any](t *testing.T, said any, path ...any) T {
	t.Helper()
	for _, step := range path {
		switch step := step.(type) {
		case string:
			object, ok := said.(map[string]any)
			require.True(t, ok, "%v at %v", said, step)
			said = object[step]
		case int:
			list, ok := said.([]any)
			require.True(t, ok, "%v at %v", said, step)
			require.Greater(t, len(list), step)
			said = list[step]
		}
	}
	out, ok := said.(T)
	require.True(t, ok, "%v at %v", said, path)
	return out
}

// faultCode is the code of an error body.
func faultCode(t *testing.T, said map[string]any) string {
	t.Helper()
	return at[string](t, said, "Errors", 0, "ErrorCode")
}

// half is how an id token binds what comes with it (OpenID Connect Core, 3.3.2.11).
func half(text string) string {
	sum := sha256.Sum256([]byte(text))
	return base64.RawURLEncoding.EncodeToString(sum[:16])
}

func decode(text string, into any) error { return json.Unmarshal([]byte(text), into) }

func newKept() map[string]bank.Kept { return map[string]bank.Kept{} }

// algorithm is what a token was signed with.
func algorithm(t *testing.T, token string) string {
	t.Helper()
	parsed, err := jwt.ParseSigned(token, []jose.SignatureAlgorithm{jose.PS256, jose.RS256})
	require.NoError(t, err)
	return parsed.Headers[0].Algorithm
}
