package stet_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/plugins/psd2/scripted"
	"github.com/tributary-dev/tributary/plugins/psd2/stet"
	"github.com/tributary-dev/tributary/plugins/sdk"
)

func fetch(t *testing.T, d *stet.Dialect, change func(*sdk.FetchRequest)) (*sink, error) {
	t.Helper()
	s, req := &sink{}, sdk.FetchRequest{Mode: sdk.FetchAll, Secrets: kept(good, now), Window: sdk.Window{Default: "2026-01-01", To: "2026-03-15"}}
	if change != nil {
		change(&req)
	}
	return s, d.Fetch(t.Context(), req, s)
}

func reading(t *testing.T) map[string]answerer {
	t.Helper()
	return map[string]answerer{
		"GET /v1/accounts":                     inTurn(says(200, testdata(t, "accounts.json")), says(200, testdata(t, "accounts-2.json"))),
		"GET /v1/accounts/Alias1/balances":     says(200, testdata(t, "balances.json")),
		"GET /v1/accounts/Alias3/balances":     says(200, testdata(t, "card-balances.json")),
		"GET /v1/accounts/Alias1/transactions": inTurn(says(200, testdata(t, "transactions.json")), says(200, testdata(t, "transactions-2.json"))),
		"GET /v1/accounts/Alias2/transactions": says(204, ""),
		"GET /v1/accounts/Alias3/transactions": says(200, ""),
	}
}

func rows(s *sink) (told []string) {
	for _, item := range scripted.ItemsOf[sdk.TransactionsItem](s) {
		for _, r := range item.Transactions {
			told = append(told, strings.Join([]string{item.Account, r.BankID, r.Amount, string(r.Status), string(r.BookingDate), string(r.ValueDate), string(r.TransactionDate), r.Label}, "|"))
		}
	}
	return told
}

func TestAccountsBalancesAndTransactions(t *testing.T) {
	t.Parallel()
	b, d := open(t, "full", "", reading(t))
	s, err := fetch(t, d, nil)
	require.NoError(t, err)
	require.Empty(t, scripted.ItemsOf[sdk.AccountFailureItem](s))
	var accounts []string
	for _, a := range scripted.ItemsOf[sdk.AccountItem](s) {
		x := a.Account
		accounts = append(accounts, fmt.Sprint(x.Ref, " ", x.Type, " ", x.IBAN, " ", x.Number, " ", x.Name, " ", x.Holder, " ", x.Parent))
	}
	require.Equal(t, []string{
		"Alias1 CHECKINGS FR7699991004200000010010180  Compte de Mr et Mme Dupont DUPONT Anne ",
		"Alias2 CHECKINGS FR7699991004200000020010277  Compte de tiers  ", // whose power of attorney somebody has
		"Alias3 CREDIT_CARD  ************3241 Carte Visa DUPONT Anne Alias1",
	}, accounts, "a card comes behind the account that pays it")
	var balances []string
	for _, item := range scripted.ItemsOf[sdk.BalancesItem](s) {
		for _, x := range item.Balances {
			balances = append(balances, fmt.Sprint(item.Account, " ", x.Type, " ", x.Amount, " ", x.AsOf.Format("2006-01-02T15:04Z07:00")))
		}
	}
	require.Equal(t, []string{
		"Alias1 BOOKED 123.45 2026-03-12T00:00Z", "Alias1 EXPECTED -3.10 2026-03-15T08:30Z", "Alias1 OTHER 120.00 0001-01-01T00:00Z", "Alias1 OTHER 1000 0001-01-01T00:00Z",
		"Alias2 EXPECTED 7.5 0001-01-01T00:00Z", "Alias3 BOOKED -42.00 2026-03-31T00:00Z",
	}, balances)
	require.Equal(t, []string{
		"Alias1|T1|12.25|BOOKED|2026-03-12|2026-03-13||SEPA CREDIT TRANSFER from PSD2Company",
		"Alias1|AF5T1|-30.00|BOOKED|2026-03-11||2026-03-09|CARTE 09/03 BOULANGERIE PARIS",
		"Alias1||-5.5|PENDING||2026-03-20||Prélèvement à venir",
		"Alias1|T0|1.00|OTHER|2026-02-01|||Intérêts",
	}, rows(s))
	asked := b.HeardOf("GET /v1/accounts/Alias1/transactions")
	require.Equal(t, "2026-01-01T00:00:00Z 2026-03-16T00:00:00Z", asked[0].Query.Get("dateFrom")+" "+asked[0].Query.Get("dateTo"), "the last day is the first that is not wanted")
	require.Equal(t, "2", asked[1].Query.Get("page"))
	require.Equal(t, []string{
		"GET /v1/accounts", "GET /v1/accounts", "GET /v1/accounts/Alias1/balances", "GET /v1/accounts/Alias1/transactions", "GET /v1/accounts/Alias1/transactions",
		"GET /v1/accounts/Alias2/transactions", "GET /v1/accounts/Alias3/balances", "GET /v1/accounts/Alias3/transactions",
	}, b.Everything(), "none more than the standard needs")
	for _, c := range b.Calls {
		require.Empty(t, c.Header.Get("PSU-IP-Address"), "nobody is there")
	}
}

func TestWhoIsThere(t *testing.T) {
	t.Parallel()
	b, d := open(t, "full", "", reading(t))
	_, err := fetch(t, d, func(r *sdk.FetchRequest) { r.PSU = someone })
	require.NoError(t, err)
	for _, c := range b.Calls {
		require.Equal(t, "192.0.2.1 Browser", c.Header.Get("PSU-IP-Address")+" "+c.Header.Get("PSU-User-Agent"), c.What)
	}
}

// What the bank was not told of has no links. With the user there it is told, of all accounts; without, nothing is tried.
func TestMixedConsentLater(t *testing.T) {
	t.Parallel()
	script := reading(t)
	linked := strings.ReplaceAll(testdata(t, "untold.json"), `"cashAccountType": "CACC", "currency": "EUR", "_links": {}`,
		`"cashAccountType": "CACC", "currency": "EUR", "_links": {"balances": {"href": "/stet/psd2/v1/accounts/Alias1/balances"}, "transactions": {"href": "{bank}/stet/psd2/v1/accounts/Alias1/transactions"}}`)
	script["GET /v1/accounts"] = inTurn(says(200, testdata(t, "untold.json")), says(200, linked))
	script["PUT /v1/consents"] = says(201, "")
	b, d := open(t, "mixed", "", script)
	s, err := fetch(t, d, func(r *sdk.FetchRequest) { r.PSU = someone })
	require.NoError(t, err)
	require.Equal(t, []string{"GET /v1/accounts", "PUT /v1/consents", "GET /v1/accounts"}, b.Everything()[:3])
	require.Len(t, scripted.ItemsOf[sdk.AccountDoneItem](s), 2, "both accounts that have links now")
	failures := scripted.ItemsOf[sdk.AccountFailureItem](s)
	require.Len(t, failures, 1)
	require.Equal(t, "Alias3 BLOCKED", failures[0].Account+" "+string(failures[0].Failure.Code), "the bank gave the card no links all the same")

	script["GET /v1/accounts"] = says(200, testdata(t, "untold.json"))
	b, d = open(t, "mixed", "", script)
	s, err = fetch(t, d, nil)
	require.NoError(t, err)
	require.Equal(t, []string{"GET /v1/accounts"}, b.Everything(), "nobody is there who could let us")
	require.Len(t, scripted.ItemsOf[sdk.AccountFailureItem](s), 3)
}

// Each quirk is shown by what such a bank answers or takes, and by the same without it.
func TestQuirks(t *testing.T) {
	t.Parallel()
	with := func(quirk string) (*aspsp, *sink) {
		changes := ""
		if quirk != "" {
			changes = "quirks: [" + quirk + "]\n"
		}
		b, d := open(t, "full", changes, reading(t))
		s, err := fetch(t, d, nil)
		require.NoError(t, err)
		return b, s
	}
	balance := func(s *sink, account string, at int) string {
		for _, item := range scripted.ItemsOf[sdk.BalancesItem](s) {
			if item.Account == account {
				return fmt.Sprint(item.Balances[at].Type, " ", item.Balances[at].Amount)
			}
		}
		return ""
	}
	shown := map[string]func(b *aspsp, s *sink) string{
		"dates-are-days": func(b *aspsp, _ *sink) string {
			return b.HeardOf("GET /v1/accounts/Alias1/transactions")[0].Query.Encode()
		},
		"instant-is-available": func(_ *aspsp, s *sink) string { return balance(s, "Alias1", 1) },
		"owed-is-positive":     func(_ *aspsp, s *sink) string { return balance(s, "Alias3", 0) },
		"lines-in-any-order":   func(_ *aspsp, s *sink) string { return rows(s)[2] },
	}
	want := map[string][2]string{
		"dates-are-days":       {"dateFrom=2026-01-01&dateTo=2026-03-16", "dateFrom=2026-01-01T00%3A00%3A00Z&dateTo=2026-03-16T00%3A00%3A00Z"},
		"instant-is-available": {"AVAILABLE -3.10", "EXPECTED -3.10"},
		"owed-is-positive":     {"BOOKED 42.00", "BOOKED -42.00"},
		"lines-in-any-order":   {"Alias1||-5.5|PENDING||2026-03-20||Prélèvement à venir", "Alias1||-5.5|PENDING||2026-03-20||Prélèvement à venir"},
	}
	require.ElementsMatch(t, stet.Quirks().Names(), slices.Collect(func(yield func(string) bool) {
		for name := range want {
			if !yield(name) {
				return
			}
		}
	}))
	for name, look := range shown {
		b, s := with(name)
		require.Equal(t, want[name][0], look(b, s), name)
		b, s = with("")
		require.Equal(t, want[name][1], look(b, s), "without %s", name)
	}
	for _, order := range []string{`["B line","A line"]`, `["A line","B line"]`} {
		script := reading(t)
		script["GET /v1/accounts/Alias1/transactions"] = says(200, `{"transactions":[{"transactionAmount":{"currency":"EUR","amount":"1"},"creditDebitIndicator":"CRDT","status":"BOOK","bookingDate":"2026-03-01","remittanceInformation":`+order+`}]}`)
		_, d := open(t, "full", "quirks: [lines-in-any-order]\n", script)
		s, err := fetch(t, d, nil)
		require.NoError(t, err)
		require.Contains(t, rows(s)[0], "|A line B line")
	}
}

// History: what the bank shows later than just after the authentication, and all there is where nothing is known.
func TestHistory(t *testing.T) {
	t.Parallel()
	for changes, c := range map[string]struct{ given, from, want string }{
		"":                       {now, "", ""},
		"history: {days: 400}\n": {now, "2020-01-01", "2025-02-08T00:00:00Z"},
		"history: {first_minutes: 60, later_days: 90}\n":            {now, "", ""},
		"history: {first_minutes: 60, later_days: 90} # later\n":    {"2026-03-14T10:00:00Z", "2020-01-01", "2025-12-15T00:00:00Z"},
		"history: {first_minutes: 60, later_days: 90} # recently\n": {"2026-03-14T10:00:00Z", "2026-03-01", "2026-03-01T00:00:00Z"},
	} {
		b, d := open(t, "full", changes, reading(t))
		_, err := fetch(t, d, func(r *sdk.FetchRequest) { r.Window.Default, r.Secrets = sdk.Day(c.from), kept(good, c.given) })
		require.NoError(t, err)
		require.Equal(t, c.want, b.HeardOf("GET /v1/accounts/Alias1/transactions")[0].Query.Get("dateFrom"), changes)
	}
}

// Every no is a typed failure, by its status; the words for an exhausted quota are the catalogue's.
func TestRefusals(t *testing.T) {
	t.Parallel()
	script := reading(t)
	_, d := open(t, "full", "quota: {phrases: [quota journalier]}\n", script)
	for _, c := range []struct {
		status int
		body   string
		code   sdk.Code
	}{
		{401, `{"status":401,"message":"canary"}`, sdk.SecretStale}, {403, `{"status":403,"message":"canary"}`, sdk.Blocked}, {404, "", sdk.BadData}, {405, "", sdk.NotSupported},
		{406, "", sdk.NotSupported}, {408, "", sdk.ProviderUnavailable}, {429, "Retry-After: 60\x00", sdk.RateLimited}, {500, "<html>", sdk.ProviderUnavailable},
		{503, "", sdk.ProviderUnavailable}, {302, "Location: https://evil.example/\x00", sdk.BadData}, {403, `{"status":403,"message":"Le Quota Journalier est atteint"}`, sdk.RateLimited},
		{400, `{"status":400,"message":"Missing request header 'Digest'"}`, sdk.Technical},
	} {
		script["GET /v1/accounts"] = says(c.status, c.body)
		_, err := fetch(t, d, nil)
		failsWith(t, c.code, err)
	}
	_, err := fetch(t, d, func(r *sdk.FetchRequest) { r.Secrets = kept(`"access":"canary-access"`, now) })
	failsWith(t, sdk.Technical, err)
	_, err = fetch(t, d, func(r *sdk.FetchRequest) { r.Secrets = kept(good+`,"expires":"2026-03-15T10:00:00Z"`, now) })
	failsWith(t, sdk.SecretStale, err)
	_, err = fetch(t, d, func(r *sdk.FetchRequest) { r.Secrets = sdk.Bundle{} })
	failsWith(t, sdk.TokenExpired, err)
}

// Whatever a bank answers, it is a typed failure of that account, or it is understood; it never lasts and never leads away.
func TestHostileBank(t *testing.T) {
	t.Parallel()
	row := func(change ...string) string {
		return strings.NewReplacer(change...).Replace(`{"resourceId":"1","transactionAmount":{"currency":"EUR","amount":"1.00"},"creditDebitIndicator":"CRDT","status":"BOOK","bookingDate":"2026-03-01","remittanceInformation":["x"]}`)
	}
	list := func(row, next string) string {
		links := `{"self":{"href":"v1/accounts/Alias1/transactions"}}`
		if next != "" {
			links = `{"next":{"href":"` + next + `"}}`
		}
		return `{"transactions":[` + row + `],"_links":` + links + `}`
	}
	n := 0
	for name, c := range map[string]struct {
		answer answerer
		code   sdk.Code // of the account's failure; empty where it is understood
	}{
		"another type of content":  {says(200, "text/html\x00<html>please log in</html>"), sdk.BadData},
		"broken JSON":              {says(200, `{"transactions": [`), sdk.BadData},
		"pages that go round":      {says(200, list(row(), "v1/accounts/Alias1/transactions?page=1")), sdk.BadData},
		"pages with nothing new":   {func(heard) (int, string) { n++; return 200, list("", fmt.Sprint("?page=", n)) }, sdk.BadData},
		"another host":             {says(200, list(row(), "https://evil.example/stet/psd2/v1/accounts/Alias1/transactions")), sdk.BadData},
		"another account":          {says(200, list(row(), "v1/accounts/Alias2/transactions?page=2")), sdk.BadData},
		"no direction":             {says(200, list(row(`"CRDT"`, "null"), "")), sdk.BadData},
		"another direction":        {says(200, list(row("CRDT", "BOTH"), "")), sdk.BadData},
		"an amount like 1e400":     {says(200, list(row(`"1.00"`, "1e400"), "")), sdk.BadData},
		"no amount":                {says(200, list(row("transactionAmount", "amount"), "")), sdk.BadData},
		"a row that is a text":     {says(200, list(`"none"`, "")), sdk.BadData},
		"no currency":              {says(200, list(row(`"EUR"`, "null"), "")), ""},
		"a credit with a minus":    {says(200, list(row("1.00", "-1.00"), "")), ""},
		"an id of 10 KB":           {says(200, list(row(`"1"`, `"`+strings.Repeat("x", 10_000)+`"`), "")), ""},
		"a day that is none":       {says(200, list(row("2026-03-01", "2026-13-45"), "")), ""},
		"remittance that is none":  {says(200, list(row(`["x"]`, "[[1]]"), "")), ""},
		"an object of other kinds": {says(200, list(row(`["x"]`, `{"unstructured":7}`), "")), ""},
		"the page that ends":       {says(200, list(row(), "")), ""},
		"empty":                    {says(200, ""), ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			script := reading(t)
			script["GET /v1/accounts"] = says(200, `{"accounts":[{"resourceId":"Alias1","currency":"EUR","name":"x","cashAccountType":"CACC","_links":{}}],"_links":{}}`)
			script["GET /v1/accounts/Alias1/transactions"] = c.answer
			_, d := open(t, "full", "", script)
			s, err := fetch(t, d, nil)
			require.NoError(t, err)
			failures := scripted.ItemsOf[sdk.AccountFailureItem](s)
			if c.code == "" {
				require.Empty(t, failures)
				for _, told := range rows(s) {
					require.Contains(t, told, "|1.00|", "the sign is the indicator's")
				}
				return
			}
			require.Len(t, failures, 1)
			require.Equal(t, c.code, failures[0].Failure.Code)
			require.Len(t, scripted.ItemsOf[sdk.BalancesItem](s), 1, "what was read is not lost")
		})
	}
	for name, body := range map[string]string{
		"an account that is a text":  `{"accounts":["none", {"resourceId":"1","currency":"EUR"}]}`,
		"twice the same":             `{"accounts":[{"resourceId":"1","currency":"EUR"},{"resourceId":"1","currency":"EUR"}]}`,
		"no id":                      `{"accounts":[{"currency":"EUR"}]}`,
		"a card of an account":       `{"accounts":[{"resourceId":"1","cashAccountType":"CARD","linkedAccount":"none","currency":"EUR"}]}`,
		"an id of 10 KB":             `{"accounts":[{"resourceId":"` + strings.Repeat("y", 10_000) + `","currency":"EUR"}]}`,
		"a number for the currency":  `{"accounts":[{"resourceId":"1","currency":978}]}`,
		"an identification of a kid": `{"accounts":[{"resourceId":"1","accountId":[1],"currency":"EUR"}]}`,
	} {
		_, d := open(t, "full", "", map[string]answerer{"GET /v1/accounts": says(200, body)})
		s, err := fetch(t, d, func(r *sdk.FetchRequest) { r.Mode = sdk.FetchAccounts })
		require.NoError(t, err, name)
		require.LessOrEqual(t, len(scripted.ItemsOf[sdk.AccountItem](s)), 1, name)
	}
	for _, body := range []string{`{"accounts":"none"}`, `{"accounts":[{"resourceId":"1","currency":"EUR","balances":[{"balanceAmount":{"amount":"much"},"balanceType":"CLBD"}]}]}`} {
		_, d := open(t, "full", "", map[string]answerer{"GET /v1/accounts": says(200, body)})
		_, err := fetch(t, d, nil)
		failsWith(t, sdk.BadData, err)
	}
}
