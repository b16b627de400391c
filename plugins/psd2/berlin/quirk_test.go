package berlin_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/plugins/psd2/scripted"
	"github.com/tributary-dev/tributary/plugins/sdk"
)

// without reports what comes of a bank's recorded answer with the quirk, and what would come of it without.
func without(quirk string) map[bool]string {
	return map[bool]string{true: "quirks: [" + quirk + "]\n", false: ""}
}

// What is left of a credit line is no money that is there.
func TestRecordedCreditLine(t *testing.T) {
	t.Parallel()
	for quirky, changes := range without("available-is-credit") {
		script := reading(t)
		script["GET /v1/accounts"] = says(200, `{"accounts":[{"resourceId":"3dc3d5b3","currency":"EUR"}]}`)
		script["GET /v1/accounts/3dc3d5b3/balances"] = says(200, testdata(t, "quirk-credit.json"))
		_, d := open(t, changes, script)
		s, err := fetch(t, d, nil)
		require.NoError(t, err)
		told := scripted.ItemsOf[sdk.BalancesItem](s)[0].Balances
		require.Equal(t, !quirky, told[0].Type == sdk.BalanceAvailable)
		require.Equal(t, quirky, told[0].CreditIncluded)
		require.Equal(t, "-1788.55", told[1].Amount)
	}
}

func TestRecordedDebtOfACard(t *testing.T) {
	t.Parallel()
	for quirky, changes := range without("owed-is-positive") {
		_, d := open(t, "accounts: {cards: true}\n"+changes, map[string]answerer{
			"GET /v1/accounts": says(200, `{"accounts":[]}`), "GET /v1/card-accounts": says(200, testdata(t, "quirk-owed.json")),
			"GET /v1/card-accounts/card-9/transactions": says(200, `{"cardTransactions":{"booked":[]}}`),
		})
		s, err := fetch(t, d, nil)
		require.NoError(t, err)
		require.Equal(t, map[bool]string{true: "-412.30", false: "412.30"}[quirky], scripted.ItemsOf[sdk.BalancesItem](s)[0].Balances[0].Amount)
	}
}

func TestRecordedRegistration(t *testing.T) {
	t.Parallel()
	for quirky, changes := range without("first-call-registers") {
		script := redirecting(t)
		script["POST /v1/consents"] = inTurn(says(401, testdata(t, "quirk-registers.json")), script["POST /v1/consents"])
		_, d := open(t, changes, script)
		step, err := begin(t, d, nil)
		if !quirky {
			require.Equal(t, sdk.Host, failsWith(t, sdk.Technical, err).Whose, "a certificate that is refused is the operator's")
			continue
		}
		asked(t, sdk.ChallengeRedirect, step, err)
	}
}

// A bank that refuses the user's name with the consent asks for it later.
func TestRecordedNameThatIsRefused(t *testing.T) {
	t.Parallel()
	for quirky, changes := range without("name-at-login-only") {
		script := redirecting(t)
		good := script["POST /v1/consents"]
		script["POST /v1/consents"] = func(r heard) (int, string) {
			if r.Header.Get("PSU-ID") != "" {
				return 400, testdata(t, "quirk-named.json")
			}
			return good(r)
		}
		_, d := open(t, "sca: {approaches: [redirect], psu_id: optional}\n"+changes, script)
		step, err := begin(t, d, sdk.Secrets{"psu_id": "anna"})
		if !quirky {
			failsWith(t, sdk.Technical, err)
			continue
		}
		asked(t, sdk.ChallengeRedirect, step, err)
	}
}

// A bank whose longest validity nobody knows shortens it, where it is asked for the longest.
func TestRecordedValidity(t *testing.T) {
	t.Parallel()
	for quirky, changes := range without("until-latest") {
		script := redirecting(t)
		good := script["POST /v1/consents"]
		script["POST /v1/consents"] = func(r heard) (int, string) {
			if fields(t, r.Body)["validUntil"] != "9999-12-31" {
				return 400, testdata(t, "quirk-period.json")
			}
			return good(r)
		}
		script["GET /v1/consents/c-1"] = says(200, testdata(t, "quirk-shortened.json"))
		_, d := open(t, changes, script)
		step, err := begin(t, d, nil)
		if !quirky {
			failsWith(t, sdk.Technical, err)
			continue
		}
		done, err := answer(t, d, step, sdk.Secrets{"state": "s"})
		require.NoError(t, err)
		require.Equal(t, "2026-06-12", done.Ready.Consent.ValidUntil.Format("2006-01-02"), "the bank's word")
	}
}

// A token server that knows capital letters only sends the user back with an error.
func TestRecordedResponseType(t *testing.T) {
	t.Parallel()
	for quirky, changes := range without("uppercase-response-type") {
		script := redirecting(t)
		script["POST /token"] = says(200, granted)
		_, d := open(t, preStep+changes, script)
		step, err := begin(t, d, nil)
		back := sdk.Secrets{"code": "c"}
		if authorised(t, step, err).Get("response_type") != "CODE" {
			back = sdk.Secrets{"error": "unsupported_response_type", "error_description": "Invalid value for response_type"}
		}
		step, err = answer(t, d, step, back)
		if !quirky {
			failsWith(t, sdk.ChallengeExpired, err)
			continue
		}
		asked(t, sdk.ChallengeRedirect, step, err)
	}
}
