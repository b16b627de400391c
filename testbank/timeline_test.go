package testbank_test

import (
	"net/url"
	"regexp"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const eventful = `bank: {page_size: 2}
personas:
  - {login: ann, password: p1, holder: Ann, challenge: {kind: sms_code, code: "123456"}}
  - {login: bob, password: p1, holder: Bob}
accounts:
  - {ref: ann-current, owner: ann, type: CHECKINGS, name: Current, iban: FR7699991004200000010010180, currency: EUR, balance: 1.00}
  - ref: current
    owner: bob
    type: CHECKINGS
    name: Current
    number: "1"
    currency: EUR
    balance: -100.00
    feed: {signs: indicator, text: doubled, balances: berlin, links: relative, repeat_last_row: true}
    transactions:
      - {id: one, date: today, amount: -3.00, label: "A TEXT THAT IS LONGER THAN THIRTY-FIVE CHARACTERS"}
      - {id: two, date: today-1, amount: 2.00, label: two}
      - {id: three, date: today-2, amount: -1.00, label: three}
  - {ref: card, owner: bob, type: CREDIT_CARD, name: Card, number: "2", currency: EUR, balance: 5.00, feed: {account_ids: session, balances: none, links: absolute}, transactions: [{id: a, date: today, amount: 1, label: a}, {id: b, date: today, amount: 1, label: b}, {id: c, date: today, amount: 1, label: c}]}
  - {ref: savings, owner: bob, type: SAVINGS, name: Savings, number: "3", currency: EUR, balance: 5.00, feed: {account_ids: provisional, balances: expected, full_history_for: 5m, recent_days: 1}, transactions: [{date: today-2, amount: 1, label: a}]}
timeline:
  - {on: today+1, do: distrust, login: ann}
  - {on: today+2, do: password, login: ann, password: p2}
  - {on: today+3, do: lock, login: ann}
  - {on: today+1, do: end_consents, login: bob}
  - {on: today+2, do: terms, login: bob}
  - {on: today+1, do: down, from: "08:00", until: "11:00"}
  - {on: today+2, do: down, login: ann}
  - {on: today+1, do: fail, account: card, scope: balances, last_day: today+1}
  - {on: today+1, do: change, account: savings, id: SAV-2, name: Piggy}
  - {on: today+2, do: close, account: savings}
  - {on: today+1, do: vanish, account: current}
`

// later moves the world's clock to nine o'clock in Paris on a later day, or later on it.
func (w *world) later(days, hours int) {
	w.ok("POST", "/api/admin/clock", "", object{"now": time.Date(2026, 3, 14+days, 9+hours, 0, 0, 0, time.UTC)})
}

func TestTimeline_of_customers(t *testing.T) {
	t.Parallel()
	t.Run("a_device_is_trusted_no_more", func(t *testing.T) {
		t.Parallel()
		w := openWith(t, eventful)
		session := w.logIn("ann", nil)["session"].(string)
		device := w.ok("POST", "/api/sessions/"+session+"/challenge", "", object{"code": "123456"})["device_token"]
		require.Equal(t, "AUTHENTICATED", w.logIn("ann", object{"device_token": device, "attended": false})["status"])
		w.later(1, 3)
		w.refused("challenge_required", "POST", "/api/sessions", "", object{"login": "ann", "password": "p1", "device_token": device, "attended": false})
	})
	t.Run("the_bank_is_down_for_hours_or_for_one_customer", func(t *testing.T) {
		t.Parallel()
		w := openWith(t, eventful)
		w.later(1, 0)
		status, answer := w.call("POST", "/api/sessions", "", object{"login": "bob", "password": "p1"})
		require.Equal(t, 503, status)
		require.Equal(t, "2026-03-15T10:00:00Z", answer["retry_at"])
		w.later(1, 1)
		w.logIn("bob", nil)
		w.later(2, 0)
		status, answer = w.call("POST", "/api/sessions", "", object{"login": "ann", "password": "p2"})
		require.Equal(t, 503, status)
		require.Equal(t, "2026-03-16T23:00:00Z", answer["retry_at"])
	})
	t.Run("the_password_is_another_one_and_then_the_access_is_locked", func(t *testing.T) {
		t.Parallel()
		w := openWith(t, eventful)
		w.later(1, 3)
		w.logIn("ann", nil)
		w.later(3, 0)
		w.refused("wrong_password", "POST", "/api/sessions", "", object{"login": "ann", "password": "p1"})
		w.refused("account_locked", "POST", "/api/sessions", "", object{"login": "ann", "password": "p2"})
	})
	t.Run("terms_are_to_be_accepted", func(t *testing.T) {
		t.Parallel()
		w := openWith(t, eventful)
		w.later(2, 0)
		w.refused("user_action_required", "POST", "/api/sessions", "", object{"login": "bob", "password": "p1"})
	})
	t.Run("consents_end_and_new_ones_do_not", func(t *testing.T) {
		t.Parallel()
		w := openWith(t, eventful)
		tokens := w.consented("bob", "current")
		w.later(1, 3)
		w.refused("consent_expired", "POST", "/redirect/token", "", object{"refresh_token": tokens["refresh_token"]})
		require.Equal(t, "EXPIRED", w.ok("GET", "/redirect/consents/"+tokens["consent_id"].(string), "", nil)["status"])
		again := w.consented("bob", "") // the account is not told any more, the card has another id
		w.ok("POST", "/redirect/token", "", object{"refresh_token": again["refresh_token"]})
	})
}

var checkbox = regexp.MustCompile(`name="accounts" value="([^"]+)"`)

// consented gives the consent to all that the page offers.
func (w *world) consented(login, must string) object {
	w.t.Helper()
	asked := w.ok("POST", "/redirect/consents", "", object{"return_url": "https://us.example/back", "state": "s"})
	path := asked["url"].(string)[len(w.url):]
	w.page(path, url.Values{"login": {login}, "password": {"p1"}})
	_, text := w.page(path, nil)
	form := url.Values{"decision": {"approve"}}
	for _, box := range checkbox.FindAllStringSubmatch(text, -1) {
		form.Add("accounts", box[1])
	}
	if must != "" {
		require.Contains(w.t, form["accounts"], must)
	}
	response, _ := w.page(path, form)
	back, err := response.Location()
	require.NoError(w.t, err)
	return w.ok("POST", "/redirect/token", "", object{"code": back.Query().Get("code")})
}

func (w *world) accountsOf(session string) map[string]object {
	w.t.Helper()
	byName := map[string]object{}
	for _, a := range w.ok("GET", "/api/accounts", session, nil)["accounts"].([]any) {
		byName[a.(object)["name"].(string)] = a.(object)
	}
	return byName
}

func TestTimeline_of_accounts(t *testing.T) {
	t.Parallel()
	w := openWith(t, eventful)
	first, second := w.logIn("bob", nil)["session"].(string), w.logIn("bob", nil)["session"].(string)
	one, two := w.accountsOf(first), w.accountsOf(second)
	require.NotEqual(t, one["Card"]["id"], two["Card"]["id"], "another id in each log-in")
	w.ok("GET", "/api/accounts/"+one["Card"]["id"].(string)+"/balances", first, nil)
	w.refused("not_found", "GET", "/api/accounts/"+one["Card"]["id"].(string)+"/balances", second, nil)
	require.Equal(t, true, one["Savings"]["id_is_provisional"])
	require.NotContains(t, one["Current"], "id_is_provisional")

	w.later(1, 3)
	session := w.logIn("bob", nil)["session"].(string)
	accounts := w.accountsOf(session)
	require.NotContains(t, accounts, "Current")
	require.Equal(t, "SAV-2", accounts["Piggy"]["id"])
	card := "/api/accounts/" + accounts["Card"]["id"].(string)
	status, answer := w.call("GET", card+"/balances", session, nil)
	require.Equal(t, 503, status)
	require.Equal(t, "account_unavailable", answer["code"])
	w.ok("GET", card+"/transactions", session, nil)

	w.ok("POST", "/api/admin/clock", "", object{"now": "2026-03-16T12:00:00Z"})
	session = second
	require.Equal(t, "CLOSED", w.accountsOf(session)["Piggy"]["status"])
	w.refused("account_closed", "GET", "/api/accounts/SAV-2/balances", session, nil)
	truth := w.ok("GET", "/api/admin/truth", "", nil)["personas"].([]any)[1].(object)["accounts"].([]any)
	require.Len(t, truth, 3, "what is not told is true all the same")
	require.Equal(t, false, truth[0].(object)["told"])
	require.Len(t, truth[0].(object)["movements"], 3)
}

func TestNotation(t *testing.T) {
	t.Parallel()
	w := openWith(t, eventful)
	session := w.logIn("bob", nil)["session"].(string)
	page := w.ok("GET", "/api/accounts/current/transactions?from=2026-01-01", session, nil)
	require.NotContains(t, page, "next_page")
	require.Equal(t, "?from=2026-01-01&page=2", page["next"])
	row := page["transactions"].([]any)[0].(object)
	require.Equal(t, "3.00", row["amount"])
	require.Equal(t, "DBIT", row["credit_debit"])
	require.NotContains(t, row, "label")
	require.Equal(t, []any{"A TEXT THAT IS LONGER THAN", "A TEXT THAT IS LONGER THAN", "THIRTY-FIVE CHARACTERS", "THIRTY-FIVE CHARACTERS"}, row["remittance"])
	last := page["transactions"].([]any)[1]
	page = w.ok("GET", "/api/accounts/current/transactions"+page["next"].(string), session, nil)
	require.Equal(t, last, page["transactions"].([]any)[0], "a page begins with the last row of the page before")
	require.Len(t, page["transactions"], 2)

	balances := w.ok("GET", "/api/accounts/current/balances", session, nil)["balances"].([]any)
	require.Len(t, balances, 3)
	require.Equal(t, "closingBooked", balances[0].(object)["type"])
	require.Equal(t, "DBIT", balances[0].(object)["credit_debit"])
	require.Equal(t, "100.00", balances[0].(object)["amount"])
	accounts := w.accountsOf(session)
	card := "/api/accounts/" + accounts["Card"]["id"].(string)
	require.Empty(t, w.ok("GET", card+"/balances", session, nil)["balances"])
	require.Equal(t, w.url+card+"/transactions?page=2", w.ok("GET", card+"/transactions", session, nil)["next"])
	require.Len(t, w.ok("GET", "/api/accounts/savings/balances", session, nil)["balances"], 1)
}

func TestHistory_is_short_after_a_while(t *testing.T) {
	t.Parallel()
	w := openWith(t, eventful)
	session := w.logIn("bob", nil)["session"].(string)
	require.Len(t, w.ok("GET", "/api/accounts/savings/transactions", session, nil)["transactions"], 1)
	w.pass(6 * time.Minute)
	require.Empty(t, w.ok("GET", "/api/accounts/savings/transactions", session, nil)["transactions"])
	unattended := w.logIn("bob", object{"attended": false})["session"].(string)
	require.Empty(t, w.ok("GET", "/api/accounts/savings/transactions", unattended, nil)["transactions"])
	session = w.logIn("bob", nil)["session"].(string)
	require.Len(t, w.ok("GET", "/api/accounts/savings/transactions", session, nil)["transactions"], 1, "the customer was there again")
}
