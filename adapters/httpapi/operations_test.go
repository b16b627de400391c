package httpapi

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/legacy"
	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/client"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/secret"
	"github.com/tributary-dev/tributary/ports/usecase"
)

// example is one good call of an operation, with everything it can be given.
type example struct {
	id, method, target, body string
	status                   int
	// client and user are the scopes, in each mode, of which one is enough;
	// noUser says that a user's token is refused.
	client, user []client.Scope
	noUser       bool
}

func examples() []example {
	scopes := func(s ...client.Scope) []client.Scope { return s }
	read, manage, sync := scopes(client.ConnectionsRead), scopes(client.ConnectionsManage), scopes(client.ConnectionsSync)
	accounts, transactions := scopes(client.AccountsRead), scopes(client.TransactionsRead)
	keep, correct := scopes(client.AccountsManage), scopes(client.TransactionsManage)
	users, either := scopes(client.UsersManage), scopes(client.ConnectionsManage, client.ConnectionsSync)
	page := "limit=500&user_id=" + usr
	credentials := `{"login":"12345678","site":"a"}`
	return slices.Concat(sandboxExamples(), diagnosisExamples(), consentExamples(), deliveries(), webhookExamples(), widgetExamples(), []example{
		{"create-user", "POST", "/v1/users", `{"email":"ada@example.org","password":"secret1"}`, 201, scopes(client.UsersCreate), nil, true},
		{"list-users", "GET", "/v1/users?limit=1&email=ada@example.org&external_id=x", "", 200, users, nil, true},
		{"get-user", "GET", "/v1/users/" + usr, "", 200, users, scopes(client.Profile), false},
		{"change-user", "PATCH", "/v1/users/" + usr, `{"email":"eve@example.org","password":"secret2"}`, 200, users, scopes(client.ProfileEdit), false},
		{"delete-user", "DELETE", "/v1/users/" + usr, "", 204, users, scopes(client.ProfileEdit), false},
		{"list-providers", "GET", "/v1/providers?limit=2&search=test&country=fr&channel=EMBEDDED&account_type=LOAN&health=UP", "", 200, nil, nil, false},
		{"get-provider", "GET", "/v1/providers/testbank", "", 200, nil, nil, false},
		{"create-connection", "POST", "/v1/connections", `{"user_id":"` + usr + `","provider_id":"testbank","name":"Mine","auto_sync":false,"channels":[{"channel_definition_id":"testbank-web","credentials":` + credentials + `}]}`, 202, manage, manage, false},
		{"list-connections", "GET", "/v1/connections?" + page + "&provider_id=testbank&status=RUNNING", "", 200, read, read, false},
		{"get-connection", "GET", "/v1/connections/" + con, "", 200, read, read, false},
		{"change-connection", "PATCH", "/v1/connections/" + con, `{"name":"Mine","auto_sync":true}`, 200, manage, manage, false},
		{"delete-connection", "DELETE", "/v1/connections/" + con, "", 204, manage, manage, false},
		{"replace-credentials", "PUT", "/v1/connections/" + con + "/channels/testbank-web/credentials", `{"credentials":` + credentials + `}`, 202, manage, manage, false},
		{"get-challenge", "GET", "/v1/connections/" + con + "/challenge", "", 200, read, read, false},
		{"answer-challenge", "POST", "/v1/connections/" + con + "/challenge", `{"id":"` + cha + `","answers":{"code":"123456"}}`, 202, either, either, false},
		{"start-synchronization", "POST", "/v1/connections/" + con + "/synchronizations", `{"type":"LIST_ACCOUNTS"}`, 202, sync, sync, false},
		{"start-synchronizations", "POST", "/v1/synchronizations", `{"user_id":"` + usr + `","type":"ALL"}`, 202, sync, sync, false},
		{"list-synchronizations", "GET", "/v1/synchronizations?" + page + "&connection_id=" + con + "&status=SUCCESS", "", 200, read, read, false},
		{"get-synchronization", "GET", "/v1/synchronizations/" + syn, "", 200, read, read, false},
		{"cancel-synchronization", "POST", "/v1/synchronizations/" + syn + "/cancel", "", 200, sync, sync, false},
		{"list-accounts", "GET", "/v1/accounts?" + page + "&connection_id=" + con + "&type=LOAN&status=ACTIVE", "", 200, accounts, accounts, false},
		{"get-account", "GET", "/v1/accounts/" + acc, "", 200, accounts, accounts, false},
		{"get-balances", "GET", "/v1/accounts/" + acc + "/balances", "", 200, accounts, accounts, false},
		{"get-balance-history", "GET", "/v1/accounts/" + acc + "/balances/history?limit=2", "", 200, accounts, accounts, false},
		{"change-account", "PATCH", "/v1/accounts/" + acc, `{"name":"Household"}`, 200, keep, keep, false},
		{"delete-account", "DELETE", "/v1/accounts/" + acc, "", 204, keep, keep, false},
		{"migrate-account", "POST", "/v1/accounts/" + acc + "/migrate", `{"to":"` + acc + `"}`, 200, keep, keep, false},
		{"resend-challenge", "POST", "/v1/connections/" + con + "/challenge/resend", "", 202, either, either, false},
		{"list-transactions", "GET", "/v1/transactions?" + page + "&account_id=" + acc + "&connection_id=" + con + "&from=2026-03-01&to=2026-03-31&min_amount=-100.00&max_amount=10&status=BOOKED&category=food&text=bak", "", 200, transactions, transactions, false},
		{"get-transaction", "GET", "/v1/transactions/" + txn, "", 200, transactions, transactions, false},
		{"sync-transactions", "GET", "/v1/transactions/sync?" + page + "&cursor=now", "", 200, transactions, transactions, false},
		{"change-transaction", "PATCH", "/v1/transactions/" + txn, `{"label":"Lunch","category_id":"food.restaurants"}`, 200, correct, correct, false},
		{"hide-transaction", "DELETE", "/v1/transactions/" + txn, "", 204, correct, correct, false},
		{"merge-transaction", "POST", "/v1/transactions/" + txn + "/merge", `{"into":"` + txn + `"}`, 200, correct, correct, false},
		{"unmerge-transaction", "POST", "/v1/transactions/" + txn + "/unmerge", "", 200, correct, correct, false},
		{"tell-transactions-apart", "POST", "/v1/transactions/" + txn + "/not_a_duplicate", `{"of":"` + txn + `"}`, 200, correct, correct, false},
		{"list-duplicate-candidates", "GET", "/v1/transactions/duplicate_candidates?" + page + "&account_id=" + acc, "", 200, transactions, transactions, false},
		{"get-transaction-history", "GET", "/v1/transactions/" + txn + "/history", "", 200, transactions, transactions, false},
		{"list-categories", "GET", "/v1/categories?locale=fr", "", 200, nil, nil, false},
		{"create-category-rule", "POST", "/v1/category_rules", `{"user_id":"` + usr + `","name":"Lunch","text":"café","direction":"DEBIT","category_id":"food.restaurants"}`, 201, correct, correct, false},
		{"list-category-rules", "GET", "/v1/category_rules?" + page, "", 200, transactions, transactions, false},
		{"get-category-rule", "GET", "/v1/category_rules/" + rul, "", 200, transactions, transactions, false},
		{"delete-category-rule", "DELETE", "/v1/category_rules/" + rul, "", 204, correct, correct, false},
	})
}

// deliveries are how events come to a client.
func deliveries() []example {
	events := []client.Scope{client.EventsRead}
	return []example{
		{"list-events", "GET", "/v1/events?after=41&limit=2&wait=30&user_id=" + usr, "", 200, events, events, false},
		{"create-queue", "POST", "/v1/queues", `{"user_id":"` + usr + `","types":["user.created"]}`, 201, events, events, false},
		{"list-queues", "GET", "/v1/queues?limit=3", "", 200, events, events, false},
		{"read-queue", "GET", "/v1/queues/" + que + "/events?after=41&limit=2&wait=30", "", 200, events, events, false},
		{"acknowledge-events", "POST", "/v1/queues/" + que + "/ack", `{"seq":43}`, 200, events, events, false},
		{"lease-events", "POST", "/v1/queues/" + que + "/leases", `{"limit":2,"seconds":5,"wait":30}`, 200, events, events, false},
		{"delete-queue", "DELETE", "/v1/queues/" + que, "", 204, events, events, false},
	}
}

// contract checks answers against the document that clients are generated from.
type contract struct {
	doc    *openapi3.T
	router routers.Router
}

func newContract(t *testing.T) contract {
	t.Helper()
	_, yaml30, err := Spec()
	require.NoError(t, err)
	doc, err := openapi3.NewLoader().LoadFromData(yaml30)
	require.NoError(t, err)
	require.NoError(t, doc.Validate(t.Context()))
	router, err := legacy.NewRouter(doc)
	require.NoError(t, err)
	return contract{doc, router}
}

func (c contract) input(t *testing.T, r *http.Request) *openapi3filter.RequestValidationInput {
	t.Helper()
	route, params, err := c.router.FindRoute(r)
	require.NoError(t, err)
	return &openapi3filter.RequestValidationInput{
		Request: r, PathParams: params, Route: route,
		Options: &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc, IncludeResponseStatus: true},
	}
}

func (c contract) keeps(t *testing.T, r *http.Request, w *httptest.ResponseRecorder) {
	t.Helper()
	err := openapi3filter.ValidateResponse(t.Context(), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: c.input(t, r), Status: w.Code, Header: w.Header(), Body: io.NopCloser(bytes.NewReader(w.Body.Bytes())),
		Options: &openapi3filter.Options{IncludeResponseStatus: true},
	})
	require.NoError(t, err)
}

func TestEveryOperationIsInTheTable(t *testing.T) {
	t.Parallel()
	var documented, tried []string
	for _, item := range newContract(t).doc.Paths.Map() {
		for _, op := range item.Operations() {
			documented = append(documented, op.OperationID)
		}
	}
	for _, e := range examples() {
		tried = append(tried, e.id)
	}
	require.ElementsMatch(t, documented, tried)
}

func TestEveryOperationAnswersAsDocumented(t *testing.T) {
	t.Parallel()
	c := newContract(t)
	for _, e := range examples() {
		t.Run(e.id, func(t *testing.T) {
			t.Parallel()
			g := newRig()
			sent := request(e.method, e.target, clientToken, e.body)
			require.NoError(t, openapi3filter.ValidateRequest(t.Context(), c.input(t, sent)))
			r := request(e.method, e.target, clientToken, e.body)
			w := g.do(r)
			require.Equal(t, e.status, w.Code, w.Body.String())
			c.keeps(t, r, w)
			require.NotContains(t, w.Body.String(), "never-shown")
			require.NotContains(t, w.Body.String(), "$schema")
			require.Equal(t, "no-store", w.Header().Get("Cache-Control"))
			require.Equal(t, "nosniff", w.Header().Get("X-Content-Type-Options"))
			require.Empty(t, w.Header().Get("Server"))
			if e.status == http.StatusNoContent {
				require.Empty(t, w.Body.String())
			}
		})
	}
}

func TestEveryKindOfFaultHasAStatus(t *testing.T) {
	t.Parallel()
	want := map[fault.Kind]int{
		fault.Invalid: 422, fault.Unauthenticated: 401, fault.Forbidden: 403, fault.NotFound: 404, fault.Gone: 410, fault.Conflict: 409,
		fault.TooLarge: 413, fault.RateLimited: 429, fault.Unavailable: 503, fault.Internal: 500,
	}
	require.Len(t, statuses, len(fault.Kinds()))
	for _, kind := range fault.Kinds() {
		require.Equal(t, want[kind], statuses[kind], kind)
	}
}

func TestEveryFaultOfEveryOperationIsAProblem(t *testing.T) {
	t.Parallel()
	c := newContract(t)
	for _, e := range examples() {
		if e.id == "list-categories" { // it cannot fail
			continue
		}
		g := newRig()
		for _, kind := range fault.Kinds() {
			t.Run(e.id+"/"+string(kind), func(t *testing.T) {
				g.logs.text.Reset()
				g.fail = fault.New(kind, "some_code", "Some words.").With(fault.At("body.x", "is odd")).About(syn).
					Because(fault.New(fault.Internal, "cause", "Only for the log."))
				r := request(e.method, e.target, clientToken, e.body)
				w := g.do(r)
				c.keeps(t, r, w)
				body := w.Body.String()
				p := refused(t, w, statuses[kind], "some_code")
				require.NotContains(t, body, "Only for the log.")
				require.Equal(t, []wrongPlace{{"body.x", "is odd"}}, p.Errors)
				require.Equal(t, syn, *p.Subject)
				require.Equal(t, kind == fault.RateLimited || kind == fault.Unavailable, w.Header().Get("Retry-After") != "")
				require.Equal(t, kind == fault.Unauthenticated, w.Header().Get("WWW-Authenticate") != "")
				require.Equal(t, statuses[kind] >= 500, bytes.Contains([]byte(g.logs.String()), []byte("Only for the log.")))
			})
		}
	}
}

func TestScopes(t *testing.T) {
	t.Parallel()
	for _, e := range examples() {
		t.Run(e.id, func(t *testing.T) {
			t.Parallel()
			e.tryMode(t, "", e.client, false)
			e.tryMode(t, usr, e.user, e.noUser)
		})
	}
}

// holder is an authenticator that gives a principal with chosen scopes.
type holder struct{ p *usecase.Principal }

func (h holder) Authenticate(context.Context, secret.String) (usecase.Principal, error) {
	return *h.p, nil
}

func (e example) tryMode(t *testing.T, user string, enough []client.Scope, never bool) {
	t.Helper()
	p := usecase.Principal{Client: sampleClient, User: ident.User(user)}
	g := newRig(func(c *Config) { c.Authenticator = holder{&p} })
	for _, scope := range client.Scopes() {
		p.Scopes = []client.Scope{scope}
		w := g.call(e.method, e.target, "any", e.body)
		switch {
		case never:
			refused(t, w, http.StatusForbidden, "client_token_required")
		case len(enough) == 0 || slices.Contains(enough, scope):
			require.Equal(t, e.status, w.Code, "%s %s", scope, w.Body)
		default:
			refused(t, w, http.StatusForbidden, "insufficient_scope")
			require.Contains(t, w.Header().Get("WWW-Authenticate"), `scope="`+string(enough[0])+`"`)
		}
	}
}

func TestRetryAfterIsRoundedUp(t *testing.T) {
	t.Parallel()
	g := newRig()
	g.fail = &fault.Error{Kind: fault.RateLimited, Code: "slow_down", Message: "Later.", RetryAfter: 1500 * time.Millisecond}
	w := g.call("GET", "/v1/accounts", clientToken, "")
	refused(t, w, http.StatusTooManyRequests, "slow_down")
	require.Equal(t, "2", w.Header().Get("Retry-After"))
}
