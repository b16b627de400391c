package berlin_test

import (
	"crypto/sha256"
	"encoding/base64"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/plugins/sdk"
)

const granted = `{"access_token":"canary-access","refresh_token":"canary-refresh","token_type":"Bearer","expires_in":900}`

// authorised goes to the bank's page and comes back with a code. It gives the page's query.
func authorised(t *testing.T, step sdk.Step, err error) url.Values {
	t.Helper()
	page, failed := url.Parse(asked(t, sdk.ChallengeRedirect, step, err).URL)
	require.NoError(t, failed)
	require.Equal(t, "/authorize", page.Path)
	return page.Query()
}

// verified wants the verifier of a token request to be that of the challenge (RFC 7636).
func verified(t *testing.T, page url.Values, body string) url.Values {
	t.Helper()
	form, err := url.ParseQuery(body)
	require.NoError(t, err)
	sum := sha256.Sum256([]byte(form.Get("code_verifier")))
	require.Equal(t, page.Get("code_challenge"), base64.RawURLEncoding.EncodeToString(sum[:]))
	require.Equal(t, "S256", page.Get("code_challenge_method"))
	require.Equal(t, page.Get("redirect_uri"), form.Get("redirect_uri"))
	require.Equal(t, page.Get("client_id"), form.Get("client_id"))
	return form
}

func TestIntegratedOAuth(t *testing.T) {
	t.Parallel()
	for name, oauth := range map[string]string{
		"addresses of the catalogue": "oauth: {kind: integrated, authorization: 'https://placeholder.test/authorize', token: 'https://placeholder.test/token'}\n",
		"addresses of the bank":      "oauth: {kind: integrated}\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			script := redirecting(t)
			script["POST /v1/consents"] = says(201, `{"consentStatus":"received","consentId":"c-1","_links":{"scaOAuth":{"href":"{bank}/.well-known/oauth-authorization-server"}}}`)
			script["GET /.well-known/oauth-authorization-server"] = says(200, `{"authorization_endpoint":"{bank}/authorize","token_endpoint":"{bank}/token"}`)
			script["POST /token"] = says(200, granted)
			b, d := open(t, oauth, script)
			step, err := begin(t, d, nil)
			page := authorised(t, step, err)
			require.Equal(t, "code AIS:c-1 s-1 PSDFR-ACPR-12345 "+returnURL, strings.Join([]string{page.Get("response_type"), page.Get("scope"), page.Get("state"), page.Get("client_id"), page.Get("redirect_uri")}, " "))

			still, err := answer(t, d, step, nil)
			require.Equal(t, step.Challenge.ID, asked(t, sdk.ChallengeRedirect, still, err).ID)
			done, err := answer(t, d, step, sdk.Secrets{"code": "canary-code"})
			require.NoError(t, err)
			require.NotNil(t, done.Ready)
			form := verified(t, page, b.HeardOf("POST /token")[0].Body)
			require.Equal(t, "authorization_code canary-code", form.Get("grant_type")+" "+form.Get("code"))
			require.Equal(t, "Bearer canary-access", b.HeardOf("GET /v1/consents/c-1")[0].Header.Get("Authorization"))
			require.Empty(t, b.HeardOf("POST /v1/consents")[0].Header.Get("Authorization"), "a token with the consent's own request is refused by banks")
			require.NotContains(t, string(done.Ready.State.Data), "canary", "tokens are secrets and not the session's state")

			script["GET /v1/accounts"] = says(200, `{"accounts":[]}`)
			_, err = fetch(t, d, func(r *sdk.FetchRequest) { r.Secrets = done.Ready.Secrets })
			require.NoError(t, err)
			require.Equal(t, "Bearer canary-access c-1", b.HeardOf("GET /v1/accounts")[0].Header.Get("Authorization")+" "+b.HeardOf("GET /v1/accounts")[0].Header.Get("Consent-ID"))
		})
	}
}

const preStep = "oauth: {kind: pre-step, authorization: 'https://placeholder.test/authorize', token: 'https://placeholder.test/token', scope: DEDICATED_AISP}\n"

func TestOAuthBeforeTheConsent(t *testing.T) {
	t.Parallel()
	script := redirecting(t)
	script["POST /token"] = says(200, granted)
	script["POST /v1/consents"] = says(201, `{"consentStatus":"received","consentId":"c-1","_links":{"status":{"href":"/v1/consents/c-1/status"}}}`)
	b, d := open(t, preStep+"sca: {approaches: [decoupled]}\nquirks: [uppercase-response-type]\n", script)
	step, err := begin(t, d, nil)
	page := authorised(t, step, err)
	require.Equal(t, "CODE DEDICATED_AISP", page.Get("response_type")+" "+page.Get("scope"))
	require.Empty(t, b.Everything(), "no consent before the token")
	step, err = answer(t, d, step, sdk.Secrets{"code": "c"})
	asked(t, sdk.ChallengeDecoupled, step, err)
	require.Equal(t, "Bearer canary-access", b.HeardOf("POST /v1/consents")[0].Header.Get("Authorization"))
	require.Contains(t, b.HeardOf("POST /v1/consents")[0].Header.Get("TPP-Redirect-URI"), "state=s-2")
	done, err := answer(t, d, step, nil)
	require.NoError(t, err)
	require.NotNil(t, done.Ready)
}

func TestReturnsFromTheTokenServer(t *testing.T) {
	t.Parallel()
	script := redirecting(t)
	_, d := open(t, preStep, script)
	step, err := begin(t, d, nil)
	require.NoError(t, err)
	for fault, code := range map[string]sdk.Code{"access_denied": sdk.Refused, "server_error": sdk.ProviderUnavailable, "invalid_scope": sdk.ChallengeExpired} {
		_, err = answer(t, d, step, sdk.Secrets{"error": fault})
		failsWith(t, code, err)
	}
}

// What a token server may answer, for a code and for a refresh token.
func TestTokenServers(t *testing.T) {
	t.Parallel()
	script := redirecting(t)
	b, d := open(t, preStep, script)
	step, err := begin(t, d, nil)
	require.NoError(t, err)
	kept := under(`,"tokens":{"access":"a","refresh":"canary-refresh"},"server":{"token":"` + b.URL + `/token"}`)
	for name, c := range map[string]struct {
		answer            answerer
		exchange, refresh sdk.Code
	}{
		"no":                    {says(400, `{"error":"invalid_grant","error_description":"canary"}`), sdk.ChallengeExpired, sdk.TokenExpired},
		"no with 200":           {says(200, `{"error":"invalid_grant"}`), sdk.ChallengeExpired, sdk.TokenExpired},
		"trouble":               {says(500, `canary`), sdk.ProviderUnavailable, sdk.ProviderUnavailable},
		"trouble at a gateway":  {says(504, "text/html\x00<html>"), sdk.ProviderUnavailable, sdk.ProviderUnavailable},
		"too many":              {says(429, ``), sdk.RateLimited, sdk.RateLimited},
		"not registered":        {says(401, `{"error":"invalid_client"}`), sdk.Technical, sdk.Technical},
		"an answer without any": {says(200, `{}`), sdk.BadData, sdk.BadData},
		"broken JSON":           {says(200, `{"access_token":`), sdk.BadData, sdk.BadData},
		"something unknown":     {says(400, `{"error":"canary"}`), sdk.BadData, sdk.BadData},
		"a redirect":            {says(307, "Location: https://evil.example/token\x00"), sdk.BadData, sdk.BadData},
	} {
		script["POST /token"] = c.answer
		_, err := answer(t, d, step, sdk.Secrets{"code": "c"})
		failure := failsWith(t, c.exchange, err)
		require.NotContains(t, failure.Cause.Error(), "canary", name)
		_, err = d.Refresh(t.Context(), sdk.RefreshRequest{Secrets: kept})
		failure = failsWith(t, c.refresh, err)
		require.NotContains(t, failure.Cause.Error(), "canary", name)
	}
}

// A one-time refresh token survives trouble at the bank: it is what it was until the bank has given another.
func TestRefresh(t *testing.T) {
	t.Parallel()
	script := redirecting(t)
	b, d := open(t, preStep, script)
	kept := under(`,"tokens":{"access":"old","refresh":"one"},"server":{"token":"` + b.URL + `/token"}`)
	script["POST /token"] = inTurn(says(502, ""), says(200, `{"access_token":"new","refresh_token":"two","expires_in":"900"}`), says(200, `{"access_token":"newer"}`))
	_, err := d.Refresh(t.Context(), sdk.RefreshRequest{Secrets: kept})
	failsWith(t, sdk.ProviderUnavailable, err)
	ready, err := d.Refresh(t.Context(), sdk.RefreshRequest{Secrets: kept})
	require.NoError(t, err)
	require.Contains(t, string(ready.Secrets.Data), `"refresh":"two"`)
	ready, err = d.Refresh(t.Context(), sdk.RefreshRequest{Secrets: ready.Secrets})
	require.NoError(t, err)
	require.Contains(t, string(ready.Secrets.Data), `"access":"newer","refresh":"two"`, "a bank that gives no new one lets the old one live")
	var spent []string
	for _, c := range b.HeardOf("POST /token") {
		form, err := url.ParseQuery(c.Body)
		require.NoError(t, err)
		spent = append(spent, form.Get("refresh_token"))
	}
	require.Equal(t, []string{"one", "one", "two"}, spent, "one call each, and none more")
	_, err = d.Refresh(t.Context(), sdk.RefreshRequest{Secrets: under("")})
	failsWith(t, sdk.TokenExpired, err)
}

// A token server on another host is not gone to, whoever names it.
func TestTokenServerElsewhere(t *testing.T) {
	t.Parallel()
	script := redirecting(t)
	script["POST /v1/consents"] = says(201, `{"consentId":"c-1","_links":{"scaOAuth":{"href":"/meta"}}}`)
	script["GET /meta"] = says(200, `{"authorization_endpoint":"https://evil.example/a","token_endpoint":"{bank}/token"}`)
	b, d := open(t, "oauth: {kind: integrated}\n", script)
	_, err := begin(t, d, nil)
	failsWith(t, sdk.BadData, err)
	kept := under(`,"tokens":{"refresh":"r"},"server":{"token":"https://evil.example/token"}`)
	_, err = d.Refresh(t.Context(), sdk.RefreshRequest{Secrets: kept})
	failsWith(t, sdk.BadData, err)
	require.NotEmpty(t, b.URL)
}
