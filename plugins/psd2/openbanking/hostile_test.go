package openbanking_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/plugins/psd2/scripted"
	"github.com/tributary-dev/tributary/plugins/sdk"
)

const (
	page  = "{bank}/open-banking/v3.1/aisp/accounts/22289/transactions"
	oneOf = `{"Data":{"Account":[{"AccountId":"22289","Currency":"GBP","AccountSubType":"CurrentAccount"}]}}`
)

func row(change ...string) string {
	return strings.NewReplacer(change...).Replace(`{"TransactionId":"1","Amount":{"Currency":"GBP","Amount":"1.00"},"CreditDebitIndicator":"Credit","Status":"Booked","BookingDateTime":"2026-03-01T00:00:00Z","TransactionInformation":"x"}`)
}

func list(row, next string) string {
	if next != "" {
		next = `,"Next":"` + next + `"`
	}
	return `{"Data":{"Transaction":[` + row + `]},"Links":{"Self":"{bank}/x"` + next + `},"Meta":{}}`
}

// A link that begins with null, where its host should be, is of the same list. Seen: HSBC.
func TestNextWithNull(t *testing.T) {
	t.Parallel()
	script := reading(t)
	script["GET /accounts"] = says(200, oneOf)
	script[rowsOf] = inTurn(says(200, list(row(), "null/open-banking/v3.1/aisp/accounts/22289/transactions?page=2")), says(200, list(row(`"1"`, `"2"`), "")))
	b, d := open(t, "", script)
	s, err := fetch(t, d, nil)
	require.NoError(t, err)
	require.Len(t, rows(s), 2)
	require.Equal(t, "2", b.HeardOf(rowsOf)[1].Query.Get("page"))
}

// Whatever a bank answers, it is a typed failure of that account, or it is understood; it never lasts and never leads away.
func TestHostileBank(t *testing.T) {
	t.Parallel()
	n := 0
	for name, c := range map[string]struct {
		answer answerer
		code   sdk.Code // of the account's failure; empty where it is understood
	}{
		"another type of content": {says(200, "Content-Type: text/html\x00<html>please log in</html>"), sdk.BadData},
		"broken JSON":             {says(200, `{"Data": {"Transaction": [`), sdk.BadData},
		"a list for an object":    {says(200, `[]`), sdk.BadData},
		"pages that go round":     {says(200, list(row(), page+"?page=1")), sdk.BadData},
		"a next that is itself":   {says(200, list(row(), page+"?fromBookingDateTime=2026-01-01T00%3A00%3A00Z&toBookingDateTime=2026-03-15T23%3A59%3A59Z")), sdk.BadData},
		"pages with nothing new":  {func(heard) (int, string) { n++; return 200, list("", page+fmt.Sprint("?page=", n)) }, sdk.BadData},
		"another host":            {says(200, list(row(), "https://evil.example/open-banking/v3.1/aisp/accounts/22289/transactions?page=2")), sdk.BadData},
		"without TLS":             {says(200, list(row(), "http://127.0.0.1/open-banking/v3.1/aisp/accounts/22289/transactions?page=2")), sdk.BadData},
		"another account":         {says(200, list(row(), "{bank}/open-banking/v3.1/aisp/accounts/31820/transactions?page=2")), sdk.BadData},
		"no address":              {says(200, list(row(), "null/:%%")), sdk.BadData},
		"no direction":            {says(200, list(row(`"Credit"`, "null"), "")), sdk.BadData},
		"another direction":       {says(200, list(row("Credit\"", "Both\""), "")), sdk.BadData},
		"an amount like 1e400":    {says(200, list(row(`"1.00"`, "1e400"), "")), sdk.BadData},
		"no amount":               {says(200, list(row(`"Amount":{`, `"Sum":{`), "")), sdk.BadData},
		"an amount that is text":  {says(200, list(row("1.00", "one"), "")), sdk.BadData},
		"a row that is a text":    {says(200, list(`"none"`, "")), sdk.BadData},
		"a currency that is none": {says(200, list(row("GBP", "£"), "")), sdk.BadData},
		"no currency":             {says(200, list(row(`"GBP"`, "null"), "")), ""},
		"a number for an amount":  {says(200, list(row(`"1.00"`, "1.00"), "")), ""},
		"a credit with a minus":   {says(200, list(row("1.00", "-1.00"), "")), ""},
		"capital letters":         {says(200, list(row("Credit", "CREDIT", "Booked", "BOOKED"), "")), ""},
		"an id of 10 KB":          {says(200, list(row(`"1"`, `"`+strings.Repeat("x", 10_000)+`"`), "")), ""},
		"a text of 100 KB":        {says(200, list(row(`"x"`, `"`+strings.Repeat("x", 100_000)+`"`), "")), ""},
		"a day that is none":      {says(200, list(row("2026-03-01T", "2026-13-45T"), "")), ""},
		"merchants of a kind":     {says(200, list(row(`"Status"`, `"MerchantDetails":[1],"BankTransactionCode":"x","Balance":7,"CreditorAccount":"y","Status"`), "")), ""},
		"null for everything":     {says(200, list(row(`"x"`, "null", `"2026-03-01T00:00:00Z"`, "null", `"1",`, "null,"), "")), ""},
		"the page that ends":      {says(200, list(row(), "")), ""},
		"no links":                {says(200, `{"Data":{"Transaction":[`+row()+`]}}`), ""},
		"links of another kind":   {says(200, `{"Data":{"Transaction":[`+row()+`]},"Links":{"Next":null}}`), ""},
		"empty":                   {says(200, ""), ""},
		"no content":              {says(204, ""), ""},
		"no rows":                 {says(200, `{"Data":{"Transaction":null}}`), ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			script := reading(t)
			script["GET /accounts"], script[rowsOf] = says(200, oneOf), c.answer
			_, d := open(t, "", script)
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
}

// Pages that begin with the last row of the page before tell it once; those that bring nothing else end soon.
func TestPagesThatRepeat(t *testing.T) {
	t.Parallel()
	script, n := reading(t), 0
	script["GET /accounts"] = says(200, oneOf)
	script[rowsOf] = func(heard) (int, string) { n++; return 200, list(row(), page+fmt.Sprint("?page=", n)) }
	b, d := open(t, "", script)
	s, err := fetch(t, d, nil)
	require.NoError(t, err)
	require.Equal(t, sdk.BadData, scripted.ItemsOf[sdk.AccountFailureItem](s)[0].Failure.Code)
	require.Less(t, len(b.HeardOf(rowsOf)), 50)

	script[rowsOf] = inTurn(says(200, list(row()+","+row(`"1"`, `"2"`), page+"?page=2")), says(200, list(row(`"1"`, `"2"`)+","+row(`"1"`, `"3"`), "")))
	_, d = open(t, "", script)
	s, err = fetch(t, d, nil)
	require.NoError(t, err)
	require.Len(t, rows(s), 3)
}

func TestHostileLists(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"an account of other kinds": `{"Data":{"Account":[{"AccountId":"1","Currency":826,"Account":"none","Status":[]}]}}`,
		"twice the same":            `{"Data":{"Account":[{"AccountId":"1","Currency":"GBP"},{"AccountId":"1","Currency":"GBP"}]}}`,
		"no id":                     `{"Data":{"Account":[{"Currency":"GBP"}]}}`,
		"an id of 10 KB":            `{"Data":{"Account":[{"AccountId":"` + strings.Repeat("y", 10_000) + `","Currency":"GBP"}]}}`,
		"an id that is a path":      `{"Data":{"Account":[{"AccountId":"../../x?y#z","Currency":"GBP"}]}}`,
		"numbers of every kind":     `{"Data":{"Account":[{"AccountId":"1","Account":[{"SchemeName":"","Identification":""},{"SchemeName":"UK.OBIE.IBAN","Identification":"no"},{"SchemeName":"UK.OBIE.SortCodeAccountNumber","Identification":"x"}]}]}}`,
		"no data":                   `{}`, "nothing": ``,
	} {
		_, d := open(t, "", map[string]answerer{"GET /accounts": says(200, body)})
		s, err := fetch(t, d, func(r *sdk.FetchRequest) { r.Mode = sdk.FetchAccounts })
		require.NoError(t, err, name)
		require.LessOrEqual(t, len(scripted.ItemsOf[sdk.AccountItem](s)), 1, name)
	}
	for _, body := range []string{`{"Data":{"Account":["none"`, `{"Data":"none"`, "Content-Type: application/pdf\x00{}"} {
		_, d := open(t, "", map[string]answerer{"GET /accounts": says(200, body)})
		_, err := fetch(t, d, nil)
		failsWith(t, sdk.BadData, err)
	}
	for _, balance := range []string{`{"Type":"InterimBooked","CreditDebitIndicator":"Credit","Amount":{"Amount":"1e400"}}`, `{"Type":"InterimBooked","Amount":{"Amount":"1"}}`, `"none"`} {
		script := reading(t)
		script["GET /accounts"], script["GET /accounts/22289/balances"] = says(200, oneOf), says(200, `{"Data":{"Balance":[`+balance+`]}}`)
		_, d := open(t, "", script)
		s, err := fetch(t, d, nil)
		require.NoError(t, err)
		require.Equal(t, sdk.BadData, scripted.ItemsOf[sdk.AccountFailureItem](s)[0].Failure.Code, balance)
	}
	// An id that looks like a path stays one segment.
	b, d := open(t, "", map[string]answerer{"GET /accounts": says(200, `{"Data":{"Account":[{"AccountId":"../x?y","Currency":"GBP"}]}}`)})
	_, err := fetch(t, d, nil)
	require.NoError(t, err)
	require.Len(t, b.HeardOf("GET /accounts/../x?y/balances"), 1)
}
