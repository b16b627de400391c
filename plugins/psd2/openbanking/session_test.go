package openbanking_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/plugins/psd2/oidc"
	"github.com/tributary-dev/tributary/plugins/psd2/openbanking"
	"github.com/tributary-dev/tributary/plugins/sdk"
)

const (
	granted   = `{"access_token":"canary-access","refresh_token":"canary-refresh","token_type":"Bearer","expires_in":3600`
	waiting   = `{"Data":{"ConsentId":"urn:bank:aac-1","Status":"AwaitingAuthorisation","Permissions":["ReadAccountsDetail","ReadBalances","ReadTransactionsDetail","ReadTransactionsCredits","ReadTransactionsDebits"]},"Risk":{}}`
	returnURL = "https://us.example/connect/return"
	good      = `"access":"canary-access","refresh":"canary-refresh"`
)

// kept are secrets of a session before, with the token's own properties.
func kept(tokens, given string) sdk.Bundle {
	return sdk.Bundle{Version: 1, Data: []byte(`{"consent":"urn:bank:aac-1","permissions":["ReadAccountsDetail","ReadBalances","ReadTransactionsDetail"],"tokens":{` + tokens + `},"given":"` + given + `"}`)}
}

func begin(t *testing.T, d *openbanking.Dialect, secrets sdk.Bundle, psu *sdk.PSU) (sdk.Step, error) {
	t.Helper()
	return d.Begin(t.Context(), sdk.BeginRequest{PSU: psu, Secrets: secrets, ReturnURL: returnURL, ReturnState: "s-1"})
}

func answer(t *testing.T, d *openbanking.Dialect, step sdk.Step, answers sdk.Secrets) (sdk.Step, error) {
	t.Helper()
	require.NotNil(t, step.Challenge)
	return d.Continue(t.Context(), sdk.ContinueRequest{PSU: someone, ChallengeID: step.Challenge.ID, Answers: answers, Poll: answers == nil, State: step.Challenge.State, ReturnState: "s-2"})
}

// nonceOf is what the bank has to say again.
func nonceOf(t *testing.T, step sdk.Step) string {
	t.Helper()
	page, err := url.Parse(step.Challenge.URL)
	require.NoError(t, err)
	require.NotEmpty(t, page.Query().Get("nonce"))
	return page.Query().Get("nonce")
}

// proved are the claims of a good id_token for a code.
func (b *aspsp) proved(nonce, code string) jwt.MapClaims {
	return jwt.MapClaims{
		"iss": b.URL, "aud": clientID, "sub": "urn:bank:aac-1", "openbanking_intent_id": "urn:bank:aac-1", "nonce": nonce, "acr": "urn:openbanking:psd2:sca",
		"iat": today.Unix(), "exp": today.Add(5 * time.Minute).Unix(), "s_hash": oidc.Half("s-1"), "c_hash": oidc.Half(code),
	}
}

// agreeing is a bank that gives a consent.
func agreeing(t *testing.T) map[string]answerer {
	t.Helper()
	return map[string]answerer{
		"POST /account-access-consents": says(201, waiting), "POST /token authorization_code": says(200, granted+`}`),
	}
}

// The standard's own way: a consent, a signed request, a code with a proof of it in the fragment, tokens.
func TestHybrid(t *testing.T) {
	t.Parallel()
	b, d := open(t, "", agreeing(t))
	step, err := begin(t, d, sdk.Bundle{}, someone)
	require.NoError(t, err)
	require.Equal(t, []string{"GET /.well-known/openid-configuration", "POST /token client_credentials", "POST /account-access-consents"}, []string{b.Calls[0].What, b.Calls[1].What, b.Calls[2].What})
	asked := b.HeardOf("POST /account-access-consents")[0]
	require.JSONEq(t, `{"Data":{"Permissions":["ReadAccountsDetail","ReadBalances","ReadTransactionsCredits","ReadTransactionsDebits","ReadTransactionsDetail"]},"Risk":{}}`, asked.Body, "without an end: the bank's consent lives on")
	require.Equal(t, "Bearer canary-ours 192.0.2.1 Browser Sun, 15 Mar 2026 10:00:00 GMT",
		strings.Join([]string{asked.Header.Get("Authorization"), asked.Header.Get("x-fapi-customer-ip-address"), asked.Header.Get("x-customer-user-agent"), asked.Header.Get("x-fapi-auth-date")}, " "))
	require.Equal(t, today.Add(oidc.RequestLife), step.Challenge.ExpiresAt)
	still, err := answer(t, d, step, nil)
	require.NoError(t, err)
	require.Equal(t, step.Challenge.ID, still.Challenge.ID)

	b.Forget()
	front := signs(jwt.SigningMethodPS256, 0, b.proved(nonceOf(t, step), "canary-code"))
	done, err := answer(t, d, step, sdk.Secrets{"code": "canary-code", "id_token": front})
	require.NoError(t, err)
	require.NotNil(t, done.Ready)
	require.Equal(t, []string{"GET /keys", "POST /token authorization_code"}, []string{b.Calls[0].What, b.Calls[1].What})
	form, err := url.ParseQuery(b.HeardOf("POST /token authorization_code")[0].Body)
	require.NoError(t, err)
	require.Equal(t, "canary-code "+returnURL, form.Get("code")+" "+form.Get("redirect_uri"))
	require.NotEmpty(t, form.Get("code_verifier"))
	require.Equal(t, sdk.Consent{ID: "urn:bank:aac-1", Scopes: []sdk.Scope{sdk.ScopeAccounts, sdk.ScopeBalances, sdk.ScopeTransactions}}, *done.Ready.Consent, "the bank says no end")
	require.NotContains(t, string(done.Ready.State.Data), "canary")
	require.NotContains(t, string(done.Ready.Secrets.Data), front)

	again, err := begin(t, d, done.Ready.Secrets, nil)
	require.NoError(t, err)
	require.NotNil(t, again.Ready, "what is kept is enough, with nobody there")
}

// Everything that the page is asked is in a signed request, which another implementation reads.
func TestRequest(t *testing.T) {
	t.Parallel()
	b, d := open(t, "", agreeing(t))
	step, err := begin(t, d, sdk.Bundle{}, someone)
	require.NoError(t, err)
	page, err := url.Parse(step.Challenge.URL)
	require.NoError(t, err)
	require.Equal(t, b.URL+"/authorize", page.Scheme+"://"+page.Host+page.Path)
	query := page.Query()
	said, err := ours(query.Get("request"), jwt.WithIssuer(clientID), jwt.WithAudience(b.URL), jwt.WithExpirationRequired())
	require.NoError(t, err)
	query.Del("request")
	for name := range query {
		require.Equal(t, query.Get(name), said[name], name)
	}
	for name, value := range map[string]string{"response_type": "code id_token", "client_id": clientID, "redirect_uri": returnURL, "scope": "openid accounts", "state": "s-1", "code_challenge_method": "S256"} {
		require.Equal(t, value, said[name], name)
	}
	require.LessOrEqual(t, said["exp"].(float64)-said["nbf"].(float64), 3600.0, "FAPI: an hour")
	intent := map[string]any{"openbanking_intent_id": map[string]any{"value": "urn:bank:aac-1", "essential": true}}
	require.Equal(t, intent, said["claims"].(map[string]any)["userinfo"])
	require.Equal(t, intent["openbanking_intent_id"], said["claims"].(map[string]any)["id_token"].(map[string]any)["openbanking_intent_id"])
	require.NotContains(t, step.Challenge.URL+step.Challenge.ID, fields(t, string(step.Challenge.State.Data))["verifier"], "the verifier is nobody's but ours")
}

// The code alone: the proof comes from the token server. And a bank that knows us by our certificate.
func TestCodeAlone(t *testing.T) {
	t.Parallel()
	script := agreeing(t)
	b, d := open(t, "oauth: {kind: openid, issuer: '{bank}', response: code, proof: tls_client_auth}\n", script)
	step, err := begin(t, d, sdk.Bundle{}, someone)
	require.NoError(t, err)
	_, err = answer(t, d, step, sdk.Secrets{"code": "canary-code"})
	failsWith(t, sdk.BadData, err) // without a proof
	claims := b.proved(nonceOf(t, step), "")
	delete(claims, "s_hash")
	delete(claims, "c_hash")
	claims["at_hash"] = oidc.Half("canary-access")
	b.Script["POST /token authorization_code"] = says(200, granted+`,"id_token":"`+signs(jwt.SigningMethodPS256, 0, claims)+`"}`)
	done, err := answer(t, d, step, sdk.Secrets{"code": "canary-code"})
	require.NoError(t, err)
	require.NotNil(t, done.Ready)
	claims["at_hash"] = oidc.Half("another")
	b.Script["POST /token authorization_code"] = says(200, granted+`,"id_token":"`+signs(jwt.SigningMethodPS256, 0, claims)+`"}`)
	_, err = answer(t, d, step, sdk.Secrets{"code": "canary-code"})
	failsWith(t, sdk.BadData, err)
}

// What is wrong with a proof that the browser brought: the code is not even shown to the token server.
func TestTamperedProofs(t *testing.T) {
	t.Parallel()
	b, d := open(t, "", agreeing(t))
	step, err := begin(t, d, sdk.Bundle{}, someone)
	require.NoError(t, err)
	nonce := nonceOf(t, step)
	fine := signs(jwt.SigningMethodPS256, 0, b.proved(nonce, "c"))
	parts := strings.Split(fine, ".")
	unsigned, err := jwt.NewWithClaims(jwt.SigningMethodNone, b.proved(nonce, "c")).SignedString(jwt.UnsafeAllowNoneSignatureType)
	require.NoError(t, err)
	symmetric, err := jwt.NewWithClaims(jwt.SigningMethodHS256, b.proved(nonce, "c")).SignedString(signing()[0].N.Bytes())
	require.NoError(t, err)
	proofs := map[string]string{
		"none": "", "no JOSE": "canary", "no signature": parts[0] + "." + parts[1] + ".", "unsigned": unsigned, "a symmetric signature": symmetric, "an older signature": signs(jwt.SigningMethodRS256, 0, b.proved(nonce, "c")),
		"another key": signs(jwt.SigningMethodPS256, 1, b.proved(nonce, "c")), "another's claims": parts[0] + "." + strings.Split(signs(jwt.SigningMethodPS256, 0, b.proved("other", "c")), ".")[1] + "." + parts[2],
		"10 KB": strings.Repeat("x", 10_000),
	}
	for name, change := range map[string]func(jwt.MapClaims){
		"another issuer":    func(c jwt.MapClaims) { c["iss"] = "https://evil.example" },
		"another audience":  func(c jwt.MapClaims) { c["aud"] = "somebody" },
		"two audiences":     func(c jwt.MapClaims) { c["aud"] = []string{clientID, "somebody"} },
		"another party":     func(c jwt.MapClaims) { c["azp"] = "somebody" },
		"over":              func(c jwt.MapClaims) { c["exp"] = today.Add(-2 * time.Minute).Unix() },
		"of the future":     func(c jwt.MapClaims) { c["iat"] = today.Add(2 * time.Minute).Unix() },
		"not yet":           func(c jwt.MapClaims) { c["nbf"] = today.Add(2 * time.Minute).Unix() },
		"without end":       func(c jwt.MapClaims) { delete(c, "exp") },
		"without beginning": func(c jwt.MapClaims) { delete(c, "iat") },
		"without subject":   func(c jwt.MapClaims) { delete(c, "sub") },
		"another nonce":     func(c jwt.MapClaims) { c["nonce"] = "other" },
		"no nonce":          func(c jwt.MapClaims) { delete(c, "nonce") },
		"another consent":   func(c jwt.MapClaims) { c["openbanking_intent_id"] = "urn:bank:aac-2" },
		"another state":     func(c jwt.MapClaims) { c["s_hash"] = oidc.Half("s-2") },
		"no state":          func(c jwt.MapClaims) { delete(c, "s_hash") },
		"another code":      func(c jwt.MapClaims) { c["c_hash"] = oidc.Half("d") },
		"no code":           func(c jwt.MapClaims) { delete(c, "c_hash") },
		"a number for text": func(c jwt.MapClaims) { c["nonce"] = 7 },
	} {
		claims := b.proved(nonce, "c")
		change(claims)
		proofs[name] = signs(jwt.SigningMethodPS256, 0, claims)
	}
	for name, proof := range proofs {
		_, err := answer(t, d, step, sdk.Secrets{"code": "c", "id_token": proof})
		require.Error(t, err, name)
		failsWith(t, sdk.BadData, err)
	}
	require.Empty(t, b.HeardOf("POST /token authorization_code"))
	claims := b.proved(nonce, "c")
	delete(claims, "openbanking_intent_id")
	done, err := answer(t, d, step, sdk.Secrets{"code": "c", "id_token": signs(jwt.SigningMethodPS256, 0, claims)})
	require.NoError(t, err, "the subject is the consent at banks that say it once")
	require.NotNil(t, done.Ready)

	// The token server's own proof, where it gives one, is about the same.
	claims = b.proved(nonce, "")
	claims["sub"] = "somebody"
	b.Script["POST /token authorization_code"] = says(200, granted+`,"id_token":"`+signs(jwt.SigningMethodPS256, 0, claims)+`"}`)
	_, err = answer(t, d, step, sdk.Secrets{"code": "c", "id_token": fine})
	failsWith(t, sdk.BadData, err)
}

// A bank changes its keys without a word: one that is not known is looked for, and that is not done at every call.
func TestKeysChange(t *testing.T) {
	t.Parallel()
	b, d := open(t, "", agreeing(t))
	step, err := begin(t, d, sdk.Bundle{}, someone)
	require.NoError(t, err)
	proof := func(key int) sdk.Secrets {
		return sdk.Secrets{"code": "c", "id_token": signs(jwt.SigningMethodPS256, key, b.proved(nonceOf(t, step), "c"))}
	}
	_, err = answer(t, d, step, proof(0))
	require.NoError(t, err)
	b.Set("GET /keys", says(200, keys(1)))
	_, err = answer(t, d, step, proof(1))
	failsWith(t, sdk.BadData, err)
	require.Len(t, b.HeardOf("GET /keys"), 1, "a strange name within the minute costs no call")
	b.mu.Lock()
	b.clock = today.Add(61 * time.Second)
	b.mu.Unlock()
	_, err = answer(t, d, step, proof(1))
	require.NoError(t, err)
}

// What the browser brings back where the user or the bank did not want.
func TestWhatComesBack(t *testing.T) {
	t.Parallel()
	b, d := open(t, "", agreeing(t))
	step, err := begin(t, d, sdk.Bundle{}, someone)
	require.NoError(t, err)
	for fault, code := range map[string]sdk.Code{"access_denied": sdk.Refused, "server_error": sdk.ProviderUnavailable, "invalid_request_object": sdk.ChallengeExpired} {
		_, err = answer(t, d, step, sdk.Secrets{"error": fault, "error_description": "canary"})
		failsWith(t, code, err)
	}
	proof := sdk.Secrets{"code": "c", "id_token": signs(jwt.SigningMethodPS256, 0, b.proved(nonceOf(t, step), "c"))}
	for text, c := range map[string]struct {
		status int
		code   sdk.Code
	}{
		`{"error":"invalid_grant","error_description":"canary"}`: {400, sdk.ChallengeExpired}, `{"error":"invalid_client"}`: {401, sdk.Technical}, `{"error":"invalid_grant"} `: {200, sdk.ChallengeExpired},
		`{"access_token":""}`: {200, sdk.BadData}, `<html>canary</html>`: {200, sdk.BadData}, `canary`: {504, sdk.ProviderUnavailable}, `Location: https://evil.example/` + "\x00": {302, sdk.BadData},
	} {
		b.Script["POST /token authorization_code"] = says(c.status, text)
		_, err = answer(t, d, step, proof)
		failsWith(t, c.code, err)
	}
	_, err = begin(t, d, sdk.Bundle{}, nil)
	failsWith(t, sdk.ChallengeRequired, err)
}

// A bank whose server describes another one, or leads elsewhere, is not spoken with; nothing was created there.
func TestOddServers(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"another issuer": `{"issuer":"https://evil.example","authorization_endpoint":"{bank}/authorize","token_endpoint":"{bank}/token","jwks_uri":"{bank}/keys"}`,
		"another page":   `{"issuer":"{bank}","authorization_endpoint":"https://evil.example/authorize","token_endpoint":"{bank}/token","jwks_uri":"{bank}/keys"}`,
		"another token":  `{"issuer":"{bank}","authorization_endpoint":"{bank}/authorize","token_endpoint":"https://evil.example/token","jwks_uri":"{bank}/keys"}`,
		"another alias":  `{"issuer":"{bank}","authorization_endpoint":"{bank}/authorize","token_endpoint":"{bank}/token","jwks_uri":"{bank}/keys","mtls_endpoint_aliases":{"token_endpoint":"https://evil.example/"}}`,
		"another's keys": `{"issuer":"{bank}","authorization_endpoint":"{bank}/authorize","token_endpoint":"{bank}/token","jwks_uri":"http://{bank}/keys"}`,
		"broken":         `{"issuer":`, "no JSON": "Content-Type: text/html\x00<html>", "a list": `[]`,
	} {
		b, d := open(t, "", map[string]answerer{"GET /.well-known/openid-configuration": says(200, text)})
		_, err := begin(t, d, sdk.Bundle{}, someone)
		require.Error(t, err, name)
		failsWith(t, sdk.BadData, err)
		require.Equal(t, []string{"GET /.well-known/openid-configuration"}, b.Everything(), name)
	}
	_, d := open(t, "", map[string]answerer{"GET /.well-known/openid-configuration": says(503, "")})
	_, err := begin(t, d, sdk.Bundle{}, someone)
	failsWith(t, sdk.ProviderUnavailable, err)
}

// A consent that cannot be asked for says why.
func TestRefusedConsents(t *testing.T) {
	t.Parallel()
	script := agreeing(t)
	b, d := open(t, "", script)
	for text, c := range map[string]struct {
		status int
		code   sdk.Code
	}{
		`{"Code":"400","Message":"canary","Errors":[{"ErrorCode":"UK.OBIE.Field.Invalid","Message":"canary","Path":"Data.Permissions"}]}`: {400, sdk.Technical},
		``: {403, sdk.Blocked}, `Retry-After: 60` + "\x00": {429, sdk.RateLimited}, `<html>`: {500, sdk.ProviderUnavailable}, `{"Data":{}}`: {201, sdk.BadData},
		`{"Data":{"ConsentId":"x","Status":"Rejected"}}`: {201, sdk.BadData}, `{"Data":`: {201, sdk.BadData},
	} {
		b.Script["POST /account-access-consents"] = says(c.status, text)
		_, err := begin(t, d, sdk.Bundle{}, someone)
		failsWith(t, c.code, err)
	}
	b.Script["POST /token client_credentials"] = says(401, `{"error":"invalid_client","error_description":"canary"}`)
	_, err := begin(t, d, sdk.Bundle{}, someone)
	require.Equal(t, sdk.Host, failsWith(t, sdk.Technical, err).Whose, "our registration is the operator's")
}

// Ours ends after 90 days and is confirmed to us; the bank's lives on, and the user does not have to go there. One that is
// over at the bank is given anew.
func TestTheBanksConsentLivesOn(t *testing.T) {
	t.Parallel()
	for said, over := range map[string]bool{
		`{"Data":{"ConsentId":"urn:bank:aac-1","Status":"Authorised"}}`: false, `{"Data":{"Status":"AUTH"}}`: false, `{"Data":{"Status":"Revoked"}}`: true, `{"Data":{"Status":"Rejected"}}`: true,
		`{"Data":{"Status":"EXPD"}}`: true, `{"Data":{"Status":"CANC"}}`: true, `{"Data":{"Status":"RJCT"}}`: true,
	} {
		b, d := open(t, "", agreeing(t))
		b.Script["GET /account-access-consents/urn:bank:aac-1"] = says(200, said)
		step, err := begin(t, d, kept(good, "2025-09-01T10:00:00Z"), someone)
		require.NoError(t, err)
		require.Equal(t, over, step.Challenge != nil, said)
		require.Len(t, b.HeardOf("POST /account-access-consents"), map[bool]int{true: 1, false: 0}[over])
	}
	ended := sdk.Bundle{Version: 1, Data: []byte(`{"consent":"urn:bank:aac-1","expires":"2026-03-15T09:59:59Z","tokens":{` + good + `}}`)}
	b, d := open(t, "quirks: [consent-expires]\n", agreeing(t))
	step, err := begin(t, d, ended, someone)
	require.NoError(t, err)
	require.NotNil(t, step.Challenge, "a bank that wants an end, and does not tell of it")
	require.Empty(t, b.HeardOf("GET /account-access-consents/urn:bank:aac-1"))
	b, d = open(t, "", agreeing(t))
	step, err = begin(t, d, kept(good, now), someone) // 400, UK.OBIE.Resource.NotFound
	require.NoError(t, err)
	require.NotNil(t, step.Challenge, "a consent that the bank does not know")
	b.Script["GET /account-access-consents/urn:bank:aac-1"] = says(503, "")
	step, err = begin(t, d, kept(good, now), someone)
	require.NoError(t, err)
	require.NotNil(t, step.Ready, "a bank in trouble decides nothing")
	b.Forget()
	step, err = begin(t, d, kept(good, now), nil)
	require.NoError(t, err)
	require.NotNil(t, step.Ready)
	require.Empty(t, b.Everything(), "with nobody there the first call for data will tell")
}

// Only Refresh spends a refresh token, which trouble at the bank does not end. A proof that comes along is not looked at.
func TestRefresh(t *testing.T) {
	t.Parallel()
	b, d := open(t, "", map[string]answerer{"POST /token refresh_token": inTurn(
		says(502, ""), says(200, `{"access_token":"canary-new","refresh_token":"canary-two","id_token":"of another algorithm"}`), says(200, `{"access_token":"canary-newer"}`), says(400, `{"error":"invalid_grant"}`),
	)})
	refresh := func(secrets sdk.Bundle) (sdk.Ready, error) {
		return d.Refresh(t.Context(), sdk.RefreshRequest{Secrets: secrets})
	}
	before := kept(good, "2026-01-15T10:00:00Z")
	_, err := refresh(before)
	failsWith(t, sdk.ProviderUnavailable, err)
	ready, err := refresh(before)
	require.NoError(t, err)
	require.Contains(t, string(ready.Secrets.Data), `"refresh":"canary-two"`)
	require.NotContains(t, string(ready.Secrets.Data), "algorithm")
	require.True(t, ready.State.Empty(), "the session stays what it is")
	require.Equal(t, "urn:bank:aac-1", ready.Consent.ID)
	ready, err = refresh(ready.Secrets)
	require.NoError(t, err)
	require.Contains(t, string(ready.Secrets.Data), `"refresh":"canary-two"`, "where no new one is given, the old one stays")
	_, err = refresh(ready.Secrets)
	require.NotEmpty(t, failsWith(t, sdk.TokenExpired, err).Message["en"])
	_, err = refresh(kept(`"access":"a"`, now))
	failsWith(t, sdk.TokenExpired, err)
	require.Len(t, b.HeardOf("POST /token refresh_token"), 4)
}

func TestEnd(t *testing.T) {
	t.Parallel()
	b, d := open(t, "", nil)
	end := func(status int, text string, revoke bool) error {
		b.Script["DELETE /account-access-consents/urn:bank:aac-1"] = says(status, text)
		return d.End(t.Context(), sdk.EndRequest{Secrets: kept(good, now), Revoke: revoke})
	}
	require.NoError(t, end(204, "", false))
	require.Empty(t, b.Everything())
	require.NoError(t, end(204, "", true))
	require.Equal(t, []string{"GET /.well-known/openid-configuration", "POST /token client_credentials", "DELETE /account-access-consents/urn:bank:aac-1"}, b.Everything())
	require.NoError(t, end(400, `{"Errors":[{"ErrorCode":"UK.OBIE.Resource.NotFound"}]}`, true))
	require.NoError(t, end(404, "", true))
	require.NoError(t, end(403, `{"Errors":[{"ErrorCode":"U009"}]}`, true), "it is over already")
	failsWith(t, sdk.Blocked, end(403, "", true))
	failsWith(t, sdk.ProviderUnavailable, end(503, "", true))
	require.NoError(t, d.End(t.Context(), sdk.EndRequest{Revoke: true}))
	before := len(b.HeardOf("DELETE /account-access-consents/urn:bank:aac-1"))
	b.Script["DELETE /account-access-consents/urn:bank:aac-1"] = says(204, "")
	for _, dead := range []string{``, `"access":"canary-access","expires":"2026-03-01T10:00:00Z"`} {
		require.NoError(t, d.End(t.Context(), sdk.EndRequest{Secrets: kept(dead, now), Revoke: true}))
	}
	require.Len(t, b.HeardOf("DELETE /account-access-consents/urn:bank:aac-1"), before+2, "the user's tokens are not needed for it")
}

// Bundles of another version or plugin are never guessed at.
func TestUnreadableBundles(t *testing.T) {
	t.Parallel()
	b, d := open(t, "", nil)
	for _, bundle := range []sdk.Bundle{{Version: 2, Data: []byte(`{}`)}, {Version: 1, Data: []byte(`no`)}} {
		_, err := begin(t, d, bundle, someone)
		failsWith(t, sdk.SecretUnreadable, err)
		_, err = d.Continue(t.Context(), sdk.ContinueRequest{State: bundle})
		failsWith(t, sdk.SecretUnreadable, err)
		_, err = d.Refresh(t.Context(), sdk.RefreshRequest{Secrets: bundle})
		failsWith(t, sdk.SecretUnreadable, err)
		failsWith(t, sdk.SecretUnreadable, d.Fetch(t.Context(), sdk.FetchRequest{Secrets: bundle}, &sink{}))
		failsWith(t, sdk.SecretUnreadable, d.Fetch(t.Context(), sdk.FetchRequest{Secrets: kept(good, now), State: bundle}, &sink{}))
		failsWith(t, sdk.SecretUnreadable, d.End(t.Context(), sdk.EndRequest{Secrets: bundle, Revoke: true}))
	}
	_, err := d.Continue(t.Context(), sdk.ContinueRequest{State: sdk.Bundle{Version: 1, Data: []byte(`{}`)}})
	failsWith(t, sdk.SecretUnreadable, err)
	require.Empty(t, b.Everything())
}
