package berlin_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/plugins/psd2/berlin"
	"github.com/tributary-dev/tributary/plugins/sdk"
)

const returnURL = "https://us.example/connect/return"

func begin(t *testing.T, d *berlin.Dialect, credentials sdk.Secrets) (sdk.Step, error) {
	t.Helper()
	return d.Begin(t.Context(), sdk.BeginRequest{PSU: someone, Credentials: credentials, ReturnURL: returnURL, ReturnState: "s-1"})
}

// answer continues a step as the server does it.
func answer(t *testing.T, d *berlin.Dialect, step sdk.Step, answers sdk.Secrets) (sdk.Step, error) {
	t.Helper()
	require.NotNil(t, step.Challenge)
	return d.Continue(t.Context(), sdk.ContinueRequest{
		PSU: someone, ChallengeID: step.Challenge.ID, Answers: answers, State: step.Challenge.State, ReturnURL: returnURL, ReturnState: "s-2",
		Poll: answers == nil, Credentials: sdk.Secrets{"psu_id": "anna"},
	})
}

// asked wants a challenge of a kind.
func asked(t *testing.T, kind sdk.ChallengeType, step sdk.Step, err error) *sdk.Challenge {
	t.Helper()
	require.NoError(t, err)
	require.NotNil(t, step.Challenge)
	require.Equal(t, kind, step.Challenge.Type)
	require.NotEmpty(t, step.Challenge.Message["en"])
	return step.Challenge
}

func redirecting(t *testing.T) map[string]answerer {
	t.Helper()
	return map[string]answerer{
		"POST /v1/consents":                       says(201, testdata(t, "consent-redirect.json")),
		"GET /v1/consents/c-1":                    says(200, testdata(t, "consent-valid.json")),
		"GET /v1/consents/c-1/authorisations/a-1": says(200, `{"scaStatus":"started"}`),
		"DELETE /v1/consents/c-1":                 says(204, ""),
		"GET /v1/consents/c-1/status":             says(200, `{"consentStatus":"valid"}`),
	}
}

func TestRedirect(t *testing.T) {
	t.Parallel()
	b, d := open(t, "", redirecting(t))
	step, err := begin(t, d, nil)
	challenge := asked(t, sdk.ChallengeRedirect, step, err)
	require.Equal(t, b.URL+"/pages/authorise/c-1", challenge.URL)

	created := b.HeardOf("POST /v1/consents")[0]
	require.Equal(t, map[string]any{
		"access": map[string]any{"allPsd2": "allAccounts"}, "recurringIndicator": true, "validUntil": "2026-09-10", "frequencyPerDay": 4.0, "combinedServiceIndicator": false,
	}, fields(t, created.Body))
	require.Equal(t, "192.0.2.1", created.Header.Get("PSU-IP-Address"))
	require.Equal(t, "true", created.Header.Get("TPP-Redirect-Preferred"))
	yes, err := url.Parse(created.Header.Get("TPP-Redirect-URI"))
	require.NoError(t, err)
	require.Equal(t, "s-1", yes.Query().Get("state"))
	require.Contains(t, created.Header.Get("TPP-Nok-Redirect-URI"), "tpp_nok=1")

	step, err = answer(t, d, step, sdk.Secrets{"anything": "the browser says"})
	require.NoError(t, err)
	require.NotNil(t, step.Ready)
	require.Equal(t, "c-1", step.Ready.Consent.ID)
	require.Equal(t, "2026-06-13", step.Ready.Consent.ValidUntil.Format("2006-01-02"), "the bank's word, not what was asked for")
	require.Equal(t, []string{"DE40100100103307118608"}, step.Ready.Consent.Accounts)
	require.Equal(t, []sdk.Scope{sdk.ScopeAccounts, sdk.ScopeBalances, sdk.ScopeTransactions}, step.Ready.Consent.Scopes)
	require.Equal(t, []string{"POST /v1/consents", "GET /v1/consents/c-1"}, b.Everything(), "no call more than it needs")

	again, err := d.Begin(t.Context(), sdk.BeginRequest{Secrets: step.Ready.Secrets})
	require.NoError(t, err)
	require.NotNil(t, again.Ready)
	require.Len(t, b.Everything(), 2, "nobody is there: nothing is asked")
	again, err = d.Begin(t.Context(), sdk.BeginRequest{PSU: someone, Secrets: step.Ready.Secrets})
	require.NoError(t, err)
	require.NotNil(t, again.Ready)

	require.NoError(t, d.End(t.Context(), sdk.EndRequest{Secrets: step.Ready.Secrets}))
	require.Empty(t, b.HeardOf("DELETE /v1/consents/c-1"), "closing is not revoking")
	require.NoError(t, d.End(t.Context(), sdk.EndRequest{Secrets: step.Ready.Secrets, Revoke: true}))
	require.Len(t, b.HeardOf("DELETE /v1/consents/c-1"), 1)
}

// The return proves nothing: a browser that comes back with whatever it likes gets what the bank says.
func TestReturnIsNotBelieved(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		consent, authorisation string
		answers                sdk.Secrets
		want                   any
	}{
		"a yes that the bank does not know of yet": {"received", "started", sdk.Secrets{"state": "s"}, sdk.ChallengeDecoupled},
		"a no at the bank":                         {"rejected", "failed", sdk.Secrets{"state": "s"}, sdk.Refused},
		"a failure at the bank":                    {"received", "failed", sdk.Secrets{"state": "s"}, sdk.Refused},
		"a no that the browser tells":              {"received", "started", sdk.Secrets{"tpp_nok": "1"}, sdk.Refused},
		"a no that is a yes at the bank":           {"valid", "finalised", sdk.Secrets{"tpp_nok": "1"}, "ready"},
		"too late":                                 {"expired", "failed", sdk.Secrets{"state": "s"}, sdk.ChallengeExpired},
		"another owner has to agree":               {"partiallyAuthorised", "finalised", sdk.Secrets{"state": "s"}, sdk.ChallengeDecoupled},
		"a state that nobody knows":                {"perhaps", "perhaps", sdk.Secrets{"state": "s"}, sdk.BadData},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			script := redirecting(t)
			script["GET /v1/consents/c-1"] = says(200, strings.Replace(testdata(t, "consent-valid.json"), `"valid"`, `"`+c.consent+`"`, 1))
			script["GET /v1/consents/c-1/authorisations/a-1"] = says(200, `{"scaStatus":"`+c.authorisation+`"}`)
			_, d := open(t, "", script)
			step, err := begin(t, d, nil)
			require.NoError(t, err)
			step, err = answer(t, d, step, c.answers)
			switch want := c.want.(type) {
			case sdk.Code:
				failsWith(t, want, err)
			case sdk.ChallengeType:
				asked(t, want, step, err)
			default:
				require.NoError(t, err)
				require.NotNil(t, step.Ready)
			}
		})
	}
}

func TestWaitingGoesOnByItself(t *testing.T) {
	t.Parallel()
	script := redirecting(t)
	script["POST /v1/consents"] = says(201, `{"consentStatus":"received","consentId":"c-1","psuMessage":"Open the app of your bank","_links":{"scaStatus":{"href":"/v1/consents/c-1/authorisations/a-1"}}}`)
	script["GET /v1/consents/c-1/authorisations/a-1"] = inTurn(says(200, `{"scaStatus":"started"}`), says(200, `{"scaStatus":"FINALISED"}`))
	b, d := open(t, "sca: {approaches: [decoupled]}\n", script)
	first, err := begin(t, d, nil)
	require.Equal(t, "Open the app of your bank", asked(t, sdk.ChallengeDecoupled, first, err).Message["en"])
	require.Equal(t, "true", b.HeardOf("POST /v1/consents")[0].Header.Get("TPP-Decoupled-Preferred"))
	second, err := answer(t, d, first, nil)
	require.Equal(t, first.Challenge.ID, asked(t, sdk.ChallengeDecoupled, second, err).ID, "nothing has changed")
	done, err := answer(t, d, second, nil)
	require.NoError(t, err)
	require.NotNil(t, done.Ready)
}

func TestConfirmationOfTheAuthorisation(t *testing.T) {
	t.Parallel()
	for name, answers := range map[string]sdk.Secrets{"by the browser": {"confirmationCode": "4711"}, "by the user": {}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			script := redirecting(t)
			script["GET /v1/consents/c-1"] = inTurn(says(200, strings.Replace(testdata(t, "consent-valid.json"), `"valid"`, `"received"`, 1)), says(200, testdata(t, "consent-valid.json")))
			script["GET /v1/consents/c-1/authorisations/a-1"] = says(200, `{"scaStatus":"unconfirmed","_links":{"confirmation":{"href":"/v1/consents/c-1/authorisations/a-1"}}}`)
			script["PUT /v1/consents/c-1/authorisations/a-1"] = says(200, `{"scaStatus":"finalised","_links":{}}`)
			b, d := open(t, "", script)
			step, err := begin(t, d, nil)
			require.NoError(t, err)
			step, err = answer(t, d, step, answers)
			if len(answers) == 0 {
				require.Equal(t, "confirmation_code", asked(t, sdk.ChallengeForm, step, err).Fields[0].Name)
				step, err = answer(t, d, step, sdk.Secrets{"confirmation_code": "4711"})
			}
			require.NoError(t, err)
			require.NotNil(t, step.Ready)
			require.JSONEq(t, `{"confirmationCode":"4711"}`, b.HeardOf("PUT /v1/consents/c-1/authorisations/a-1")[0].Body)
		})
	}
}

func TestExplicitStart(t *testing.T) {
	t.Parallel()
	script := redirecting(t)
	script["POST /v1/consents"] = says(201, `{"consentStatus":"received","consentId":"c-1","_links":{"startAuthorisation":{"href":"/v1/consents/c-1/authorisations"}}}`)
	script["POST /v1/consents/c-1/authorisations"] = says(201, `{"scaStatus":"received","authorisationId":"a-1","_links":{"scaRedirect":"{bank}/pages/authorise/c-1","scaStatus":{"href":"/psd2/v1/consents/c-1/authorisations/a-1"}}}`)
	b, d := open(t, "sca: {approaches: [redirect], explicit_start: true}\n", script)
	step, err := begin(t, d, nil)
	asked(t, sdk.ChallengeRedirect, step, err)
	require.Equal(t, "true", b.HeardOf("POST /v1/consents")[0].Header.Get("TPP-Explicit-Authorisation-Preferred"))
	require.NotEmpty(t, b.HeardOf("POST /v1/consents/c-1/authorisations")[0].Header.Get("TPP-Redirect-URI"))
	step, err = answer(t, d, step, sdk.Secrets{"state": "s"})
	require.NoError(t, err)
	require.NotNil(t, step.Ready)
}

const embeddedBank = "sca: {approaches: [embedded, redirect], psu_id: required, psu_id_types: [PERSONAL, BUSINESS]}\nconsent: {model: detailed}\n"

func embedding(t *testing.T) map[string]answerer {
	t.Helper()
	script := redirecting(t)
	script["POST /v1/consents"] = says(201, `{"consentStatus":"received","consentId":"c-1","_links":{"startAuthorisationWithPsuAuthentication":{"href":"/v1/consents/c-1/authorisations"}}}`)
	script["POST /v1/consents/c-1/authorisations"] = says(201, `{"scaStatus":"psuAuthenticated","authorisationId":"a-1",
		"scaMethods":[{"authenticationType":"SMS_OTP","authenticationMethodId":"m-1","name":"Phone 12"},{"authenticationType":"PHOTO_OTP","authenticationMethodId":"m-2"}],
		"_links":{"selectAuthenticationMethod":{"href":"/v1/consents/c-1/authorisations/a-1"},"scaStatus":{"href":"/v1/consents/c-1/authorisations/a-1"}}}`)
	method := says(200, `{"scaStatus":"scaMethodSelected","chosenScaMethod":{"authenticationType":"SMS_OTP","authenticationMethodId":"m-1","name":"Phone 12"},
		"challengeData":{"otpFormat":"integer","otpMaxLength":6,"additionalInformation":"Ref 42"},"_links":{"authoriseTransaction":{"href":"/v1/consents/c-1/authorisations/a-1"}}}`)
	wrong := says(401, `{"tppMessages":[{"category":"ERROR","code":"PSU_CREDENTIALS_INVALID","text":"canary-text"}]}`)
	script["PUT /v1/consents/c-1/authorisations/a-1"] = inTurn(method, wrong, says(200, `{"scaStatus":"finalised"}`))
	return script
}

func TestEmbedded(t *testing.T) {
	t.Parallel()
	b, d := open(t, embeddedBank, embedding(t))
	step, err := begin(t, d, sdk.Secrets{"psu_id": "anna", "ibans": "de40 1001 0010 3307 1186 08, FR7612345678901234567890123"})
	require.Equal(t, sdk.FieldPassword, asked(t, sdk.ChallengeForm, step, err).Fields[0].Type)
	created := b.HeardOf("POST /v1/consents")[0]
	require.Equal(t, "anna PERSONAL", created.Header.Get("PSU-ID")+" "+created.Header.Get("PSU-ID-Type"))
	require.Equal(t, []any{map[string]any{"iban": "DE40100100103307118608"}, map[string]any{"iban": "FR7612345678901234567890123"}},
		fields(t, created.Body)["access"].(map[string]any)["transactions"])

	step, err = answer(t, d, step, sdk.Secrets{"password": "canary-password"})
	require.Equal(t, []sdk.Choice{{Value: "m-1", Label: sdk.Text{"en": "Phone 12"}}, {Value: "m-2", Label: sdk.Text{"en": "PHOTO_OTP"}}}, asked(t, sdk.ChallengeOptions, step, err).Options)
	require.JSONEq(t, `{"psuData":{"password":"canary-password"}}`, b.HeardOf("POST /v1/consents/c-1/authorisations")[0].Body)

	step, err = answer(t, d, step, sdk.Secrets{"option": "m-1"})
	challenge := asked(t, sdk.ChallengeForm, step, err)
	require.Contains(t, challenge.Message["en"], "Ref 42")
	again, err := answer(t, d, step, sdk.Secrets{"code": "000000"})
	require.NotEqual(t, challenge.ID, asked(t, sdk.ChallengeForm, again, err).ID)
	require.NotContains(t, again.Challenge.Message["en"], "canary")
	done, err := answer(t, d, again, sdk.Secrets{"code": "123456"})
	require.NoError(t, err)
	require.NotNil(t, done.Ready)
	var bodies []string
	for _, c := range b.HeardOf("PUT /v1/consents/c-1/authorisations/a-1") {
		bodies = append(bodies, c.Body)
	}
	require.Equal(t, []string{`{"authenticationMethodId":"m-1"}`, `{"scaAuthenticationData":"000000"}`, `{"scaAuthenticationData":"123456"}`}, bodies)
	require.NotContains(t, string(done.Ready.Secrets.Data), "canary", "a password is not kept")
}

// A password is asked for once: banks lock after few. And only where the catalogue says that the bank wants it from us.
func TestPasswords(t *testing.T) {
	t.Parallel()
	script := embedding(t)
	script["POST /v1/consents/c-1/authorisations"] = says(401, `{"tppMessages":[{"category":"ERROR","code":"PSU_CREDENTIALS_INVALID"}]}`)
	b, d := open(t, embeddedBank, script)
	step, err := begin(t, d, sdk.Secrets{"psu_id": "anna", "ibans": "DE40100100103307118608"})
	require.NoError(t, err)
	_, err = answer(t, d, step, sdk.Secrets{"password": "wrong"})
	require.Equal(t, []string{"psu_id"}, failsWith(t, sdk.AuthFailed, err).Fields)
	require.Len(t, b.HeardOf("POST /v1/consents/c-1/authorisations"), 1)

	_, d = open(t, "", embedding(t))
	_, err = begin(t, d, nil)
	failsWith(t, sdk.NotSupported, err)
}

func TestModelsOfConsents(t *testing.T) {
	t.Parallel()
	for changes, want := range map[string]string{
		"consent: {model: bank-offered}":                                       `{"accounts":[],"balances":[],"transactions":[]}`,
		"consent: {model: global, owner_names: true}":                          `{"allPsd2":"allAccountsWithOwnerName"}`,
		"consent: {model: available-accounts}":                                 `{"availableAccounts":"allAccounts"}`,
		"consent: {model: available-accounts}\naccounts: {with_balance: true}": `{"availableAccountsWithBalance":"allAccounts"}`,
		"consent: {model: global}\nquirks: [until-latest, name-at-login-only]\nsca: {approaches: [redirect], psu_id: optional}": `{"allPsd2":"allAccounts"}`,
	} {
		b, d := open(t, changes+"\n", redirecting(t))
		_, err := begin(t, d, sdk.Secrets{"psu_id": "anna"})
		require.NoError(t, err)
		created := b.HeardOf("POST /v1/consents")[0]
		body := fields(t, created.Body)
		require.Contains(t, created.Body, `"access":`+want)
		if d.Bank.Has("until-latest") {
			require.Equal(t, "9999-12-31", body["validUntil"])
			require.Empty(t, created.Header.Get("PSU-ID"))
		}
	}
}

func TestNobodyThere(t *testing.T) {
	t.Parallel()
	b, d := open(t, "", redirecting(t))
	_, err := d.Begin(t.Context(), sdk.BeginRequest{})
	failsWith(t, sdk.ChallengeRequired, err)
	require.Empty(t, b.Everything())
}

// A consent that is over is asked for anew when the user is there.
func TestEndedConsent(t *testing.T) {
	t.Parallel()
	for name, status := range map[string]answerer{
		"revoked": says(200, `{"consentStatus":"revokedByPsu"}`), "unknown": says(403, `{"tppMessages":[{"code":"CONSENT_UNKNOWN"}]}`), "gone": says(404, ""),
	} {
		script := redirecting(t)
		_, d := open(t, "", script)
		step, err := begin(t, d, nil)
		require.NoError(t, err)
		step, err = answer(t, d, step, sdk.Secrets{"state": "s"})
		require.NoError(t, err)
		script["GET /v1/consents/c-1/status"] = status
		next, err := d.Begin(t.Context(), sdk.BeginRequest{PSU: someone, Secrets: step.Ready.Secrets, ReturnURL: returnURL, ReturnState: "s"})
		asked(t, sdk.ChallengeRedirect, next, err)
		script["DELETE /v1/consents/c-1"] = status
		if name != "revoked" {
			require.NoError(t, d.End(t.Context(), sdk.EndRequest{Secrets: step.Ready.Secrets, Revoke: true}), name)
		}
	}
}
