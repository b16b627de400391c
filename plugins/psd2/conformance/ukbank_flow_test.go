package conformance

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/cmd/tributary/eidas"
)

var versionsUK = map[string]string{"3.1": v31, "4.0": v40}

// A consent from its beginning to its end, in both versions and both ways of answering.
func TestUKBank_consent(t *testing.T) {
	t.Parallel()
	words := map[string][2]string{"3.1": {"AwaitingAuthorisation", "Authorised"}, "4.0": {"AWAU", "AUTH"}}
	for version, api := range versionsUK {
		for _, response := range []string{"code", "code id_token"} {
			t.Run(version+" "+response, func(t *testing.T) {
				t.Parallel()
				b := open(t).ukClient(t, company, api)
				consent := b.asks(everyone, `,"ExpirationDateTime":"2026-06-01T00:00:00+00:00"`)
				_, said := b.get("/account-access-consents/"+consent, b.own)
				require.Equal(t, words[version][0], at[string](t, said, "Data", "Status"))

				page, _ := b.visits(b.address(b.signed(b.claims(consent, response)), response))
				_, shown := b.post(page.String(), url.Values{"login": {"plain"}, "password": {"canary-password"}})
				require.Contains(t, shown, "their balances")
				require.NotContains(t, shown, "your direct debits", "it is not asked for")
				page, _ = b.visits(b.address(b.signed(b.claims(consent, response)), response))
				back, answer := b.agrees(page.String(), "plain", "approve")
				require.Equal(t, "s-1", answer.Get("state"))
				require.Equal(t, response == "code", back.Fragment == "")
				if response != "code" {
					require.Empty(t, back.RawQuery)
					claims := b.proven(answer.Get("id_token"))
					require.Equal(t, []any{consent, consent, "urn:openbanking:psd2:sca", "n-1", b.id, b.base + "/open-banking"},
						[]any{claims["openbanking_intent_id"], claims["sub"], claims["acr"], claims["nonce"], claims["aud"], claims["iss"]})
					require.Equal(t, half(answer.Get("code")), claims["c_hash"])
					require.Equal(t, half("s-1"), claims["s_hash"])
				}
				form := url.Values{"grant_type": {"authorization_code"}, "code": {answer.Get("code")}, "redirect_uri": {ukReturn}}
				tokens := b.token(form)
				require.Equal(t, 600, tokens.Expires)
				require.Equal(t, "openid accounts", tokens.Scope)
				require.Equal(t, half(tokens.Access), b.proven(tokens.ID)["at_hash"])
				require.Equal(t, "invalid_grant", b.token(form).Error, "a code works once")

				status, said := b.get("/accounts", tokens.Access)
				require.Equal(t, http.StatusOK, status)
				require.Len(t, at[[]any](t, said, "Data", "Account"), 2)
				_, said = b.get("/account-access-consents/"+consent, b.own)
				require.Equal(t, words[version][1], at[string](t, said, "Data", "Status"))
				require.Equal(t, "2026-06-01T00:00:00Z", at[string](t, said, "Data", "ExpirationDateTime"))

				renewed := b.token(url.Values{"grant_type": {"refresh_token"}, "refresh_token": {tokens.Refresh}})
				require.NotEqual(t, tokens.Access, renewed.Access)
				require.Equal(t, "invalid_grant", b.token(url.Values{"grant_type": {"refresh_token"}, "refresh_token": {tokens.Refresh}}).Error, "it works once")

				status, _, _ = b.call(http.MethodDelete, "/account-access-consents/"+consent, b.own, "", nil)
				require.Equal(t, http.StatusNoContent, status)
				status, _ = b.get("/accounts", renewed.Access)
				require.Equal(t, http.StatusUnauthorized, status, "its tokens are over")
				status, said = b.get("/account-access-consents/"+consent, b.own)
				require.Equal(t, http.StatusBadRequest, status, "it is no more")
				require.Contains(t, []string{"UK.OBIE.Resource.NotFound", "U011"}, faultCode(t, said))
				require.Equal(t, "invalid_grant", b.token(url.Values{"grant_type": {"refresh_token"}, "refresh_token": {renewed.Refresh}}).Error)
			})
		}
	}
}

// proven verifies a token of the bank by the keys that it publishes, and gives what it says.
func (b *british) proven(token string) (claims map[string]any) {
	b.t.Helper()
	_, _, text := b.send(http.MethodGet, "/open-banking/jwks", "", nil)
	var keys jose.JSONWebKeySet
	require.NoError(b.t, decode(text, &keys))
	parsed, err := jwt.ParseSigned(token, []jose.SignatureAlgorithm{jose.PS256, jose.RS256})
	require.NoError(b.t, err)
	found := keys.Key(parsed.Headers[0].KeyID)
	require.Len(b.t, found, 1)
	require.NoError(b.t, parsed.Claims(found[0].Key, &claims))
	return claims
}

// The bank changes its key; what it signed before is still good until it changes it again.
func TestUKBank_keys_rotate(t *testing.T) {
	t.Parallel()
	b := open(t).ukClient(t, company, v31)
	before := b.agreed(b.asks(everyone, ""), "plain").ID
	_, _, first := b.send(http.MethodGet, "/open-banking/jwks", "", nil)
	b.send(http.MethodPost, "/api/admin/open-banking/keys", "", nil)
	_, _, second := b.send(http.MethodGet, "/open-banking/jwks", "", nil)
	require.NotEqual(t, first, second)
	after := b.agreed(b.asks(everyone, ""), "plain").ID
	b.proven(before)
	b.proven(after)
	require.NotEqual(t, strings.SplitN(before, ".", 2)[0], strings.SplitN(after, ".", 2)[0], "another kid")
	b.send(http.MethodPost, "/api/admin/open-banking/keys", "", nil)
	_, _, third := b.send(http.MethodGet, "/open-banking/jwks", "", nil)
	var keys jose.JSONWebKeySet
	require.NoError(t, decode(third, &keys))
	parsed, err := jwt.ParseSigned(before, []jose.SignatureAlgorithm{jose.PS256})
	require.NoError(t, err)
	require.Empty(t, keys.Key(parsed.Headers[0].KeyID))
}

// A customer says no, or comes back and begins again.
func TestUKBank_refusal_and_return(t *testing.T) {
	t.Parallel()
	b := open(t).ukClient(t, company, v40)
	consent := b.asks(everyone, "")
	address := b.address(b.signed(b.claims(consent, "code id_token")), "code id_token")
	page, _ := b.visits(address)
	b.post(page.String(), url.Values{"login": {"plain"}, "password": {"canary-password"}})
	page, text := b.visits(address)
	require.Contains(t, text, "password", "the browser begins again")
	_, said := b.agrees(page.String(), "texted", "refuse")
	require.Equal(t, "access_denied", said.Get("error"))
	require.Equal(t, "s-1", said.Get("state"))
	_, body := b.get("/account-access-consents/"+consent, b.own)
	require.Equal(t, "RJCT", at[string](t, body, "Data", "Status"))
	back, _ := b.visits(address)
	require.Contains(t, back.Fragment, "invalid_request", "there is nothing to agree to")
}

// A consent that nobody was sent to agree to has no page.
func TestUKBank_page_without_request(t *testing.T) {
	t.Parallel()
	b := open(t).ukClient(t, company, v31)
	consent := b.asks(everyone, "")
	page := b.base + "/redirect/authorize/" + consent
	for _, form := range []url.Values{{"login": {"plain"}, "password": {"canary-password"}}, {"decision": {"approve"}, "accounts": {"current"}}, {"decision": {"refuse"}}} {
		_, text := b.post(page, form)
		require.Contains(t, text, "There is no such consent.")
	}
	_, said := b.get("/account-access-consents/"+consent, b.own)
	require.Equal(t, "AwaitingAuthorisation", at[string](t, said, "Data", "Status"))
}

// The customer agrees once more to a consent that lives: the same accounts, the same consent, new tokens, and nobody else.
func TestUKBank_agreeing_once_more(t *testing.T) {
	t.Parallel()
	w := openWith(t, bankWith("open_banking: {agree_again: 90, closes_after: 5m}"))
	b := w.ukClient(t, company, v31)
	consent := b.asks(everyone, "")
	tokens := b.agreed(consent, "plain", "current")
	status, _ := b.get("/party", tokens.Access)
	require.Equal(t, http.StatusOK, status)
	old := "/accounts/current/transactions?fromBookingDateTime=2025-09-01T00:00:00"
	status, _ = b.get(old, tokens.Access)
	require.Equal(t, http.StatusOK, status)

	w.bank.MoveClock(6 * time.Minute)
	for _, path := range []string{"/party", "/accounts/current/party", old} {
		status, said := b.get(path, tokens.Access)
		require.Equal(t, http.StatusForbidden, status, path)
		require.Equal(t, "UK.OBIE.Reauthenticate", faultCode(t, said))
	}
	status, _ = b.get("/accounts/current/transactions?fromBookingDateTime=2026-03-01T00:00:00", tokens.Access)
	require.Equal(t, http.StatusOK, status, "what is young stays open")

	w.bank.MoveClock(91 * 24 * time.Hour)
	status, said := b.get("/accounts", tokens.Access)
	require.Equal(t, http.StatusForbidden, status)
	require.Equal(t, "UK.OBIE.Reauthenticate", faultCode(t, said))
	page, _ := b.visits(b.address(b.signed(b.claims(consent, "code id_token")), "code id_token"))
	_, text := b.post(page.String(), url.Values{"login": {"texted"}, "password": {"canary-password"}})
	require.Contains(t, text, "Another customer")
	_, text = b.post(page.String(), url.Values{"login": {"plain"}, "password": {"canary-password"}})
	require.Contains(t, text, "You agreed to this once")
	require.NotContains(t, text, `value="card"`, "which was not shared")
	_, answer := b.agrees(page.String(), "plain", "approve")
	again := b.token(url.Values{"grant_type": {"authorization_code"}, "code": {answer.Get("code")}, "redirect_uri": {ukReturn}})
	status, said = b.get("/accounts", again.Access)
	require.Equal(t, http.StatusOK, status)
	require.Len(t, at[[]any](t, said, "Data", "Account"), 1)
	status, _ = b.get("/party", again.Access)
	require.Equal(t, http.StatusOK, status)
}

// The client proves who it is by a signed statement; a statement counts once.
func TestUKBank_private_key_jwt(t *testing.T) {
	t.Parallel()
	b := open(t).ukParty(t, company, v31)
	status, _, _ := b.registers("private_key_jwt", ukReturn)
	require.Equal(t, http.StatusCreated, status)
	now := b.clock()
	claims := func(change string, value any) map[string]any {
		out := map[string]any{"iss": b.id, "sub": b.id, "aud": b.base + "/open-banking/token", "jti": "j-" + change, "iat": now.Unix(), "exp": now.Add(5 * time.Minute).Unix()}
		if change != "" {
			out[change] = value
		}
		return out
	}
	ask := func(assertion string) ukTokens {
		return b.token(url.Values{"grant_type": {"client_credentials"}, "scope": {"accounts"}, "client_assertion": {assertion},
			"client_assertion_type": {"urn:ietf:params:oauth:client-assertion-type:jwt-bearer"}})
	}
	good := b.signed(claims("", nil))
	require.Equal(t, http.StatusOK, ask(good).Status)
	require.Equal(t, "invalid_client", ask(good).Error, "it counts once")
	for change, value := range map[string]any{
		"iss": "other", "sub": "other", "aud": "https://other.example", "exp": now.Add(-time.Minute).Unix(), "jti": "", "nbf": now.Add(time.Hour).Unix(),
	} {
		require.Equal(t, "invalid_client", ask(b.signed(claims(change, value))).Error, change)
	}
	require.Equal(t, "invalid_client", b.token(url.Values{"grant_type": {"client_credentials"}, "scope": {"accounts"}}).Error, "the certificate alone")
	others := b.ukParty(t, eidas.Organization{Name: "Other", Country: "DE", ID: "PSDDE-BAFIN-99"}, v31)
	require.Equal(t, "invalid_client", ask(others.signed(claims("jti", "j-o"))).Error, "a key that is not its own")
}

// What a third party registered outlives a restart, and so do its consents.
func TestUKBank_restarts(t *testing.T) {
	t.Parallel()
	w, kept := open(t), newKept()
	w.keep(bankFile, kept, nil)
	b := w.ukClient(t, company, v40)
	consent := b.asks(everyone, `,"TransactionFromDateTime":"2026-03-01T00:00:00Z"`)
	tokens := b.agreed(consent, "plain", "current")
	w.keep(bankFile, newKept(), kept)
	status, _ := b.get("/accounts", tokens.Access)
	require.Equal(t, http.StatusUnauthorized, status)
	renewed := b.token(url.Values{"grant_type": {"refresh_token"}, "refresh_token": {tokens.Refresh}})
	require.Equal(t, http.StatusOK, renewed.Status, renewed.Error)
	status, said := b.get("/accounts/current/transactions", renewed.Access)
	require.Equal(t, http.StatusOK, status)
	require.Equal(t, "2026-03-01T00:00:00Z", at[string](t, said, "Meta", "FirstAvailableDateTime"))
	b.own = b.token(url.Values{"grant_type": {"client_credentials"}, "scope": {"accounts"}}).Access
	_, said = b.get("/account-access-consents/"+consent, b.own)
	require.Equal(t, "AUTH", at[string](t, said, "Data", "Status"))
}

// A bank of a configuration that was sent is one of its own here as well: its issuer, and nobody registered there yet.
func TestUKBank_guests(t *testing.T) {
	t.Parallel()
	b := open(t).ukClient(t, company, v31)
	status, _, text := b.send(http.MethodPut, "/api/admin/configurations/guest", "personas: [{login: eve, password: canary-password, holder: Eve}]\n", nil)
	require.Equal(t, http.StatusCreated, status, text)
	_, _, text = b.send(http.MethodGet, "/b/guest/open-banking/.well-known/openid-configuration", "", nil)
	require.Contains(t, text, `"issuer":"`+b.base+`/b/guest/open-banking"`)
	require.Contains(t, text, `"authorization_endpoint":"`+b.base+`/b/guest/open-banking/authorize"`)
	status, _, _ = b.send(http.MethodPost, "/b/guest/open-banking/token", url.Values{"grant_type": {"client_credentials"}, "scope": {"accounts"}, "client_id": {b.id}}.Encode(),
		map[string]string{"Content-Type": "application/x-www-form-urlencoded"})
	require.Equal(t, http.StatusUnauthorized, status)
	status, _, text = b.send(http.MethodGet, "/b/guest"+v31+"/accounts", "", map[string]string{"Authorization": "Bearer " + b.own})
	require.Equal(t, http.StatusUnauthorized, status, text)
}
