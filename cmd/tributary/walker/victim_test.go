package walker

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/form"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/core/money"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase/usecasetest"
)

// resident is a user that owns one of everything, with its canary in all that
// can hold a text.
type resident struct {
	belongings
	application
	canary string
	// user and client are tokens with every scope there is.
	user, client string
	// renew is the refresh token beside user.
	renew  string
	scopes struct{ user, client string }
}

const password = "passw0rd"

// settle makes a user of a client and fills its life.
func (h *house) settle(t testing.TB, of application, canary string) resident {
	t.Helper()
	r := resident{application: of, canary: canary}
	r.client, _, r.scopes.client = h.grant(t, h.api, of, url.Values{"grant_type": {"client_credentials"}})
	email := canary + "@example.org"
	r.belongings.user = h.made(t, r.client, "/v1/users", fmt.Sprintf(`{"email":%q,"password":%q}`, email, password))
	r.user, r.renew, r.scopes.user = h.grant(t, h.api, of, login(email))
	order := r.content(t, operation{Operation: creation(t)}, false)
	r.idle = h.made(t, r.user, "/v1/connections", strings.Replace(order, "{", `{"name":"`+canary+`",`, 1))
	r.asking = h.made(t, r.user, "/v1/connections", strings.Replace(order, "{", `{"name":"`+canary+` 2",`, 1))
	h.fill(t, &r)
	r.consent = h.first(t, r, "/v1/consents?connection_id="+r.idle)
	r.queue = h.made(t, r.user, "/v1/queues", `{}`)
	for _, text := range []string{"", " again"} { // a list with a second page
		r.rule = h.made(t, r.user, "/v1/category_rules", `{"name":"`+canary+`","text":"`+canary+text+`","category_id":"food.restaurants"}`)
	}
	r.webhook = h.made(t, r.client, "/v1/webhooks", `{"url":"https://`+canary+`.example/","description":"`+canary+`"}`)
	r.visit = h.made(t, r.user, "/v1/widget_sessions", `{"state":"`+canary+`"}`)
	r.configuration = h.made(t, r.client, "/v1/sandbox/testbank_configurations", `{"text":"personas:\n - {login: guest, holder: `+canary+`}\n"}`)
	r.cursors = map[string]string{}
	for _, o := range operations(t) {
		if next := h.second(t, r, o); next != "" {
			r.cursors[o.path] = next
		}
	}
	require.Subset(t, keys(r.cursors), []string{"/v1/connections", "/v1/synchronizations", "/v1/accounts", "/v1/transactions", "/v1/category_rules"})
	require.NotContains(t, r.all(), "")
	return r
}

func keys[V any](m map[string]V) (all []string) {
	for key := range m {
		all = append(all, key)
	}
	return all
}

func login(email string) url.Values {
	return url.Values{"grant_type": {"password"}, "username": {email}, "password": {password}}
}

func creation(t testing.TB) *openapi3.Operation {
	t.Helper()
	for _, o := range operations(t) {
		if o.OperationID == "create-connection" {
			return o.Operation
		}
	}
	t.Fatal("there is no create-connection")
	return nil
}

// made creates something and gives its id.
func (h *house) made(t testing.TB, token, path, body string) string {
	t.Helper()
	w := h.call(http.MethodPost, path, token, body)
	require.Less(t, w.Code, 300, w.Body.String())
	var got struct{ ID string }
	require.NoError(t, json.Unmarshal(w.Body.Bytes(), &got))
	return got.ID
}

// second is the cursor of a list's second page, if the call is a list that has one.
func (h *house) second(t testing.TB, r resident, o operation) string {
	t.Helper()
	if o.writes() || strings.Contains(o.path, "{") || o.clientOnly() || !slices.Contains(o.query(), "cursor") {
		return ""
	}
	w := h.call(o.method, o.path+"?limit=1", r.user, "")
	if w.Code != http.StatusOK {
		return ""
	}
	var page struct {
		Next string `json:"next_cursor"`
	}
	require.NoError(t, json.Unmarshal(w.Body.Bytes(), &page))
	return page.Next
}

// call makes one; its answer differs from another one's by what it says only.
func (h *house) call(method, target, token, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
		r.Header.Set("PSU-IP-Address", "203.0.113.7") // some calls are for who is there
	}
	r.Header.Set("X-Request-Id", "walk")
	w := httptest.NewRecorder()
	h.api.ServeHTTP(w, r)
	return w
}

// fill puts in what a worker would have brought from the bank.
func (h *house) fill(t testing.TB, r *resident) {
	t.Helper()
	now := time.Now()
	owner := store.Owner{Client: r.application.id, User: ident.User(r.belongings.user)}
	h.update(t, func(tx store.Tx) error {
		ctx := t.Context()
		idle, err := tx.Connections().Get(ctx, owner, ident.Connection(r.idle))
		if err != nil {
			return err
		}
		over, err := tx.Runs().Active(ctx, idle.ID)
		if err != nil {
			return err
		}
		if err := over.Cancel(now); err != nil {
			return err
		}
		if err := tx.Runs().Put(ctx, over); err != nil {
			return err
		}
		if err := idle.Finish(usecasetest.Embedded, connection.Outcome{Status: connection.ChannelSuccess}, now); err != nil {
			return err
		}
		if err := tx.Connections().Put(ctx, idle); err != nil {
			return err
		}
		waiting, err := tx.Runs().Active(ctx, ident.Connection(r.asking))
		if err != nil {
			return err
		}
		asked := h.question(owner, waiting.ConnectionID, waiting.ID, r.canary)
		r.challenge, r.run = string(asked.ID), string(waiting.ID)
		if err := tx.Challenges().Put(ctx, asked); err != nil {
			return err
		}
		return h.book(t, tx, owner, r)
	})
}

func (h *house) question(owner store.Owner, c ident.Connection, run ident.Synchronization, canary string) *connection.Challenge {
	now := time.Now()
	return &connection.Challenge{
		ID: ident.New[ident.Challenge](h.ids), ClientID: owner.Client, UserID: owner.User, ConnectionID: c, SynchronizationID: run,
		ChannelDefinition: usecasetest.Embedded, Ref: "1", Type: connection.Form, Message: bank.Text{"en": canary}, State: connection.Open,
		Fields: []form.Field{{Name: "code", Type: form.Text, Required: true}}, CreatedAt: now, ExpiresAt: now.Add(time.Hour),
		Resend: &connection.Resend{Left: 1},
	}
}

// book stores two accounts with three movements, and one that was merged.
func (h *house) book(t testing.TB, tx store.Tx, owner store.Owner, r *resident) error {
	t.Helper()
	now := time.Now()
	for i := range 2 {
		a := ledger.Account{
			ID: ident.New[ident.Account](h.ids), ClientID: owner.Client, UserID: owner.User, ConnectionID: ident.Connection(r.idle), Type: bank.Checkings,
			Status: ledger.Active, Name: r.canary, Holder: r.canary, Number: r.canary, Currency: "EUR", Balance: money.Must("12.30", "EUR"),
			Balances:    []ledger.Balance{{Type: ledger.BalanceBooked, Amount: money.Must("12.30", "EUR"), AsOf: now}},
			BalanceAsOf: now, SharedBy: []string{usecasetest.Embedded}, FedBy: usecasetest.Embedded, BankID: fmt.Sprint(i), FirstSeenAt: now.Add(time.Duration(i)),
		}
		if err := tx.Accounts().Put(t.Context(), a); err != nil {
			return err
		}
		r.other, r.account = r.account, string(a.ID)
	}
	for i := range 4 {
		id := ident.New[ident.Transaction](h.ids)
		row := ledger.Transaction{
			ID: id, ClientID: owner.Client, UserID: owner.User, ConnectionID: ident.Connection(r.idle), AccountID: ident.Account(r.account),
			Amount: money.Must("-1.00", "EUR"), Status: ledger.Booked, Type: ledger.Debit, BookingDate: "2026-03-01", EffectiveDate: "2026-03-01",
			FirstSeenAt: now, UpdatedAt: now, Label: r.canary, RawLabel: r.canary, Merchant: r.canary, Fingerprint: fmt.Sprint(i),
		}
		if i == 3 {
			row.Removed, row.Removal = true, ledger.Merged
			row.Links = []ledger.Link{{Type: ledger.DuplicateOf, TransactionID: ident.Transaction(r.transaction), Confidence: 1}}
			r.merged = string(id)
		} else {
			r.twin, r.transaction = r.transaction, string(id)
		}
		if err := tx.Transactions().Put(t.Context(), row); err != nil {
			return err
		}
	}
	return nil
}

// first is the id of the first thing of a list.
func (h *house) first(t testing.TB, r resident, list string) string {
	t.Helper()
	w := h.call(http.MethodGet, list, r.client, "")
	require.Equal(t, 200, w.Code, w.Body)
	var page struct{ Data []struct{ ID string } }
	require.NoError(t, json.Unmarshal(w.Body.Bytes(), &page))
	require.NotEmpty(t, page.Data, list)
	return page.Data[0].ID
}
