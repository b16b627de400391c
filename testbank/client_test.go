package testbank_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/testbank"
	"github.com/tributary-dev/tributary/testbank/bank"
	"github.com/tributary-dev/tributary/testbank/config"
)

// world is a bank behind a listener, with a clock that only the test moves.
type world struct {
	t      *testing.T
	url    string
	mu     sync.Mutex
	now    time.Time
	waited []time.Duration
}

const smallBank = `bank: {page_size: 2, consent_days: 90}
personas:
  - {login: plain, password: p1, holder: Ann Plain}
  - {login: texted, password: p1, holder: Bob, challenge: {kind: sms_code, code: "123456", phone: "+33 6 12 34 56 12"}}
  - {login: again, password: p1, holder: Bob, challenge: {kind: sms_code, code: "123456", resends: 2, resend_after: 30s}}
  - {login: renewed, password: p1, holder: Bob, challenge: {kind: options, code: "123456", resends: 1, resend_code: "654321", options: [{value: sms, label: Text}]}}
  - {login: asked, password: p1, holder: Bea, challenge: {kind: sms_code, code: "123456", always: true}}
  - {login: polled, password: p1, holder: Cat, challenge: {kind: app_approval, approve_after_polls: 2}}
  - {login: phoned, password: p1, holder: Dan, challenge: {kind: app_approval}}
  - {login: sent, password: p1, holder: Eve, challenge: {kind: redirect}}
  - {login: slow, password: p1, holder: Flo, behaviours: [{kind: slow, delay: 2s}]}
  - {login: wrong, password: p1, holder: Gus, behaviours: [{kind: wrong_password}]}
  - {login: chooser, password: p1, holder: Hal, challenge: {kind: options, code: "1234", question: "<i>Where</i>?", options: [{value: sms, label: Text}, {value: mail, label: "a***@example.com"}]}}
  - {login: picker, password: p1, holder: Ivy, challenge: {kind: options, options: [{value: private, label: Private}, {value: business, label: Business}]}}
  - {login: reader, password: p1, holder: Jim, challenge: {kind: image, code: "4711"}}
  - {login: quizzed, password: p1, holder: Joy, challenge: {kind: question, question: "<b>Where</b> born?", answer: Saint-Malo, tries: 2}}
  - {login: locked, password: p1, holder: Kim, behaviours: [{kind: locked}]}
  - {login: locking, password: p1, holder: Lea, behaviours: [{kind: locked, after_wrong_passwords: 2}]}
  - {login: stale, password: p1, holder: Max, behaviours: [{kind: password_change}]}
  - {login: terms, password: p1, holder: Nia, behaviours: [{kind: terms}]}
  - {login: metered, password: p1, holder: Oli, behaviours: [{kind: quota, calls: 2, reason: "Plafond atteint"}]}
  - {login: night, password: p1, holder: Pia, behaviours: [{kind: down, from: "22:00", until: "06:30"}]}
  - {login: noon, password: p1, holder: Rex, behaviours: [{kind: down, from: "12:00", until: "13:00"}]}
  - {login: dead, password: p1, holder: Quy, behaviours: [{kind: down}]}
  - {login: weekly, password: p1, holder: Ray, behaviours: [{kind: consent_lifetime, days: 7}]}
  - {login: mate, password: p1, holder: Sam}
  - {login: hostile, password: p1, holder: '<script>alert(1)</script>'}
accounts:
  - ref: plain-current
    owner: plain
    type: CHECKINGS
    name: Current
    number: "1"
    currency: EUR
    balance: 100.00
    transactions:
      - {date: today, amount: -3.00, label: three}
      - {date: today-1, amount: -2.00, label: two}
      - {date: today-2, amount: -1.00, label: "<b>one</b>"}
  - {ref: plain-savings, owner: plain, type: SAVINGS, name: Savings, number: "2", currency: EUR, balance: 5.00}
  - {ref: texted-card, owner: texted, type: CREDIT_CARD, name: Card, number: "3", currency: EUR, balance: -5.00, credit_limit: 1000.00}
  - {ref: hostile-current, owner: hostile, type: CHECKINGS, name: '"><img src=x onerror=alert(1)>', number: "4", currency: EUR, balance: 1.00}
  - {ref: phoned-current, owner: phoned, type: CHECKINGS, name: Current, number: "5", currency: EUR, balance: 1.00}
  - {ref: polled-current, owner: polled, type: CHECKINGS, name: Current, number: "6", currency: EUR, balance: 1.00}
  - ref: metered-current
    owner: metered
    type: CHECKINGS
    name: Current
    number: "7"
    currency: EUR
    balance: 1.00
    transactions: [{date: today, amount: -1.00, label: a}, {date: today, amount: -2.00, label: b}, {date: today, amount: -3.00, label: c}]
  - {ref: metered-savings, owner: metered, type: SAVINGS, name: Savings, number: "8", currency: EUR, balance: 1.00}
  - {ref: night-current, owner: night, type: CHECKINGS, name: Current, number: "9", currency: EUR, balance: 1.00}
  - {ref: weekly-current, owner: weekly, co_owners: [mate], type: CHECKINGS, name: Joint, iban: FR7699991004200000010010180, currency: EUR, balance: 1.00}
  - {ref: weekly-dollars, owner: weekly, co_owners: [mate], type: CHECKINGS, name: Joint, iban: FR7699991004200000010010180, currency: USD, balance: 2.00}
  - {ref: reader-current, owner: reader, type: CHECKINGS, name: Current, number: "10", currency: EUR, balance: 1.00}
  - {ref: quizzed-current, owner: quizzed, type: CHECKINGS, name: Current, number: "12", currency: EUR, balance: 1.00}
  - {ref: chooser-current, owner: chooser, type: CHECKINGS, name: Current, number: "11", currency: EUR, balance: 1.00}
`

func open(t *testing.T) *world {
	t.Helper()
	return openWith(t, smallBank)
}

func openWith(t *testing.T, text string) *world {
	t.Helper()
	file, err := config.Parse([]byte(text))
	require.NoError(t, err)
	w := &world{t: t, now: time.Date(2026, 3, 14, 9, 0, 0, 0, time.UTC)}
	server, err := testbank.New(file, bank.Options{
		Now: func() time.Time { w.mu.Lock(); defer w.mu.Unlock(); return w.now },
		Wait: func(_ context.Context, d time.Duration) error {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.waited = append(w.waited, d)
			return nil
		},
	})
	require.NoError(t, err)
	listener := httptest.NewServer(server)
	t.Cleanup(func() { server.Close(); listener.Close() })
	w.url = listener.URL
	return w
}

func (w *world) pass(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

type object = map[string]any

// call makes one JSON request and gives status and body.
func (w *world) call(method, path, bearer string, body any) (int, object) {
	w.t.Helper()
	text, err := json.Marshal(body)
	require.NoError(w.t, err)
	request, err := http.NewRequestWithContext(w.t.Context(), method, w.url+path, strings.NewReader(string(text)))
	require.NoError(w.t, err)
	if bearer != "" {
		request.Header.Set("Authorization", "Bearer "+bearer)
	}
	response, err := browser.Do(request)
	require.NoError(w.t, err)
	defer func() { _ = response.Body.Close() }()
	answer := object{}
	if response.StatusCode != http.StatusNoContent {
		require.NoError(w.t, json.NewDecoder(response.Body).Decode(&answer))
	}
	return response.StatusCode, answer
}

// ok makes a request that must succeed.
func (w *world) ok(method, path, bearer string, body any) object {
	w.t.Helper()
	status, answer := w.call(method, path, bearer, body)
	require.Less(w.t, status, 300, answer)
	return answer
}

// refused makes a request that must fail with that code.
func (w *world) refused(want string, method, path, bearer string, body any) object {
	w.t.Helper()
	status, answer := w.call(method, path, bearer, body)
	require.GreaterOrEqual(w.t, status, 400)
	require.Less(w.t, status, 500)
	require.Equal(w.t, want, answer["code"])
	require.NotEmpty(w.t, answer["message"])
	return answer
}

func (w *world) logIn(login string, more object) object {
	w.t.Helper()
	body := object{"login": login, "password": "p1"}
	for key, value := range more {
		body[key] = value
	}
	return w.ok("POST", "/api/sessions", "", body)
}

// browser follows no redirect. Its connections are its own: a test server that closes ends those of the default transport,
// also under another test that is using one.
var browser = &http.Client{
	Transport:     &http.Transport{},
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

// page opens or posts a page without following redirects.
func (w *world) page(path string, form url.Values) (*http.Response, string) {
	w.t.Helper()
	var response *http.Response
	var err error
	if form == nil {
		response, err = browser.Get(w.url + path)
	} else {
		response, err = browser.PostForm(w.url+path, form)
	}
	require.NoError(w.t, err)
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	require.NoError(w.t, err)
	return response, string(text)
}

func (w *world) stats(login string) object {
	w.t.Helper()
	return w.ok("GET", "/api/admin/personas/"+login+"/stats", "", nil)
}
