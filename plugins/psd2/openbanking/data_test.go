package openbanking_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/plugins/psd2/openbanking"
	"github.com/tributary-dev/tributary/plugins/psd2/scripted"
	"github.com/tributary-dev/tributary/plugins/sdk"
)

func fetch(t *testing.T, d *openbanking.Dialect, change func(*sdk.FetchRequest)) (*sink, error) {
	t.Helper()
	s, req := &sink{}, sdk.FetchRequest{Mode: sdk.FetchAll, Secrets: kept(good, now), Window: sdk.Window{Default: "2026-01-01", To: "2026-03-15"}}
	if change != nil {
		change(&req)
	}
	return s, d.Fetch(t.Context(), req, s)
}

// attended is a fetch with the user there, who came a minute ago.
func attended(r *sdk.FetchRequest) {
	r.PSU, r.State = someone, sdk.Bundle{Version: 1, Data: []byte(`{"seen":"2026-03-15T09:59:00Z"}`)}
}

const rowsOf = "GET /accounts/22289/transactions"

func reading(t *testing.T) map[string]answerer {
	t.Helper()
	return map[string]answerer{
		"GET /accounts":                    inTurn(says(200, testdata(t, "accounts.json")), says(200, testdata(t, "accounts-2.json"))),
		"GET /accounts/22289/balances":     says(200, testdata(t, "balances.json")),
		"GET /accounts/31820/balances":     says(200, testdata(t, "card-balances.json")),
		"GET /accounts/44001/balances":     says(200, testdata(t, "balances-4.json")),
		rowsOf:                             inTurn(says(200, testdata(t, "transactions.json")), says(200, testdata(t, "transactions-2.json"))),
		"GET /accounts/31820/transactions": says(200, ""), // Nationwide, where there is nothing
		"GET /accounts/44001/transactions": says(200, `{"Data":{},"Links":{"Self":"{bank}/x"},"Meta":{}}`),
	}
}

func rows(s *sink) (told []string) {
	for _, item := range scripted.ItemsOf[sdk.TransactionsItem](s) {
		for _, r := range item.Transactions {
			told = append(told, strings.Join([]string{r.BankID, r.Amount, string(r.Status), string(r.BookingDate), string(r.ValueDate), r.Label, r.Counterparty, r.MerchantCode, string(r.Type), r.EndToEndID, r.BalanceAfter}, "|"))
		}
	}
	return told
}

func balances(s *sink) (told []string) {
	for _, item := range scripted.ItemsOf[sdk.BalancesItem](s) {
		for _, x := range item.Balances {
			told = append(told, fmt.Sprint(item.Account, " ", x.Type, " ", x.Amount, " ", x.CreditIncluded))
		}
	}
	return told
}

// The words of both versions, in one bank.
func TestAccountsBalancesAndTransactions(t *testing.T) {
	t.Parallel()
	b, d := open(t, "", reading(t))
	s, err := fetch(t, d, nil)
	require.NoError(t, err)
	require.Empty(t, scripted.ItemsOf[sdk.AccountFailureItem](s))
	var accounts []string
	for _, a := range scripted.ItemsOf[sdk.AccountItem](s) {
		x := a.Account
		accounts = append(accounts, strings.Join([]string{x.Ref, string(x.Type), x.IBAN, x.Number, x.Name, x.Holder, x.Currency, string(x.Status)}, "|"))
	}
	require.Equal(t, []string{
		"22289|CHECKINGS||80-20-01 10203345 00021|Bills|Mr Kevin|GBP|OPEN", "31820|CREDIT_CARD||************3241|Card|MR K SMITH|GBP|OPEN",
		"44001|SAVINGS|GB29NWBK60161331926819|60-16-13 31926819|Euro savings|Kevin Ltd|EUR|OPEN", "55002|CHECKINGS|||||XXX|CLOSED",
	}, accounts)
	require.Equal(t, []string{
		"22289 AVAILABLE 1230.00 true", "22289 BOOKED 230.00 false", "22289 OTHER -20.00 false", "22289 EXPECTED -5.50 false", "31820 BOOKED 412.30 false",
		"44001 AVAILABLE 7.00 false", "44001 BOOKED 6.00 false", "44001 EXPECTED 5.00 false", "44001 OTHER 4.00 false",
	}, balances(s))
	require.Equal(t, []string{
		"tx-1|10.00|BOOKED|2026-03-12|2026-03-13|Cash from Aubrey|Aubrey||CREDIT|FP-77|230.00",
		"tx-2|-42.10|BOOKED|2026-03-11||TESCO STORES 3241|Tesco|5411|POINT_OF_SALE||-20.00",
		"00DEBIT7|-3.00|PENDING|2026-03-20||Coffee|||||",
		"|-1.00|BOOKED|2026-02-01||Rent|Landlord||STANDING_ORDER||",
		"|-2.00|REJECTED|2026-02-01|||||DIRECT_DEBIT||",
		"|4.00|OTHER|2026-02-01||Interest|||INTEREST||",
	}, rows(s))
	asked := b.HeardOf(rowsOf)
	require.Equal(t, "2026-01-01T00:00:00Z 2026-03-15T23:59:59Z", asked[0].Query.Get("fromBookingDateTime")+" "+asked[0].Query.Get("toBookingDateTime"))
	require.Equal(t, "2", asked[1].Query.Get("page"))
	seen := map[string]bool{}
	for _, c := range b.Calls {
		id := c.Header.Get("x-fapi-interaction-id")
		require.False(t, seen[id], "each call has a number of its own")
		seen[id] = true
		require.Empty(t, c.Header.Get("x-fapi-customer-ip-address")+c.Header.Get("x-fapi-auth-date")+c.Header.Get("x-customer-user-agent"), "nobody is there")
	}
	require.Equal(t, []string{
		"GET /accounts", "GET /accounts", "GET /accounts/22289/balances", rowsOf, rowsOf, "GET /accounts/31820/balances", "GET /accounts/31820/transactions",
		"GET /accounts/44001/balances", "GET /accounts/44001/transactions",
	}, b.Everything(), "none more than the standard needs")
}

func TestWhoIsThere(t *testing.T) {
	t.Parallel()
	b, d := open(t, "", reading(t))
	_, err := fetch(t, d, attended)
	require.NoError(t, err)
	for _, c := range b.Calls {
		require.Equal(t, "192.0.2.1 Browser Sun, 15 Mar 2026 09:59:00 GMT", c.Header.Get("x-fapi-customer-ip-address")+" "+c.Header.Get("x-customer-user-agent")+" "+c.Header.Get("x-fapi-auth-date"), c.What)
	}
}

// Whose an account is, is asked of those that do not say so, with the user there; a bank that has closed that says no more.
func TestHolders(t *testing.T) {
	t.Parallel()
	secrets := sdk.Bundle{Version: 1, Data: []byte(`{"consent":"urn:bank:aac-1","permissions":["ReadParty"],"tokens":{` + good + `}}`)}
	script := map[string]answerer{
		"GET /accounts":         says(200, `{"Data":{"Account":[{"AccountId":"1","Currency":"GBP"},{"AccountId":"2","Currency":"GBP","Account":[{"SchemeName":"UK.OBIE.BBAN","Identification":"7","Name":"Told"}]}]}}`),
		"GET /accounts/1/party": inTurn(says(200, `{"Data":{"Party":{"PartyId":"p","Name":"A. Jones","FullLegalName":"Ada Jones"}}}`), says(403, `{"Errors":[{"ErrorCode":"UK.OBIE.Reauthenticate"}]}`)),
	}
	b, d := open(t, "consent: {model: permissions, owner_names: true}\n", script)
	list := func(psu *sdk.PSU) (told string) {
		s, err := fetch(t, d, func(r *sdk.FetchRequest) {
			attended(r)
			r.PSU, r.Secrets, r.Mode = psu, secrets, sdk.FetchAccounts
		})
		require.NoError(t, err)
		for _, a := range scripted.ItemsOf[sdk.AccountItem](s) {
			told += a.Account.Holder + "|"
		}
		return told
	}
	require.Equal(t, "Ada Jones|Told|", list(someone))
	require.Equal(t, "|Told|", list(someone), "closed")
	require.Equal(t, "|Told|", list(nil))
	require.Len(t, b.HeardOf("GET /accounts/1/party"), 2)
	b.Script["GET /accounts/1/party"] = says(503, "")
	require.Equal(t, "|Told|", list(someone))
	b.Script["GET /accounts/1/party"] = says(401, "")
	_, err := fetch(t, d, func(r *sdk.FetchRequest) { attended(r); r.Secrets = secrets })
	failsWith(t, sdk.SecretStale, err)
}

// What lies before 90 days is shown in the first minutes only: refused later, the rest is read, and said to be all.
func TestHistoryThatCloses(t *testing.T) {
	t.Parallel()
	for name, no := range map[string]string{"with a body": `{"Code":"403","Message":"canary","Errors":[{"ErrorCode":"UK.OBIE.Reauthenticate","Message":"canary"}]}`, "in the words of 4.0": `{"Errors":[{"ErrorCode":"U028"}]}`, "without": ""} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			script := reading(t)
			script["GET /accounts"] = says(200, `{"Data":{"Account":[{"AccountId":"22289","Currency":"GBP"}]}}`)
			script[rowsOf] = func(r heard) (int, string) {
				if r.Query.Get("fromBookingDateTime") < "2025-12-15" {
					return 403, no
				}
				return 200, testdata(t, "transactions-2.json")
			}
			b, d := open(t, "", script)
			s, err := fetch(t, d, func(r *sdk.FetchRequest) { r.Window.Default = "" })
			require.NoError(t, err)
			require.Len(t, rows(s), 3)
			require.Equal(t, sdk.Day("2025-12-16"), scripted.ItemsOf[sdk.AccountDoneItem](s)[0].From)
			require.Len(t, b.HeardOf(rowsOf), 2)
			s, err = fetch(t, d, func(r *sdk.FetchRequest) { r.Window = sdk.Window{To: "2025-12-01"} })
			require.NoError(t, err)
			require.Empty(t, rows(s))
			require.Equal(t, sdk.Day("2025-12-16"), scripted.ItemsOf[sdk.AccountDoneItem](s)[0].From, "nothing older is there to be read")
			require.Len(t, b.HeardOf(rowsOf), 3)
		})
	}
	for changes, c := range map[string]struct{ given, from, want string }{
		"": {now, "", ""}, "history: {days: 400}\n": {now, "2020-01-01", "2025-02-08T00:00:00Z"},
		"history: {first_minutes: 60, later_days: 89}\n": {now, "", ""}, "history: {first_minutes: 60, later_days: 89} # later\n": {"2026-03-14T10:00:00Z", "2020-01-01", "2025-12-16T00:00:00Z"},
	} {
		b, d := open(t, changes, reading(t))
		_, err := fetch(t, d, func(r *sdk.FetchRequest) { r.Window.Default, r.Secrets = sdk.Day(c.from), kept(good, c.given) })
		require.NoError(t, err)
		require.Equal(t, c.want, b.HeardOf(rowsOf)[0].Query.Get("fromBookingDateTime"), changes)
	}
}

// Every no is a typed failure, by its code where it has one, and the bank finds the call by its number.
func TestRefusals(t *testing.T) {
	t.Parallel()
	script := reading(t)
	b, d := open(t, "quota: {phrases: [daily limit]}\n", script)
	code := func(word string) string {
		return `{"Code":"x","Id":"canary","Message":"canary","Errors":[{"ErrorCode":"` + word + `","Message":"canary","Path":"canary","Url":"https://canary.example"}]}`
	}
	for _, c := range []struct {
		status int
		body   string
		code   sdk.Code
	}{
		{400, code("UK.OBIE.Field.Invalid"), sdk.Technical}, {400, code("U002"), sdk.Technical}, {400, code("UK.OBIE.Resource.NotFound"), sdk.BadData}, {400, code("U011"), sdk.BadData},
		{400, code("UK.OBIE.Resource.InvalidConsentStatus"), sdk.TokenExpired}, {403, code("U009"), sdk.TokenExpired}, {403, code("UK.OB.Resource.InvalidConsentStatus"), sdk.TokenExpired},
		{403, code("UK.OBIE.Reauthenticate"), sdk.TokenExpired}, {403, code("U028"), sdk.TokenExpired}, {403, code("UK.OBIE.Resource.ConsentMismatch"), sdk.Blocked}, {403, code("UK.BANK.Own"), sdk.Blocked},
		{401, code("UK.OBIE.Header.Invalid"), sdk.SecretStale}, {401, "", sdk.SecretStale}, {403, "", sdk.Blocked}, {403, "<html>canary", sdk.Blocked}, {404, "", sdk.BadData}, {405, "", sdk.NotSupported},
		{406, "", sdk.NotSupported}, {429, "Retry-After: 60\x00", sdk.RateLimited}, {500, code("UK.OBIE.UnexpectedError"), sdk.ProviderUnavailable}, {503, code("UK.OBIE.Reauthenticate"), sdk.ProviderUnavailable},
		{500, `{"Errors":"none"}`, sdk.ProviderUnavailable}, {302, "Location: https://evil.example/\x00", sdk.BadData}, {403, `{"Message":"Daily Limit reached"}`, sdk.RateLimited},
	} {
		script["GET /accounts"] = says(c.status, c.body)
		b.Script["GET /accounts"] = script["GET /accounts"]
		_, err := fetch(t, d, nil)
		failure := failsWith(t, c.code, err)
		var called sdk.Referenced
		require.ErrorAs(t, failure, &called)
		require.Equal(t, b.Calls[len(b.Calls)-1].Header.Get("x-fapi-interaction-id"), called.Reference())
	}
	b.Script["GET /accounts"] = says(500, "x-fapi-interaction-id: 93bac548-d2de-4546-b106-880a5018460d\x00")
	_, err := fetch(t, d, nil)
	var called sdk.Referenced
	require.ErrorAs(t, failsWith(t, sdk.ProviderUnavailable, err), &called)
	require.Equal(t, "93bac548-d2de-4546-b106-880a5018460d", called.Reference(), "the bank's own number, where it has one")
	b.Script["GET /accounts"] = says(401, "")
	_, err = fetch(t, d, func(r *sdk.FetchRequest) { r.Secrets = kept(`"access":"canary-access"`, now) })
	failsWith(t, sdk.TokenExpired, err)
	b.Forget()
	_, err = fetch(t, d, func(r *sdk.FetchRequest) { r.Secrets = kept(good+`,"expires":"2026-03-15T10:00:00Z"`, now) })
	failsWith(t, sdk.SecretStale, err)
	_, err = fetch(t, d, func(r *sdk.FetchRequest) { r.Secrets = sdk.Bundle{} })
	failsWith(t, sdk.TokenExpired, err)
	require.Empty(t, b.Everything(), "what is known to be over is not tried")
}

// Of several accounts one may be closed to us: the others are read.
func TestOneAccountThatIsClosed(t *testing.T) {
	t.Parallel()
	script := reading(t)
	script["GET /accounts/31820/balances"] = says(403, "")
	_, d := open(t, "", script)
	s, err := fetch(t, d, nil)
	require.NoError(t, err)
	failures := scripted.ItemsOf[sdk.AccountFailureItem](s)
	require.Len(t, failures, 1)
	require.Equal(t, "31820 BLOCKED", failures[0].Account+" "+string(failures[0].Failure.Code))
	require.Len(t, scripted.ItemsOf[sdk.AccountDoneItem](s), 2)
}
