package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/plugins/sdk"
)

const strangeBank = `bank: {page_size: 2, origin: 2026-03-14}
personas: [{login: plain, password: canary-password, holder: Ann}]
accounts:
  - ref: strange
    owner: plain
    type: CHECKINGS
    name: Strange
    iban: FR76 9999 1004 2000 0001 0010 180
    currency: EUR
    balance: -100.00
    feed: {signs: indicator, text: doubled, balances: berlin, links: relative, repeat_last_row: true, account_ids: provisional}
    transactions:
      - {date: 2026-03-14, amount: -3.00, label: "A TEXT THAT IS LONGER THAN THIRTY-FIVE CHARACTERS"}
      - {date: 2026-03-13, amount: 2.00, label: two, kind: transfer}
      - {date: 2026-03-12, amount: -1.00, label: three, kind: transfer}
      - {date: 2026-03-11, amount: -1.00, label: four}
      - {date: 2026-03-10, amount: -1.00, label: five}
  - {ref: closed, owner: plain, type: SAVINGS, name: Closed, number: "2", currency: EUR, balance: 5.00}
  - {ref: failing, owner: plain, type: SAVINGS, name: Failing, number: "3", currency: EUR, balance: 5.00, transactions: [{date: 2026-03-14, amount: -3.00, label: x}]}
timeline:
  - {on: today, do: change, account: strange, iban: FR76 9999 1004 2000 0001 0010 180}
  - {on: today, do: close, account: closed}
  - {on: today, do: fail, account: failing, scope: balances}
`

func TestFetch_reads_every_notation(t *testing.T) {
	t.Parallel()
	w := openWith(t, strangeBank)
	s, err := w.fetch(t.Context(), embedded, *w.begin("plain").Ready, nil)
	require.NoError(t, err)

	accounts := itemsOf[sdk.AccountItem](s)
	require.Equal(t, "FR7699991004200000010010180", accounts[0].Account.IBAN)
	require.False(t, accounts[0].Account.StableID)
	require.True(t, accounts[1].Account.StableID)
	require.Equal(t, sdk.AccountClosed, accounts[1].Account.Status)

	var rows []sdk.Transaction
	for _, item := range itemsOf[sdk.TransactionsItem](s) {
		if item.Account == "strange" {
			rows = append(rows, item.Transactions...)
		}
	}
	labels, amounts := []string{}, []string{}
	for _, row := range rows {
		labels, amounts = append(labels, row.Label), append(amounts, row.Amount)
	}
	require.Equal(t, []string{"A TEXT THAT IS LONGER THAN THIRTY-FIVE CHARACTERS", "two", "three", "four", "five"}, labels, "each row once, with all of its text")
	require.Equal(t, []string{"-3.00", "2.00", "-1.00", "-1.00", "-1.00"}, amounts)
	require.Equal(t, sdk.TypePayment, rows[2].Type)

	balances := itemsOf[sdk.BalancesItem](s)
	require.Len(t, balances, 1, "a closed account is not asked for, a failing one does not answer")
	types := []sdk.BalanceType{}
	for _, b := range balances[0].Balances {
		types = append(types, b.Type)
		require.Equal(t, "-100.00", b.Amount)
	}
	require.Equal(t, []sdk.BalanceType{sdk.BalanceBooked, sdk.BalanceExpected, sdk.BalanceAvailable}, types)

	failures := itemsOf[sdk.AccountFailureItem](s)
	require.Len(t, failures, 1)
	require.Equal(t, sdk.ScopeBalances, failures[0].Scope)
	require.Equal(t, sdk.ProviderUnavailable, failures[0].Failure.Code)
}

func TestRepeated(t *testing.T) {
	t.Parallel()
	named, nameless := json.RawMessage(`{"id":"a","amount":"1"}`), json.RawMessage(`{"id":"","amount":"1"}`)
	require.True(t, repeated(named, named))
	require.False(t, repeated(nameless, nameless), "two equal purchases without id are two")
	require.False(t, repeated(nil, named))
	require.False(t, repeated(json.RawMessage(`{"id":"a","amount":"2"}`), named))
}

// What a bank writes into a link decides nothing but the number of the page: a credential goes to no other address.
func TestFetch_follows_no_link_to_elsewhere(t *testing.T) {
	t.Parallel()
	for name, next := range map[string]string{"elsewhere": "https://elsewhere.example/api?page=2", "no_page": "?page=x", "not_an_address": "%zz", "for_ever": "?page=1"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			asked := 0
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				body := map[string]any{"accounts": []any{map[string]string{"id": "a", "type": "CHECKINGS", "currency": "EUR"}}}
				if r.URL.Path == "/api/accounts/a/transactions" {
					asked++
					body = map[string]any{"transactions": []any{}, "next": next}
					if asked > 1 {
						delete(body, "next")
					}
				}
				_ = json.NewEncoder(w).Encode(body)
			}))
			t.Cleanup(server.Close)
			w := &world{t: t, provider: before(t, server.URL)}
			_, err := w.fetch(t.Context(), embedded, sdk.Ready{State: sdk.Pack(bundleVersion, state{Session: "s"})}, nil)
			if name == "elsewhere" {
				require.NoError(t, err)
				require.Equal(t, 2, asked)
				return
			}
			require.NoError(t, err, "the account fails, and no more")
			require.Equal(t, 1, asked)
		})
	}
}
