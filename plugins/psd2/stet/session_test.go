package stet_test

import (
	"encoding/json"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/plugins/psd2/scripted"
	"github.com/tributary-dev/tributary/plugins/psd2/stet"
	"github.com/tributary-dev/tributary/plugins/sdk"
)

const (
	granted   = `{"access_token":"canary-access","refresh_token":"canary-refresh","token_type":"Bearer","expires_in":3600}`
	returnURL = "https://us.example/connect/return"
)

// kept are secrets of a session before, with the token's own properties.
func kept(tokens, given string) sdk.Bundle {
	return sdk.Bundle{Version: 1, Data: []byte(`{"tokens":{` + tokens + `},"given":"` + given + `"}`)}
}

const good = `"access":"canary-access","refresh":"canary-refresh"`

func begin(t *testing.T, d *stet.Dialect, secrets sdk.Bundle, psu *sdk.PSU) (sdk.Step, error) {
	t.Helper()
	return d.Begin(t.Context(), sdk.BeginRequest{PSU: psu, Secrets: secrets, ReturnURL: returnURL, ReturnState: "s-1"})
}

func answer(t *testing.T, d *stet.Dialect, step sdk.Step, answers sdk.Secrets) (sdk.Step, error) {
	t.Helper()
	require.NotNil(t, step.Challenge)
	return d.Continue(t.Context(), sdk.ContinueRequest{PSU: someone, ChallengeID: step.Challenge.ID, Answers: answers, Poll: answers == nil, State: step.Challenge.State})
}

// A token comes first, and with full consents nothing more: the bank is not asked for anything before data.
func TestFullConsent(t *testing.T) {
	t.Parallel()
	b, d := open(t, "full", "", map[string]answerer{"POST /token": says(200, "application/json\x00"+granted)})
	step, err := begin(t, d, sdk.Bundle{}, someone)
	require.NoError(t, err)
	page, err := url.Parse(step.Challenge.URL)
	require.NoError(t, err)
	query := page.Query()
	require.Equal(t, b.URL+"/authorize", page.Scheme+"://"+page.Host+page.Path)
	require.Equal(t, "aisp extended_transaction_history code s-1 PSDFR-ACPR-12345 "+returnURL,
		query.Get("scope")+" "+query.Get("response_type")+" "+query.Get("state")+" "+query.Get("client_id")+" "+query.Get("redirect_uri"))
	still, err := answer(t, d, step, nil)
	require.NoError(t, err)
	require.Equal(t, step.Challenge.ID, still.Challenge.ID)
	require.NotContains(t, step.Challenge.ID+step.Challenge.URL, verifierOf(t, step), "the verifier is nobody's but ours")
	done, err := answer(t, d, step, sdk.Secrets{"code": "canary-code"})
	require.NoError(t, err)
	require.NotNil(t, done.Ready)
	require.Equal(t, "2026-09-11", done.Ready.Consent.ValidUntil.Format(time.DateOnly), "as long as the tokens are renewed")
	require.Len(t, done.Ready.Consent.Scopes, 3)
	require.NotContains(t, string(done.Ready.State.Data), "canary")
	form, err := url.ParseQuery(b.HeardOf("POST /token")[0].Body)
	require.NoError(t, err)
	require.Equal(t, "authorization_code canary-code PSDFR-ACPR-12345", form.Get("grant_type")+" "+form.Get("code")+" "+form.Get("client_id"))
	require.Equal(t, []string{"POST /token"}, b.Everything())

	again, err := begin(t, d, done.Ready.Secrets, nil)
	require.NoError(t, err)
	require.NotNil(t, again.Ready, "a token that is kept is enough, with nobody there")
	require.Equal(t, done.Ready.Consent.ValidUntil, again.Ready.Consent.ValidUntil)
	failsWith(t, sdk.NotSupported, d.End(t.Context(), sdk.EndRequest{Secrets: done.Ready.Secrets, Revoke: true}))
	require.NoError(t, d.End(t.Context(), sdk.EndRequest{Secrets: done.Ready.Secrets}))
}

func verifierOf(t *testing.T, step sdk.Step) string {
	t.Helper()
	var state struct {
		Verifier string `json:"verifier"`
	}
	require.NoError(t, json.Unmarshal(step.Challenge.State.Data, &state))
	require.NotEmpty(t, state.Verifier)
	return state.Verifier
}

// With mixed consents the bank is told all accounts that it lists, by the names that it gave them, and nothing of people.
func TestMixedConsent(t *testing.T) {
	t.Parallel()
	b, d := open(t, "mixed", "", map[string]answerer{
		"POST /token": says(200, "application/json\x00"+granted), "GET /v1/accounts": says(200, testdata(t, "untold.json")), "PUT /v1/consents": says(201, ""),
	})
	step, err := begin(t, d, sdk.Bundle{}, someone)
	require.NoError(t, err)
	done, err := answer(t, d, step, sdk.Secrets{"code": "c"})
	require.NoError(t, err)
	require.Equal(t, []string{"FR7699991004200000010010180", "497010XXXXXX3241"}, done.Ready.Consent.Accounts)
	require.Equal(t, []string{"POST /token", "GET /v1/accounts", "PUT /v1/consents"}, b.Everything())
	put := b.HeardOf("PUT /v1/consents")[0]
	accounts := `[{"iban":"FR7699991004200000010010180"},{"other":{"identification":"497010XXXXXX3241","schemeName":"CPAN"}}]`
	require.JSONEq(t, `{"balances":`+accounts+`,"transactions":`+accounts+`,"trustedBeneficiaries":false,"psuIdentity":false}`, put.Body)
	require.Equal(t, "192.0.2.1", put.Header.Get("PSU-IP-Address"))

	require.NoError(t, d.End(t.Context(), sdk.EndRequest{Secrets: done.Ready.Secrets, Revoke: true}))
	require.JSONEq(t, `{"balances":[],"transactions":[],"trustedBeneficiaries":false,"psuIdentity":false}`, b.HeardOf("PUT /v1/consents")[1].Body, "an empty consent replaces it")
}

// The token is given once: it is kept although the bank could not be told of the accounts.
func TestATokenIsNotLost(t *testing.T) {
	t.Parallel()
	_, d := open(t, "mixed", "", map[string]answerer{
		"POST /token": says(200, "application/json\x00"+granted), "GET /v1/accounts": says(200, testdata(t, "untold.json")), "PUT /v1/consents": says(503, ""),
	})
	step, err := begin(t, d, sdk.Bundle{}, someone)
	require.NoError(t, err)
	done, err := answer(t, d, step, sdk.Secrets{"code": "c"})
	require.NoError(t, err)
	require.Contains(t, string(done.Ready.Secrets.Data), "canary-refresh")
}

// A token that was given a moment ago and is refused says that the bank does not know who we are.
func TestATokenThatIsRefusedAtOnce(t *testing.T) {
	t.Parallel()
	_, d := open(t, "mixed", "", map[string]answerer{"POST /token": says(200, "application/json\x00"+granted), "GET /v1/accounts": says(401, "")})
	step, err := begin(t, d, sdk.Bundle{}, someone)
	require.NoError(t, err)
	_, err = answer(t, d, step, sdk.Secrets{"code": "c"})
	require.Equal(t, sdk.Host, failsWith(t, sdk.Technical, err).Whose)
}

// The same with a token that Refresh brought: a bank that no longer takes our certificate or signature takes a consent from
// nobody. Later, or where the bank's own time for it is over, such a token is stale as others are.
func TestATokenThatWasRenewedAndIsRefused(t *testing.T) {
	t.Parallel()
	for model, where := range map[string]string{"full": "GET /v1/accounts", "mixed": "PUT /v1/consents"} {
		_, d := open(t, model, "", map[string]answerer{where: says(401, ""), "POST /token": says(200, "application/json\x00"+`{"access_token":"canary-new","refresh_token":"canary-two","expires_in":300}`)})
		call := func(secrets sdk.Bundle) error {
			if model == "mixed" {
				return d.End(t.Context(), sdk.EndRequest{Secrets: secrets, Revoke: true})
			}
			_, err := fetch(t, d, func(r *sdk.FetchRequest) { r.Secrets = secrets })
			return err
		}
		failsWith(t, sdk.SecretStale, call(kept(good, now)))
		renewed, err := d.Refresh(t.Context(), sdk.RefreshRequest{Secrets: kept(good, now)})
		require.NoError(t, err)
		for range 2 {
			require.Equal(t, sdk.Host, failsWith(t, sdk.Technical, call(renewed.Secrets)).Whose)
		}
		for _, later := range []time.Duration{2 * time.Minute, 10 * time.Minute} {
			d.Now = func() time.Time { return scripted.Today().Add(later) }
			failsWith(t, sdk.SecretStale, call(renewed.Secrets))
		}
	}
}

func TestWhatComesBack(t *testing.T) {
	t.Parallel()
	script := map[string]answerer{}
	_, d := open(t, "full", "", script)
	step, err := begin(t, d, sdk.Bundle{}, someone)
	require.NoError(t, err)
	for fault, code := range map[string]sdk.Code{"access_denied": sdk.Refused, "server_error": sdk.ProviderUnavailable, "invalid_scope": sdk.ChallengeExpired} {
		_, err = answer(t, d, step, sdk.Secrets{"error": fault})
		failsWith(t, code, err)
	}
	for text, code := range map[string]sdk.Code{`{"error":"invalid_grant","error_description":"canary"}`: sdk.ChallengeExpired, `{"error":"invalid_client"}`: sdk.Technical} {
		script["POST /token"] = says(400, "application/json\x00"+text)
		_, err = answer(t, d, step, sdk.Secrets{"code": "c"})
		failsWith(t, code, err)
	}
	_, err = begin(t, d, sdk.Bundle{}, nil)
	failsWith(t, sdk.ChallengeRequired, err)
}

// Only Refresh spends a refresh token, which trouble at the bank does not end; the user's consent goes on as long as before.
func TestRefresh(t *testing.T) {
	t.Parallel()
	b, d := open(t, "full", "", map[string]answerer{"POST /token": inTurn(says(502, ""), says(200, `application/json`+"\x00"+`{"access_token":"canary-new","refresh_token":"canary-two"}`), says(400, "application/json\x00"+`{"error":"invalid_grant"}`))})
	before := kept(good, "2026-01-15T10:00:00Z")
	_, err := d.Refresh(t.Context(), sdk.RefreshRequest{Secrets: before})
	failsWith(t, sdk.ProviderUnavailable, err)
	ready, err := d.Refresh(t.Context(), sdk.RefreshRequest{Secrets: before})
	require.NoError(t, err)
	require.Contains(t, string(ready.Secrets.Data), `"refresh":"canary-two"`)
	require.Equal(t, "2026-07-14", ready.Consent.ValidUntil.Format(time.DateOnly), "a refresh does not extend it")
	_, err = d.Refresh(t.Context(), sdk.RefreshRequest{Secrets: ready.Secrets})
	require.NotEmpty(t, failsWith(t, sdk.TokenExpired, err).Message["fr"])
	_, err = d.Refresh(t.Context(), sdk.RefreshRequest{Secrets: kept(`"access":"a"`, now)})
	failsWith(t, sdk.TokenExpired, err)
	require.Len(t, b.Everything(), 3)
}

// After its time a consent is asked for anew, where the user is there.
func TestTheEndOfAConsent(t *testing.T) {
	t.Parallel()
	b, d := open(t, "full", "", nil)
	old := kept(good, "2025-09-01T10:00:00Z")
	step, err := begin(t, d, old, someone)
	require.NoError(t, err)
	require.Equal(t, sdk.ChallengeRedirect, step.Challenge.Type)
	step, err = begin(t, d, old, nil)
	require.NoError(t, err)
	require.NotNil(t, step.Ready, "with nobody there the bank has the word")
	require.Empty(t, b.Everything())
}

func TestEnd(t *testing.T) {
	t.Parallel()
	_, d := open(t, "mixed", "", map[string]answerer{"PUT /v1/consents": says(401, "")})
	end := func(tokens string) error {
		return d.End(t.Context(), sdk.EndRequest{Secrets: kept(tokens, now), Revoke: true})
	}
	failsWith(t, sdk.SecretStale, end(good+`,"expires":"2026-03-15T10:00:00Z"`))
	failsWith(t, sdk.SecretStale, end(good))
	require.NoError(t, end(`"access":"canary-access"`), "a token that is over and cannot be renewed is as good as revoked")
	require.NoError(t, end(``))
}

// Bundles of another version or plugin are never guessed at.
func TestUnreadableBundles(t *testing.T) {
	t.Parallel()
	b, d := open(t, "mixed", "", nil)
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
