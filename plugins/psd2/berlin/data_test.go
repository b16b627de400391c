package berlin_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/plugins/psd2/berlin"
	"github.com/tributary-dev/tributary/plugins/psd2/scripted"
	"github.com/tributary-dev/tributary/plugins/sdk"
)

// under gives what a consent leaves behind.
func under(extra string) sdk.Bundle {
	return sdk.Bundle{Version: 1, Data: []byte(`{"consent":"c-1","given":"2026-03-15T09:55:00Z"` + extra + `}`)}
}

func fetch(t *testing.T, d *berlin.Dialect, change func(*sdk.FetchRequest)) (*sink, error) {
	t.Helper()
	req := sdk.FetchRequest{Mode: sdk.FetchAll, Secrets: under(""), Window: sdk.Window{Default: "2026-01-01", To: "2026-03-15"}}
	if change != nil {
		change(&req)
	}
	s := &sink{}
	return s, d.Fetch(t.Context(), req, s)
}

func reading(t *testing.T) map[string]answerer {
	t.Helper()
	empty := says(200, `{"transactions":{"booked":[],"_links":{"account":{"href":"x"}}}}`)
	balances := says(200, `{"balances":[{"balanceType":"interimBooked","balanceAmount":{"currency":"EUR","amount":"500.00"}}]}`)
	return map[string]answerer{
		"GET /v1/accounts":                          says(200, testdata(t, "accounts.json")),
		"GET /v1/card-accounts":                     says(200, testdata(t, "card-accounts.json")),
		"GET /v1/accounts/3dc3d5b3/balances":        balances,
		"GET /v1/accounts/3dc3d5b3/transactions":    inTurn(says(200, testdata(t, "transactions.json")), says(200, testdata(t, "transactions-2.json"))),
		"GET /v1/accounts/a/b?c#d/balances":         balances,
		"GET /v1/accounts/a/b?c#d/transactions":     empty,
		"GET /v1/accounts/blocked-1/balances":       says(200, `{"balances":[]}`),
		"GET /v1/accounts/blocked-1/transactions":   says(204, ""),
		"GET /v1/card-accounts/card-1/transactions": says(200, testdata(t, "card-transactions.json")),
	}
}

func TestAccountsBalancesAndTransactions(t *testing.T) {
	t.Parallel()
	b, d := open(t, "accounts: {types: [CHECKINGS, SAVINGS, LOAN, CREDIT_CARD], cards: true}\n", reading(t))
	s, err := fetch(t, d, nil)
	require.NoError(t, err)
	var told []string
	for _, a := range scripted.ItemsOf[sdk.AccountItem](s) {
		x := a.Account
		told = append(told, fmt.Sprint(x.BankID, " ", x.Type, " ", x.IBAN, " ", x.Number, " ", x.Currency, " ", x.Name, " ", x.Status, " ", x.CreditLimit, " ", x.StableID))
	}
	require.Equal(t, []string{
		"3dc3d5b3 CHECKINGS DE40100100103307118608  EUR Mein Konto OPEN  false", "a/b?c#d SAVINGS DE89370400440532013000  EUR Tagesgeld OPEN  false",
		"closed-1 CHECKINGS  12345 EUR  CLOSED  false", "blocked-1 LOAN   USD  SUSPENDED  false", "card-1 CREDIT_CARD  525412******3241 EUR Main OPEN 15000 false",
	}, told)
	rows := map[string][]string{}
	for _, item := range scripted.ItemsOf[sdk.TransactionsItem](s) {
		for _, r := range item.Transactions {
			rows[item.Account] = append(rows[item.Account], fmt.Sprint(r.BankID, "|", r.Amount, "|", r.Status, "|", r.BookingDate, "|", r.ValueDate, "|", r.TransactionDate, "|", r.Label, "|",
				r.Counterparty, "|", r.Type, "|", r.EndToEndID, "|", r.BalanceAfter, "|", r.MerchantCode))
		}
	}
	require.Equal(t, map[string][]string{"3dc3d5b3": {
		"1234567|-256.67|BOOKED|2026-03-10|2026-03-11||Example 1|John Miles|PAYMENT|E2E-1|512.10|",
		"e-2|343.01|BOOKED|2026-03-09|||Salary March|Paul Simpson|CREDIT|||",
		"|-5.00|BOOKED||||Fee||||||", // two equal rows without id are two
		"p-1|-100.03|PENDING||2026-03-16||RF18|Claude Renault||||",
		"|-5.00|BOOKED||||Fee||||||",
		"c-1|-9.90|BOOKED|2026-03-01|||CARD 1234 SHOP|Shop|POINT_OF_SALE|||",
	}, "card-1": {"201710020036959|-256.67|BOOKED|2026-03-10||2026-03-08|WIFIMARKET.SE||POINT_OF_SALE|||5732"}}, trim(rows))

	require.Empty(t, scripted.ItemsOf[sdk.AccountFailureItem](s))
	done := scripted.ItemsOf[sdk.AccountDoneItem](s)
	require.Len(t, done, 4, "a closed account costs no call")
	require.Equal(t, sdk.AccountDoneItem{Account: "3dc3d5b3", From: "2026-01-01", To: "2026-03-15"}, done[0])
	calls := b.Everything()
	require.Len(t, calls, 10, "none more than the standard needs: %s", calls)
	require.NotContains(t, strings.Join(calls, " "), "card-1/balances", "the list told them")
	asked := b.HeardOf("GET /v1/accounts/3dc3d5b3/transactions")
	require.Equal(t, "both 2026-01-01 2026-03-15", asked[0].Query.Get("bookingStatus")+" "+asked[0].Query.Get("dateFrom")+" "+asked[0].Query.Get("dateTo"))
	require.Equal(t, "2", asked[1].Query.Get("page"))
	require.Equal(t, "c-1", asked[1].Header.Get("Consent-ID"))
	usage := 0
	for _, u := range scripted.ItemsOf[sdk.UsageItem](s) {
		usage += u.Count
	}
	require.Equal(t, 8, usage, "pages are one access")
}

// trim leaves out what a row does not have.
func trim(rows map[string][]string) map[string][]string {
	for account := range rows {
		for i, row := range rows[account] {
			if strings.HasPrefix(row, "|-5.00") {
				rows[account][i] = "|-5.00|BOOKED||||Fee||||||"
			}
		}
	}
	return rows
}

// The bank is told that the user is there when the user is there, and never otherwise.
func TestPSUHeaders(t *testing.T) {
	t.Parallel()
	for _, psu := range []*sdk.PSU{nil, someone} {
		b, d := open(t, "accounts: {cards: true}\n", reading(t))
		_, err := fetch(t, d, func(r *sdk.FetchRequest) { r.PSU = psu })
		require.NoError(t, err)
		require.NotEmpty(t, b.Everything())
		for _, c := range b.Calls {
			attended := slices.ContainsFunc([]string{"Psu-Ip-Address", "Psu-User-Agent"}, func(name string) bool { return c.Header.Get(name) != "" })
			require.Equal(t, psu != nil, attended, c.What)
		}
	}
}

// Banks that write other things than the standard wants are understood without being named for it.
func TestRecordedBanks(t *testing.T) {
	t.Parallel()
	read := func(t *testing.T, accounts, balances, transactions string) (*sink, error) {
		t.Helper()
		script := map[string]answerer{"GET /v1/accounts": says(200, testdata(t, accounts))}
		for _, id := range []string{"space-1", "main", "db-1", "amex"} {
			script["GET /v1/accounts/"+id+"/balances"], script["GET /v1/accounts/"+id+"/transactions"] = says(200, testdata(t, balances)), says(200, testdata(t, transactions))
		}
		_, d := open(t, "", script)
		return fetch(t, d, nil)
	}
	first := func(t *testing.T, s *sink) []sdk.Transaction {
		t.Helper()
		require.Empty(t, scripted.ItemsOf[sdk.AccountFailureItem](s))
		return scripted.ItemsOf[sdk.TransactionsItem](s)[0].Transactions
	}
	s, err := read(t, "bank-n26.json", "bank-unicredit.json", "bank-commerzbank.json")
	require.NoError(t, err)
	accounts := scripted.ItemsOf[sdk.AccountItem](s)
	require.Empty(t, accounts[0].Account.IBAN, "an account without IBAN")
	row := first(t, s)[0]
	require.Equal(t, "-12.3 Keywords cut at 140 charac ters and what follows", row.Amount+" "+row.Label)
	balances := scripted.ItemsOf[sdk.BalancesItem](s)[0].Balances
	require.Equal(t, sdk.Balance{Type: sdk.BalanceOther, Amount: "500.00", Currency: "EUR"}, balances[0], "an unknown type")
	require.Equal(t, sdk.Balance{Type: sdk.BalanceAvailable, Amount: "7", Currency: "EUR", AsOf: time.Date(2026, 3, 15, 9, 0, 0, 0, time.UTC), CreditIncluded: true}, balances[1])
	require.Equal(t, sdk.BalanceOther, balances[2].Type, "that of last evening")
	require.Equal(t, sdk.BalanceBooked, balances[3].Type)

	s, err = read(t, "bank-deutsche.json", "bank-unicredit.json", "bank-ing.json")
	require.NoError(t, err)
	told := scripted.ItemsOf[sdk.BalancesItem](s)[0].Balances
	require.Len(t, told, 1, "the dollars are not of the account in euros")
	require.Equal(t, "10.00", told[0].Amount)
	rows := first(t, s)
	require.Len(t, rows, 2)
	require.Equal(t, "||RF-1", rows[0].BankID+"|"+rows[0].EndToEndID+"|"+rows[0].Label)
	require.Equal(t, "2026-03-09|A B", string(rows[1].BookingDate)+"|"+rows[1].Label)

	s, err = read(t, "bank-amex.json", "bank-unicredit.json", "bank-ing.json")
	require.NoError(t, err)
	amex := scripted.ItemsOf[sdk.AccountItem](s)[0].Account
	require.Equal(t, " ************1234", amex.IBAN+" "+amex.Number, "a card's number in the place of an IBAN")
}

// Each named deviation, with an answer of such a bank.
func TestQuirks(t *testing.T) {
	t.Parallel()
	read := func(t *testing.T, quirk string) (booked, pending sdk.Transaction, b *aspsp) {
		t.Helper()
		script := reading(t)
		script["GET /v1/accounts"] = says(200, `{"accounts":[{"resourceId":"3dc3d5b3","currency":"EUR"}]}`)
		script["GET /v1/accounts/3dc3d5b3/transactions"] = says(200, testdata(t, "quirk-dates.json"))
		b, d := open(t, "quirks: ["+quirk+"]\n", script)
		s, err := fetch(t, d, nil)
		require.NoError(t, err)
		rows := append(scripted.ItemsOf[sdk.TransactionsItem](s)[0].Transactions, sdk.Transaction{})
		return rows[0], rows[1], b
	}
	checks := map[string]func(t *testing.T, booked, pending sdk.Transaction, b *aspsp){
		"ignore-pending":         func(t *testing.T, _, pending sdk.Transaction, _ *aspsp) { require.Empty(t, pending.Amount) },
		"ignore-transaction-ids": func(t *testing.T, booked, _ sdk.Transaction, _ *aspsp) { require.Empty(t, booked.BankID) },
		"inverted-sign": func(t *testing.T, booked, pending sdk.Transaction, _ *aspsp) {
			require.Equal(t, "3.00 -4.00", booked.Amount+" "+pending.Amount)
		},
		"pending-are-debits": func(t *testing.T, booked, pending sdk.Transaction, _ *aspsp) {
			require.Equal(t, "-3.00 -4.00", booked.Amount+" "+pending.Amount)
		},
		"pending-date-is-latest": func(t *testing.T, booked, pending sdk.Transaction, _ *aspsp) {
			require.Equal(t, "2026-03-08 ", string(booked.BookingDate)+" "+string(pending.BookingDate))
		},
		"swapped-dates": func(t *testing.T, booked, _ sdk.Transaction, _ *aspsp) {
			require.Equal(t, "2026-03-10 2026-03-08", string(booked.BookingDate)+" "+string(booked.ValueDate))
		},
		"value-date-is-purchase": func(t *testing.T, booked, _ sdk.Transaction, _ *aspsp) {
			require.Equal(t, sdk.Day("2026-03-10"), booked.TransactionDate)
		},
		"uppercase-booking-status": func(t *testing.T, _, _ sdk.Transaction, b *aspsp) {
			require.Equal(t, "BOTH", b.HeardOf("GET /v1/accounts/3dc3d5b3/transactions")[0].Query.Get("bookingStatus"))
		},
	}
	elsewhere := []string{"until-latest", "name-at-login-only", "uppercase-response-type", "first-call-registers", "owed-is-positive", "available-is-credit"}
	for _, quirk := range berlin.Quirks().Names() {
		check := checks[quirk]
		if check == nil {
			require.Contains(t, elsewhere, quirk, "a quirk without test")
			continue
		}
		t.Run(quirk, func(t *testing.T) {
			t.Parallel()
			booked, pending, b := read(t, quirk)
			check(t, booked, pending, b)
		})
	}
}

func TestQuirksOfBalances(t *testing.T) {
	t.Parallel()
	script := reading(t)
	script["GET /v1/accounts/3dc3d5b3/balances"] = says(200, testdata(t, "bank-unicredit.json"))
	_, d := open(t, "accounts: {cards: true}\nquirks: [owed-is-positive, available-is-credit]\n", script)
	s, err := fetch(t, d, nil)
	require.NoError(t, err)
	balances := map[string][]sdk.Balance{}
	for _, item := range scripted.ItemsOf[sdk.BalancesItem](s) {
		balances[item.Account] = item.Balances
	}
	require.Equal(t, "14355.78", balances["card-1"][0].Amount)
	require.Equal(t, sdk.BalanceOther, balances["3dc3d5b3"][1].Type)
	require.True(t, balances["3dc3d5b3"][1].CreditIncluded)
}

func TestFirstCallRegisters(t *testing.T) {
	t.Parallel()
	script := reading(t)
	script["GET /v1/accounts"] = inTurn(says(401, ""), says(200, `{"accounts":[]}`))
	_, d := open(t, "quirks: [first-call-registers]\n", script)
	_, err := fetch(t, d, nil)
	require.NoError(t, err)
	script["GET /v1/accounts"] = says(401, "")
	_, err = fetch(t, d, nil)
	failsWith(t, sdk.TokenExpired, err)
}

// What the bank no longer shows is not asked for: the whole history only in the first minutes.
func TestHistory(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{"2026-03-15T09:55:00Z": "2024-03-15", "2026-03-15T09:40:00Z": "2025-12-15"} {
		b, d := open(t, "history: {days: 730, first_minutes: 15, later_days: 90}\n", reading(t))
		s, err := fetch(t, d, func(r *sdk.FetchRequest) {
			r.Window = sdk.Window{To: "2026-03-15"}
			r.Secrets = sdk.Bundle{Version: 1, Data: []byte(`{"consent":"c-1","given":"` + given + `"}`)}
		})
		require.NoError(t, err)
		require.Equal(t, want, b.HeardOf("GET /v1/accounts/3dc3d5b3/transactions")[0].Query.Get("dateFrom"))
		require.Equal(t, sdk.Day(want), scripted.ItemsOf[sdk.AccountDoneItem](s)[0].From, "what is covered is told")
	}
	script := reading(t)
	script["GET /v1/accounts/3dc3d5b3/transactions"] = inTurn(says(400, `{"tppMessages":[{"code":"PERIOD_INVALID"}]}`), says(200, `{"transactions":{"booked":[]}}`))
	b, d := open(t, "", script)
	s, err := fetch(t, d, func(r *sdk.FetchRequest) { r.Window.Default = "2024-01-01" })
	require.NoError(t, err)
	require.Equal(t, "2025-12-16", b.HeardOf("GET /v1/accounts/3dc3d5b3/transactions")[1].Query.Get("dateFrom"))
	require.Equal(t, sdk.Day("2025-12-16"), scripted.ItemsOf[sdk.AccountDoneItem](s)[0].From)
}

func TestListsOnly(t *testing.T) {
	t.Parallel()
	b, d := open(t, "consent: {model: available-accounts}\n", reading(t))
	_, err := fetch(t, d, nil)
	require.NoError(t, err)
	require.Equal(t, []string{"GET /v1/accounts"}, b.Everything())
	b, d = open(t, "accounts: {with_balance: true}\n", reading(t))
	_, err = fetch(t, d, func(r *sdk.FetchRequest) { r.Skip = []string{"3dc3d5b3", "a/b?c#d", "blocked-1"} })
	require.NoError(t, err)
	require.Equal(t, []string{"GET /v1/accounts"}, b.Everything())
	require.Equal(t, "true", b.Calls[0].Query.Get("withBalance"))
}

// Banks that send no JSON, and reports that stand behind a link.
func TestReportsInOtherForms(t *testing.T) {
	t.Parallel()
	camt, err := os.ReadFile("../../statement/testdata/camt052.xml")
	require.NoError(t, err)
	mt940, err := os.ReadFile("../../statement/testdata/mt940.txt")
	require.NoError(t, err)
	for form, c := range map[string]struct {
		accept string
		answer answerer
		rows   int
	}{
		"camt":  {"application/xml", says(200, "application/xml; charset=utf-8\x00"+string(camt)), 3},
		"mt940": {"text/plain", says(200, "text/plain\x00"+strings.Replace(string(mt940), "Salary", "Gehalt \xfc", 1)), 3},
		"json":  {"application/json", inTurn(says(200, `{"_links":{"download":{"href":"/v1/accounts/3dc3d5b3/transactions/download/1"}}}`)), 2},
	} {
		script := reading(t)
		script["GET /v1/accounts"] = says(200, `{"accounts":[{"resourceId":"3dc3d5b3","currency":"EUR"}]}`)
		script["GET /v1/accounts/3dc3d5b3/transactions"] = c.answer
		script["GET /v1/accounts/3dc3d5b3/transactions/download/1"] = says(200, testdata(t, "quirk-dates.json"))
		b, d := open(t, "accounts: {reports: "+form+"}\n", script)
		s, err := fetch(t, d, nil)
		require.NoError(t, err)
		require.Empty(t, scripted.ItemsOf[sdk.AccountFailureItem](s), form)
		rows := scripted.ItemsOf[sdk.TransactionsItem](s)
		require.Len(t, rows[0].Transactions, c.rows, form)
		require.Equal(t, c.accept, b.HeardOf("GET /v1/accounts/3dc3d5b3/transactions")[0].Header.Get("Accept"))
		if form == "mt940" {
			require.Contains(t, rows[0].Transactions[1].Label, "Gehalt ü")
		}
		script["GET /v1/accounts/3dc3d5b3/transactions"] = says(200, "application/xml\x00<html>")
		s, err = fetch(t, d, nil)
		require.NoError(t, err)
		require.Equal(t, sdk.BadData, scripted.ItemsOf[sdk.AccountFailureItem](s)[0].Failure.Code)
	}
}

// BenchmarkRows is what it costs to read and convert an account of 100,000 rows, on one line without a network to speak of.
func BenchmarkRows(b *testing.B) {
	const row = `{"transactionId":"%d","creditorName":"Shop","transactionAmount":{"currency":"EUR","amount":"-9.90"},"bookingDate":"2026-03-01","valueDate":"2026-03-02","bankTransactionCode":"PMNT-CCRD-POSD","remittanceInformationUnstructured":"CARD 1234 SHOP"}`
	var page strings.Builder
	for i := range 10_000 {
		if i > 0 {
			page.WriteByte(',')
		}
		fmt.Fprintf(&page, row, i)
	}
	n := 0
	script := map[string]answerer{
		"GET /v1/accounts":            says(200, `{"accounts":[{"resourceId":"1","currency":"EUR"}]}`),
		"GET /v1/accounts/1/balances": says(200, `{"balances":[]}`),
		"GET /v1/accounts/1/transactions": func(heard) (int, string) {
			n++
			next := fmt.Sprint(`"next":{"href":"?page=`, n, `"}`)
			if n%10 == 0 {
				next = ""
			}
			return 200, `{"transactions":{"booked":[` + page.String() + `],"_links":{` + next + `}}}`
		},
	}
	_, d := open(b, "", script)
	for b.Loop() {
		s := &sink{}
		if err := d.Fetch(b.Context(), sdk.FetchRequest{Mode: sdk.FetchAll, Secrets: under(""), Window: sdk.Window{To: "2026-03-15"}}, s); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)*100_000/b.Elapsed().Seconds(), "rows/s")
}
