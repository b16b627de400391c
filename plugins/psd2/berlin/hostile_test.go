package berlin_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/plugins/psd2/scripted"
	"github.com/tributary-dev/tributary/plugins/sdk"
)

func errorBody(code string) string {
	return `{"tppMessages":[{"category":"ERROR","code":"` + code + `","text":"canary-text"}]}`
}

// Every code of the standard, and every status without one, is a typed failure.
func TestCodes(t *testing.T) {
	t.Parallel()
	script := reading(t)
	_, d := open(t, "quota: {phrases: [Tageslimit erreicht]}\n", script)
	for _, c := range []struct {
		status int
		body   string
		code   sdk.Code
		whose  sdk.Whose
	}{
		{429, errorBody("ACCESS_EXCEEDED"), sdk.RateLimited, sdk.Bank}, {429, "zu viele Zugriffe", sdk.RateLimited, sdk.Bank},
		{403, errorBody("access_exceeded"), sdk.RateLimited, sdk.Bank}, {401, `{"title":"Das Tageslimit erreicht!","code":"FORMAT_ERROR"}`, sdk.RateLimited, sdk.Bank},
		{401, errorBody("CONSENT_EXPIRED"), sdk.TokenExpired, sdk.User}, {401, errorBody("CONSENT_INVALID"), sdk.TokenExpired, sdk.User},
		{400, errorBody("CONSENT_UNKNOWN"), sdk.TokenExpired, sdk.User}, {403, errorBody("RESOURCE_EXPIRED"), sdk.TokenExpired, sdk.User},
		{401, errorBody("TOKEN_EXPIRED"), sdk.TokenExpired, sdk.User}, {401, "", sdk.TokenExpired, sdk.User},
		{401, errorBody("CERTIFICATE_EXPIRED"), sdk.Technical, sdk.Host}, {401, errorBody("SIGNATURE_INVALID"), sdk.Technical, sdk.Host},
		{401, errorBody("ROLE_INVALID"), sdk.Technical, sdk.Host}, {401, errorBody("PSU_CREDENTIALS_INVALID"), sdk.AuthFailed, sdk.User},
		{403, errorBody("SERVICE_BLOCKED"), sdk.Blocked, sdk.Bank}, {403, "<html>", sdk.Blocked, sdk.Bank},
		{400, errorBody("FORMAT_ERROR"), sdk.Technical, sdk.Plugin}, {400, errorBody("PARAMETER_NOT_SUPPORTED"), sdk.Technical, sdk.Plugin},
		{404, errorBody("RESOURCE_UNKNOWN"), sdk.BadData, sdk.Bank}, {404, "", sdk.BadData, sdk.Bank}, {405, errorBody("SERVICE_INVALID"), sdk.Technical, sdk.Plugin},
		{406, errorBody("REQUESTED_FORMATS_INVALID"), sdk.NotSupported, sdk.Plugin}, {409, errorBody("STATUS_INVALID"), sdk.ChallengeExpired, sdk.User},
		{500, errorBody("CONSENT_INVALID"), sdk.ProviderUnavailable, sdk.Bank}, {503, "down", sdk.ProviderUnavailable, sdk.Bank},
		{408, "", sdk.ProviderUnavailable, sdk.Bank}, {418, "", sdk.Technical, sdk.Plugin}, {302, "", sdk.BadData, sdk.Bank},
		{429, `{"type":"x","additionalErrors":[{"code":"ACCESS_EXCEEDED"}]}`, sdk.RateLimited, sdk.Bank},
	} {
		script["GET /v1/accounts"] = says(c.status, c.body)
		_, err := fetch(t, d, nil)
		failure := failsWith(t, c.code, err)
		require.Equal(t, c.whose, failure.Whose, "%d %s", c.status, c.body)
		require.NotContains(t, fmt.Sprint(failure.Error(), failure.Message), "canary")
	}
	script["GET /v1/accounts"] = says(429, "Retry-After: 3600\x00"+errorBody("ACCESS_EXCEEDED"))
	s, err := fetch(t, d, nil)
	require.Equal(t, "2026-03-15T11:00:00Z", failsWith(t, sdk.RateLimited, err).RetryAt.UTC().Format(time.RFC3339))
	require.Len(t, scripted.ItemsOf[sdk.UsageItem](s), 1, "the server's own count has to agree")
}

// A token that can be renewed is stale, and a token that is known to be over is not tried.
func TestTokens(t *testing.T) {
	t.Parallel()
	script := reading(t)
	b, d := open(t, "", script)
	script["GET /v1/accounts"] = says(401, errorBody("TOKEN_EXPIRED"))
	with := func(tokens string) func(*sdk.FetchRequest) {
		return func(r *sdk.FetchRequest) { r.Secrets = under(`,"tokens":{` + tokens + `}`) }
	}
	_, err := fetch(t, d, with(`"access":"t","refresh":"r"`))
	failsWith(t, sdk.SecretStale, err)
	require.Equal(t, "Bearer t", b.Calls[0].Header.Get("Authorization"))
	_, err = fetch(t, d, with(`"access":"t"`))
	failsWith(t, sdk.TokenExpired, err)
	_, err = fetch(t, d, with(`"access":"t","refresh":"r","expires":"2026-03-15T10:00:00Z"`))
	failsWith(t, sdk.SecretStale, err)
	require.Len(t, b.Everything(), 2)
}

// One account, or one kind of data, that fails leaves the others.
func TestOneFailureLeavesTheRest(t *testing.T) {
	t.Parallel()
	script := reading(t)
	script["GET /v1/accounts/3dc3d5b3/balances"] = says(429, errorBody("ACCESS_EXCEEDED"))
	script["GET /v1/accounts/a/b?c#d/transactions"] = says(404, errorBody("RESOURCE_UNKNOWN"))
	_, d := open(t, "", script)
	s, err := fetch(t, d, nil)
	require.NoError(t, err)
	require.Len(t, scripted.ItemsOf[sdk.TransactionsItem](s), 2)
	failures := scripted.ItemsOf[sdk.AccountFailureItem](s)
	require.Len(t, failures, 2)
	require.Equal(t, "3dc3d5b3 BALANCES RATE_LIMITED", fmt.Sprint(failures[0].Account, " ", failures[0].Scope, " ", failures[0].Failure.Code))
	require.Equal(t, "a/b?c#d TRANSACTIONS BAD_DATA", fmt.Sprint(failures[1].Account, " ", failures[1].Scope, " ", failures[1].Failure.Code))
	require.Len(t, scripted.ItemsOf[sdk.AccountDoneItem](s), 1)
}

func TestNothingIsSpentThatIsNotAllowed(t *testing.T) {
	t.Parallel()
	b, d := open(t, "", reading(t))
	s, err := fetch(t, d, func(r *sdk.FetchRequest) {
		r.Allowances = []sdk.Allowance{{Scope: sdk.ScopeBalances, Left: 0}, {Account: "3dc3d5b3", Scope: sdk.ScopeBalances, Left: 1}, {Scope: sdk.ScopeTransactions, Left: 0}}
	})
	require.NoError(t, err)
	require.Equal(t, []string{"GET /v1/accounts", "GET /v1/accounts/3dc3d5b3/balances"}, b.Everything())
	require.Len(t, scripted.ItemsOf[sdk.AccountFailureItem](s), 3)
	_, err = fetch(t, d, func(r *sdk.FetchRequest) { r.Allowances = []sdk.Allowance{{Scope: sdk.ScopeAccounts}} })
	failsWith(t, sdk.RateLimited, err)
}

const page = `{"transactions":{"booked":[{"transactionId":"1","transactionAmount":{"currency":"EUR","amount":"-1.00"},"bookingDate":"2026-03-01"}],"_links":{%s}}}`

// Whatever a bank answers, it is a typed failure of that account, or it is understood; it never lasts and never leads away.
func TestHostileTransactions(t *testing.T) {
	t.Parallel()
	next := func(href string) string { return fmt.Sprintf(page, `"next":{"href":"`+href+`"}`) }
	n := 0
	endless := func(heard) (int, string) {
		n++
		return 200, strings.Replace(next(fmt.Sprint("?page=", n)), `"1"`, fmt.Sprintf(`"%d"`, n), 1)
	}
	m := 0
	idle := func(heard) (int, string) {
		m++
		return 200, next(fmt.Sprint("?page=", m))
	}
	long := strings.Repeat("x", 10_000)
	for name, c := range map[string]struct {
		answer answerer
		code   sdk.Code // of the account's failure; empty where it is understood
	}{
		"another type of content":    {says(200, "text/html\x00<html>please log in</html>"), sdk.BadData},
		"broken JSON":                {says(200, `{"transactions": {"booked": [`), sdk.BadData},
		"JSON of another shape":      {says(200, `{"transactions": "none"}`), sdk.BadData},
		"deep JSON":                  {says(200, strings.Repeat(`{"a":`, 100_000)), sdk.BadData},
		"pages that go round":        {says(200, next("{bank}/psd2/v1/accounts/3dc3d5b3/transactions?page=1")), sdk.BadData},
		"pages with nothing new":     {idle, sdk.BadData},
		"a page that is itself":      {says(200, next("")), ""},
		"another host":               {says(200, next("https://evil.example/v1/accounts/3dc3d5b3/transactions")), sdk.BadData},
		"another scheme":             {says(200, next("http://"+"127.0.0.1/v1/accounts/3dc3d5b3/transactions")), sdk.BadData},
		"another account":            {says(200, next("/v1/accounts/other/transactions?page=2")), sdk.BadData},
		"another resource":           {says(200, next("/v1/accounts/3dc3d5b3/balances")), sdk.BadData},
		"the inside of a gateway":    {inTurn(says(200, next("/internal/accounts/3dc3d5b3/transactions?page=2")), says(200, page2(""))), ""},
		"an amount like 1e400":       {says(200, strings.Replace(page2(""), `"-1.00"`, "1e400", 1)), sdk.BadData},
		"no amount":                  {says(200, strings.Replace(page2(""), `"-1.00"`, "null", 1)), sdk.BadData},
		"a row that is a text":       {says(200, `{"transactions":{"booked":["none"]}}`), sdk.BadData},
		"an id of 10 KB":             {says(200, strings.Replace(page2(""), `"1"`, `"`+long+`"`, 1)), ""},
		"a text of 10 KB":            {says(200, strings.Replace(page2(""), `"bookingDate"`, `"remittanceInformationUnstructured":"`+long+`","bookingDate"`, 1)), ""},
		"a day that is none":         {says(200, strings.Replace(page2(""), "2026-03-01", "2026-13-45", 1)), ""},
		"a day in another century":   {says(200, strings.Replace(page2(""), "2026-03-01", "0001-01-01", 1)), ""},
		"an empty answer":            {says(200, ""), ""},
		"no content":                 {says(204, ""), ""},
		"links of no known form":     {says(200, fmt.Sprintf(page, `"next":[1,2],"first":{"x":1}`)), ""},
		"a redirect to another host": {says(307, "Location: https://evil.example/\x00"), sdk.BadData},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			script := reading(t)
			script["GET /v1/accounts"] = says(200, `{"accounts":[{"resourceId":"3dc3d5b3","currency":"EUR"}]}`)
			script["GET /v1/accounts/3dc3d5b3/transactions"] = c.answer
			_, d := open(t, "", script)
			s, err := fetch(t, d, nil)
			require.NoError(t, err)
			failures := scripted.ItemsOf[sdk.AccountFailureItem](s)
			if c.code == "" {
				require.Empty(t, failures)
				require.Len(t, scripted.ItemsOf[sdk.AccountDoneItem](s), 1)
				return
			}
			require.Len(t, failures, 1)
			require.Equal(t, c.code, failures[0].Failure.Code)
			require.Len(t, scripted.ItemsOf[sdk.BalancesItem](s), 1, "what was read is not lost")
		})
	}
	t.Run("endless pages", func(t *testing.T) {
		t.Parallel()
		script := reading(t)
		script["GET /v1/accounts"] = says(200, `{"accounts":[{"resourceId":"3dc3d5b3","currency":"EUR"}]}`)
		script["GET /v1/accounts/3dc3d5b3/transactions"] = endless
		_, d := open(t, "", script)
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		s := &stopping{after: 50, stop: stop}
		err := d.Fetch(ctx, sdk.FetchRequest{Mode: sdk.FetchAll, Secrets: under(""), Window: sdk.Window{To: "2026-03-15"}}, s)
		require.ErrorIs(t, err, context.Canceled, "the caller's patience ends it earlier than the bound")
	})
}

func page2(links string) string { return fmt.Sprintf(page, links) }

// stopping ends the context after so many items.
type stopping struct {
	sink
	after int
	stop  context.CancelFunc
}

func (s *stopping) Send(item sdk.Item) error {
	if len(s.Items) > s.after {
		s.stop()
	}
	return s.sink.Send(item)
}

func TestHostileLists(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("y", 10_000)
	for name, c := range map[string]struct {
		body string
		want int // accounts; below 0 is BAD_DATA
	}{
		"a text for the list":    {`{"accounts": "none"}`, -1},
		"one id twice":           {`{"accounts": [{"resourceId":"1","currency":"EUR"},{"resourceId":"1","currency":"EUR"}]}`, 1},
		"one id, two currencies": {`{"accounts": [{"resourceId":"1","currency":"EUR"},{"resourceId":"1","currency":"USD"}]}`, 2},
		"an id of 10 KB":         {`{"accounts": [{"resourceId":"` + long + `","currency":"EUR"}]}`, 1},
		"an id that is a number": {`{"accounts": [{"resourceId":12,"iban":"DE40100100103307118608","currency":"EUR"}]}`, 1},
		"no id at all":           {`{"accounts": [{"currency":"EUR"}, null]}`, 0},
		"a balance like 1e400":   {`{"accounts": [{"resourceId":"1","currency":"EUR","balances":[{"balanceAmount":{"amount":1e400},"balanceType":"expected"}]}]}`, -1},
		"no currency":            {`{"accounts": [{"resourceId":"1"}]}`, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, d := open(t, "", map[string]answerer{"GET /v1/accounts": says(200, c.body)})
			s, err := fetch(t, d, func(r *sdk.FetchRequest) { r.Mode = sdk.FetchAccounts })
			if c.want < 0 {
				failsWith(t, sdk.BadData, err)
				return
			}
			require.NoError(t, err)
			require.Len(t, scripted.ItemsOf[sdk.AccountItem](s), c.want)
		})
	}
}

func TestHostileConsents(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		answer answerer
		code   sdk.Code
	}{
		"no id":                {says(201, `{"consentStatus":"received","_links":{}}`), sdk.BadData},
		"no links":             {says(201, `{"consentId":"c-1","consentStatus":"received"}`), sdk.NotSupported},
		"a page elsewhere":     {says(201, `{"consentId":"c-1","_links":{"scaRedirect":{"href":"https://evil.example/"}}}`), sdk.BadData},
		"a page with a user":   {says(201, `{"consentId":"c-1","_links":{"scaRedirect":{"href":"https://bank@evil.example/"}}}`), sdk.BadData},
		"a page of javascript": {says(201, `{"consentId":"c-1","_links":{"scaRedirect":{"href":"javascript:alert(1)"}}}`), sdk.BadData},
		"a start that starts":  {says(201, `{"consentId":"c-1","_links":{"startAuthorisation":{"href":"/v1/consents/c-1/authorisations"}}}`), sdk.BadData},
		"a refusal":            {says(401, errorBody("SIGNATURE_MISSING")), sdk.Technical},
		"trouble":              {says(500, ""), sdk.ProviderUnavailable},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			script := redirecting(t)
			script["POST /v1/consents"] = c.answer
			script["POST /v1/consents/c-1/authorisations"] = says(201, `{"authorisationId":"a","_links":{"startAuthorisation":{"href":"/v1/consents/c-1/authorisations"}}}`)
			_, d := open(t, "", script)
			_, err := begin(t, d, nil)
			failsWith(t, c.code, err)
		})
	}
}

// Bundles of another version or plugin are never guessed at.
func TestUnreadableBundles(t *testing.T) {
	t.Parallel()
	b, d := open(t, "", redirecting(t))
	for _, bundle := range []sdk.Bundle{{Version: 2, Data: []byte(`{}`)}, {Version: 1, Data: []byte(`no`)}} {
		_, err := d.Begin(t.Context(), sdk.BeginRequest{PSU: someone, Secrets: bundle})
		failsWith(t, sdk.SecretUnreadable, err)
		_, err = d.Continue(t.Context(), sdk.ContinueRequest{State: bundle})
		failsWith(t, sdk.SecretUnreadable, err)
		_, err = d.Refresh(t.Context(), sdk.RefreshRequest{Secrets: bundle})
		failsWith(t, sdk.SecretUnreadable, err)
		_, err = fetch(t, d, func(r *sdk.FetchRequest) { r.Secrets = bundle })
		failsWith(t, sdk.SecretUnreadable, err)
		failsWith(t, sdk.SecretUnreadable, d.End(t.Context(), sdk.EndRequest{Secrets: bundle, Revoke: true}))
	}
	_, err := d.Continue(t.Context(), sdk.ContinueRequest{State: sdk.Bundle{Version: 1, Data: []byte(`{"stage":"code","to":"https://evil.example/","method":"PUT"}`)}})
	failsWith(t, sdk.SecretUnreadable, err)
	require.Empty(t, b.Everything())
}
