package httpapi

import (
	"maps"
	"net/http"
	"slices"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/client"
	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/core/synchronization"
)

// TestShapes writes down the fields that clients rely on.
func TestShapes(t *testing.T) {
	t.Parallel()
	text := map[string][]string{
		"/v1/users/" + usr:       {"created_at", "email", "external_id", "id"},
		"/v1/providers/testbank": {"channel_definitions", "country", "id", "logo_url", "name", "status", "time_zone"},
		"/v1/connections/" + con: {
			"auto_sync", "channels", "created_at", "id", "last_success_at", "last_synchronization_id", "name",
			"next_synchronization_at", "provider_id", "status", "user_id",
		},
		"/v1/connections/" + con + "/challenge": {
			"channel_definition_id", "connection_id", "expires_at", "fields", "id", "image", "message", "options", "resend",
			"synchronization_id", "type", "url",
		},
		"/v1/synchronizations/" + syn: {
			"accounts", "connection_id", "created_at", "error", "finished_at", "id", "retry_at", "stage", "started_at", "status", "trigger", "type", "user_id",
		},
		"/v1/accounts/" + acc: {
			"balance", "balance_as_of", "connection_id", "credit_limit", "currency", "history", "holder", "iban", "id", "last_attempt_at",
			"last_success_at", "name", "next_try_at", "number", "same_as", "shared_by", "status", "supersedes", "type", "user_id",
		},
		"/v1/transactions/" + txn: {
			"account_id", "amount", "booking_date", "category", "connection_id", "effective_date", "first_seen_at", "id", "label", "links",
			"merchant", "raw_label", "status", "transaction_date", "type", "updated_at", "user_id", "value_date",
		},
	}
	for target, want := range text {
		w := newRig().call("GET", target, clientToken, "")
		require.Equal(t, want, slices.Sorted(maps.Keys(decoded(t, w))), target)
	}
}

func TestValues(t *testing.T) {
	t.Parallel()
	g := newRig()
	for target, want := range map[string]string{
		"/v1/users/" + usr: `{"id":"` + usr + `","email":"ada@example.org","external_id":null,"created_at":"2026-03-02T12:00:00.123456Z"}`,
		"/v1/transactions/" + txn: `{"id":"` + txn + `","account_id":"` + acc + `","connection_id":"` + con + `","user_id":"` + usr + `",
			"amount":{"amount":"-12.30","currency":"EUR"},"status":"BOOKED","type":"POINT_OF_SALE","booking_date":"2026-03-02","value_date":"2026-03-03",
			"transaction_date":"2026-03-01","effective_date":"2026-03-01","first_seen_at":"2026-03-02T12:00:00.123456Z","updated_at":"2026-03-02T12:00:00.123456Z",
			"label":"Bakery <Martin> & Sons","raw_label":"CB BAKERY","merchant":"Bakery","category":{"id":"food.groceries","source":"ENGINE","confidence":0.9},
			"links":[{"type":"refund_of","transaction_id":"` + txn + `","confidence":1}]}`,
		"/v1/queues/" + que + "/events?limit=1": `{"data":[
			{"seq":42,"id":"evt_00000000000000000000000010","name":"synchronization.stage","version":1,"occurred_at":"2026-03-02T12:00:00.123456Z","user_id":"` + usr + `","connection_id":"` + con + `","channel_definition_id":"testbank-web","data":{"stage":"ACCOUNTS"}},
			{"seq":43,"id":"evt_00000000000000000000000011","name":"user.created","version":1,"occurred_at":"2026-03-02T12:00:00.123456Z","user_id":null,"connection_id":null,"channel_definition_id":null,"data":{}}],"next_cursor":null}`,
	} {
		require.JSONEq(t, want, g.call("GET", target, clientToken, "").Body.String())
	}
	raw := g.call("GET", "/v1/transactions/"+txn, clientToken, "").Body.String()
	require.Contains(t, raw, "Bakery <Martin> & Sons", "not escaped for HTML")
	account := decoded(t, g.call("GET", "/v1/accounts/"+acc, clientToken, ""))
	require.Equal(t, map[string]any{"amount": "-12.30", "currency": "EUR"}, account["balance"])
}

func TestEmptyListsAreLists(t *testing.T) {
	t.Parallel()
	accounts := decoded(t, newRig().call("GET", "/v1/accounts", clientToken, ""))["data"].([]any)
	require.Equal(t, []any{}, accounts[1].(map[string]any)["shared_by"])
	require.Nil(t, accounts[1].(map[string]any)["balance"])
	require.Equal(t, []any{}, each([]int(nil), func(int) any { return nil }))
}

func TestRequiredAction(t *testing.T) {
	t.Parallel()
	for _, status := range connection.ChannelStatuses() {
		channel := connection.Channel{Status: status, URL: "https://bank.example", Fields: []string{"password"}}
		of := &connection.Connection{AutoSync: true, NextSynchronizationAt: sampleRun().CreatedAt}
		view := shower{locale: english}.channel(of, channel)
		advice := of.Advise(channel, nil)
		require.Equal(t, advice.Message["en"], *view.Message, status)
		require.Equal(t, moment(advice.RetryAt), view.RetryAt, status)
		got := view.RequiredAction
		if advice.Action == connection.ActionNone {
			require.Nil(t, got, status)
			continue
		}
		require.Equal(t, string(advice.Action), got.Type)
		require.Equal(t, []string{"password"}, got.Fields)
		require.Equal(t, "https://bank.example", *got.URL)
	}
	channels := decoded(t, newRig().call("GET", "/v1/connections/"+con, clientToken, ""))["channels"].([]any)
	require.Equal(t, map[string]any{"type": "ANSWER_CHALLENGE", "fields": []any{"code"}, "url": nil, "expires_at": "2026-03-02T12:00:00.123456Z"},
		channels[0].(map[string]any)["required_action"], "a running channel with an open challenge asks for the answer")
	require.Equal(t, "Type the code.", channels[0].(map[string]any)["message"], "and says what for")
	require.Equal(t, "EDIT_CREDENTIALS", channels[1].(map[string]any)["required_action"].(map[string]any)["type"])
}

func TestTextsFollowTheLanguage(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]string{
		"": english, "fr": french, "fr-CA,en;q=0.8": french, "en;q=0.3, fr;q=0.9": french, "de, fr;q=0.1": french, "de": english,
		"fr;q=0": english, "fr;q=x": english, "*": english, "FR": french, ",,;q=1": english,
	} {
		require.Equal(t, want, preferred(header), header)
	}
	for target, words := range map[string][2]string{
		"/v1/providers/testbank":                {"Customer number", "Numéro client"},
		"/v1/connections/" + con:                {"Wrong password.", "Mot de passe erroné."},
		"/v1/connections/" + con + "/challenge": {"Type the code.", "Saisissez le code."},
		"/v1/connections/" + con + "/diagnosis": {"Check your credentials", "Vérifiez vos identifiants"},
		"/v1/synchronizations/" + syn:           {"Down.", "En panne."},
		"/v1/categories":                        {"Groceries", "Courses"},
	} {
		g := newRig()
		require.Contains(t, g.call("GET", target, clientToken, "").Body.String(), words[0])
		r := request("GET", target, clientToken, "")
		r.Header.Set("Accept-Language", "fr")
		require.Contains(t, g.do(r).Body.String(), words[1])
	}
	require.Contains(t, newRig().call("GET", "/v1/categories?locale=fr", clientToken, "").Body.String(), "Courses")
}

func TestEnumerationsAreThoseOfTheDomain(t *testing.T) {
	t.Parallel()
	doc := newContract(t).doc
	property := func(schema, name string) []any {
		return doc.Components.Schemas[schema].Value.Properties[name].Value.Enum
	}
	require.Equal(t, texts(connection.ChannelStatuses()), property("Channel", "status"))
	require.Equal(t, texts(connection.ChallengeTypes()), property("Challenge", "type"))
	require.Equal(t, texts(synchronization.Statuses()), property("Synchronization", "status"))
	require.Equal(t, texts(ledger.Statuses()), property("Transaction", "status"))
	for id, want := range map[string]map[string][]any{
		"list-accounts":         {"type": texts(bank.AccountTypes()), "status": property("Account", "status")},
		"list-providers":        {"account_type": texts(bank.AccountTypes())},
		"list-transactions":     {"status": texts(ledger.Statuses())},
		"list-synchronizations": {"status": texts(synchronization.Statuses())},
		"list-connections":      {"status": property("Connection", "status")},
	} {
		for name, enum := range want {
			require.Equal(t, enum, parameter(newContract(t).operation(id), name).Schema.Value.Enum, id+" "+name)
		}
	}
	for _, scope := range client.Scopes() {
		require.NotEmpty(t, doc.Components.SecuritySchemes["oauth2"].Value.Flows.Password.Scopes[string(scope)], scope)
	}
}

func parameter(op *openapi3.Operation, name string) *openapi3.Parameter {
	return op.Parameters.GetByInAndName("query", name)
}

func texts[T ~string](values []T) []any {
	var out []any
	for _, v := range values {
		out = append(out, string(v))
	}
	return out
}

func TestCreatedThingsTellWhereTheyAre(t *testing.T) {
	t.Parallel()
	want := map[string]string{
		"create-user": "/v1/users/" + usr, "create-connection": "/v1/connections/" + con,
		"start-synchronization": "/v1/synchronizations/" + syn, "create-webhook": "/v1/webhooks/" + whk, "create-widget-session": "/v1/widget_sessions/" + wid, "renew-consent": "/v1/synchronizations/" + syn, "create-queue": "/v1/queues/" + que + "/events",
		"create-category-rule":          "/v1/category_rules/" + rul,
		"create-testbank-configuration": configurationPath + "/" + cfg,
	}
	for _, e := range examples() {
		w := newRig().call(e.method, e.target, clientToken, e.body)
		require.Equal(t, want[e.id], w.Header().Get("Location"), e.id)
		require.NotEqual(t, http.StatusMovedPermanently, w.Code)
	}
}
