package main

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/plugins/sdk"
	"github.com/tributary-dev/tributary/plugins/sdk/serve"
	emulated "github.com/tributary-dev/tributary/testbank"
	"github.com/tributary-dev/tributary/testbank/bank"
	"github.com/tributary-dev/tributary/testbank/config"
)

const bankFile = `bank: {page_size: 2, origin: 2026-03-14}
personas:
  - {login: plain, password: canary-password, holder: Ann}
  - {login: texted, password: canary-password, holder: Bob, challenge: {kind: sms_code, code: "123456", phone: "+33 6 12 34 56 12"}}
  - {login: again, password: canary-password, holder: Bob, challenge: {kind: sms_code, code: "123456", resends: 1, resend_after: 30s, resend_code: "654321"}}
  - {login: eager, password: canary-password, holder: Bob, challenge: {kind: sms_code, code: "123456", resends: 1, resend_code: "654321", tries: 10, always: true}}
  - {login: polled, password: canary-password, holder: Cat, challenge: {kind: app_approval, approve_after_polls: 2}}
  - {login: phoned, password: canary-password, holder: Dan, challenge: {kind: app_approval}}
  - {login: sent, password: canary-password, holder: Eve, challenge: {kind: redirect}}
  - {login: chooser, password: canary-password, holder: Flo, challenge: {kind: options, code: "1234", question: Where to, options: [{value: sms, label: Text}, {value: mail, label: Mail}]}}
  - {login: quizzed, password: canary-password, holder: Gus, challenge: {kind: question, question: Where born, answer: Brest}}
  - {login: reader, password: canary-password, holder: Gil, challenge: {kind: image, code: "4711"}}
  - {login: locked, password: canary-password, holder: Hal, behaviours: [{kind: locked}]}
  - {login: stale, password: canary-password, holder: Ivy, behaviours: [{kind: password_change}]}
  - {login: terms, password: canary-password, holder: Jim, behaviours: [{kind: terms}]}
  - {login: metered, password: canary-password, holder: Kim, behaviours: [{kind: quota, calls: 1, reason: canary-reason}]}
  - {login: dead, password: canary-password, holder: Lea, behaviours: [{kind: down}]}
  - {login: night, password: canary-password, holder: Max, behaviours: [{kind: down, from: "22:00", until: "06:30"}]}
  - {login: weekly, password: canary-password, holder: Nia, behaviours: [{kind: consent_lifetime, days: 7}]}
  - {login: mate, password: canary-password, holder: Oli}
accounts:
  - ref: current
    owner: plain
    type: CHECKINGS
    name: Current
    iban: FR76 9999 1004 2000 0001 0010 180
    currency: EUR
    balance: 100.00
    transactions:
      - {date: 2026-03-14, amount: -3.00, label: three, kind: card, mcc: "5411", status: PENDING}
      - {date: 2026-03-13, amount: 2.00, label: two, kind: transfer, counterparty: Employer}
      - {date: 2026-03-12, amount: -1.00, label: one, kind: loan_payment}
      - {date: 2026-02-01, value_date: 2026-02-02, transaction_date: 2026-01-31, amount: -0.50, label: old, kind: atm}
      - {date: 2026-01-01, amount: -0.10, label: oldest}
  - {ref: savings, owner: plain, type: SAVINGS, name: Savings, number: "2", currency: EUR, balance: 5.00}
  - {ref: loan, owner: plain, type: LOAN, name: Loan, number: "3", currency: EUR, balance: -5000.00}
  - {ref: card, owner: plain, type: CREDIT_CARD, name: Card, number: "4", currency: EUR, balance: -12.30, credit_limit: 1000.00}
  - {ref: texted-current, owner: texted, type: CHECKINGS, name: Current, number: "7", currency: EUR, balance: 1.00}
  - {ref: eager-current, owner: eager, type: CHECKINGS, name: Current, number: "8", currency: EUR, balance: 1.00}
  - {ref: metered-current, owner: metered, type: CHECKINGS, name: Current, number: "5", currency: EUR, balance: 1.00}
  - {ref: euros, owner: weekly, co_owners: [mate], type: CHECKINGS, name: Joint, iban: FR7699991004200000010010277, currency: EUR, balance: 1.00, balance_on: 2026-01-31}
  - {ref: dollars, owner: weekly, co_owners: [mate], type: CHECKINGS, name: Joint, iban: FR7699991004200000010010277, currency: USD, balance: 2.00}
  - {ref: deferred, owner: weekly, co_owners: [mate], type: CREDIT_CARD, name: Card, number: "6", currency: EUR, balance: -40.00, balance_on: 2026-01-31, settled_on: euros}
`

// world is the plugin before a bank whose clock only the test moves.
type world struct {
	t        *testing.T
	url      string
	provider sdk.Provider
	bank     *bank.Bank
	mu       sync.Mutex
	now      time.Time
}

func open(t *testing.T) *world {
	t.Helper()
	return openWith(t, bankFile)
}

func openWith(t *testing.T, text string) *world {
	t.Helper()
	file, err := config.Parse([]byte(text))
	require.NoError(t, err)
	w := &world{t: t, now: time.Date(2026, 3, 14, 9, 0, 0, 0, time.UTC)}
	handler, err := emulated.New(file, bank.Options{Now: func() time.Time {
		w.mu.Lock()
		defer w.mu.Unlock()
		return w.now
	}})
	require.NoError(t, err)
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	w.url, w.bank, w.provider = server.URL, handler.Bank, before(t, server.URL)
	return w
}

func before(t *testing.T, address string) sdk.Provider {
	t.Helper()
	p, err := fromSettings(serve.SettingsOf(map[string]string{"base_url": address}))
	require.NoError(t, err)
	return p
}

// limited is a context with a deadline, which a plugin's host wants of every call.
func (w *world) limited() context.Context {
	ctx, cancel := context.WithTimeout(w.t.Context(), time.Minute)
	w.t.Cleanup(cancel)
	return ctx
}

func (w *world) pass(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

var (
	embedded = sdk.Session{ID: "s1", ProviderID: providerID, ChannelID: embeddedChannel}
	redirect = sdk.Session{ID: "s2", ProviderID: providerID, ChannelID: redirectChannel}
	someone  = &sdk.PSU{IP: "192.0.2.1"}
)

func credentials(login string) sdk.Secrets {
	return sdk.Secrets{"login": login, "password": "canary-password"}
}

func (w *world) begin(login string) sdk.Step {
	w.t.Helper()
	step, err := w.provider.Begin(w.limited(), sdk.BeginRequest{
		Session: embedded, PSU: someone, Credentials: credentials(login), ReturnURL: "https://us.example/connect/return", ReturnState: "st1",
	})
	require.NoError(w.t, err)
	return step
}

// next continues the step with answers, or polls it when there are none.
func (w *world) next(session sdk.Session, step sdk.Step, answers sdk.Secrets) (sdk.Step, error) {
	w.t.Helper()
	require.NotNil(w.t, step.Challenge)
	require.Equal(w.t, sdk.Durable, step.Challenge.Holding)
	return w.provider.Continue(w.limited(), sdk.ContinueRequest{
		Session: session, PSU: someone, ChallengeID: step.Challenge.ID, Answers: answers, Poll: answers == nil, State: step.Challenge.State,
	})
}

func failsWith(t *testing.T, code sdk.Code, err error) *sdk.Failure {
	t.Helper()
	var failure *sdk.Failure
	require.ErrorAs(t, err, &failure)
	require.Equal(t, code, failure.Code)
	require.NotContains(t, failure.Error(), "canary")
	return failure
}

// post sends a form to a page of the bank, as a browser would, and gives where it leads.
func post(t *testing.T, page string, form url.Values) *http.Response {
	t.Helper()
	browser := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := browser.PostForm(page, form)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	return response
}

// answersOf makes answers of what the browser brings back.
func answersOf(t *testing.T, response *http.Response) sdk.Secrets {
	t.Helper()
	target, err := response.Location()
	require.NoError(t, err)
	require.Equal(t, "us.example", target.Host)
	answers := sdk.Secrets{}
	for name, values := range target.Query() {
		answers[name] = values[0]
	}
	require.Equal(t, "st1", answers["state"])
	return answers
}

// sink keeps what Fetch sends.
type sink struct{ items []sdk.Item }

func (s *sink) Send(item sdk.Item) error {
	s.items = append(s.items, item)
	return nil
}

func itemsOf[T sdk.Item](s *sink) []T {
	var found []T
	for _, item := range s.items {
		if is, ok := item.(T); ok {
			found = append(found, is)
		}
	}
	return found
}

func (w *world) fetch(ctx context.Context, session sdk.Session, ready sdk.Ready, change func(*sdk.FetchRequest)) (*sink, error) {
	w.t.Helper()
	req := sdk.FetchRequest{Session: session, PSU: someone, Mode: sdk.FetchAll, State: ready.State, Secrets: ready.Secrets}
	if change != nil {
		change(&req)
	}
	s := &sink{}
	return s, w.provider.Fetch(ctx, req, s)
}
