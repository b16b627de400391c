package walker

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/adapters/httpapi"
	"github.com/tributary-dev/tributary/ports/usecase/usecasetest"
)

// operation is one call that the document describes.
type operation struct {
	*openapi3.Operation
	method, path string
}

func document(t testing.TB) *openapi3.T {
	t.Helper()
	_, yaml30, err := httpapi.Spec()
	require.NoError(t, err)
	doc, err := openapi3.NewLoader().LoadFromData(yaml30)
	require.NoError(t, err)
	require.NoError(t, doc.Validate(context.Background()))
	return doc
}

func operations(t testing.TB) []operation {
	t.Helper()
	var all []operation
	for path, item := range document(t).Paths.Map() {
		for method, op := range item.Operations() {
			all = append(all, operation{op, method, path})
		}
	}
	require.GreaterOrEqual(t, len(all), 30, "the document is not whole")
	slices.SortFunc(all, func(a, b operation) int { return strings.Compare(a.OperationID, b.OperationID) })
	return all
}

// takes reports whether the call has a body.
func (o operation) takes() bool { return o.RequestBody != nil }

func (o operation) query() (names []string) {
	for _, p := range o.Parameters {
		if p.Value.In == openapi3.ParameterInQuery {
			names = append(names, p.Value.Name)
		}
	}
	return names
}

// scopes are those of which one is enough; none where any token is.
func (o operation) scopes() (all []string) {
	if o.Security != nil {
		for _, alternative := range *o.Security {
			for _, scopes := range alternative {
				all = append(all, scopes...)
			}
		}
	}
	return all
}

// clientOnly are the calls that no user's token may make. The document has no
// words for that; the walk finds out when the list is wrong.
var clientOnly = []string{
	"create-user", "list-users", "create-testbank-configuration", "list-testbank-configurations", "get-testbank-configuration",
	"create-webhook", "list-webhooks", "get-webhook", "change-webhook", "delete-webhook", "rotate-webhook-secret", "test-webhook", "list-deliveries",
	"replay-deliveries", "delete-testbank-configuration", "move-clock", "forgive-persona", "switch-testbank",
}

func (o operation) clientOnly() bool { return slices.Contains(clientOnly, o.OperationID) }

func (o operation) section() string { return strings.Split(o.path, "/")[2] }

// belongings are the ids that a call can name: the victim's, or ones that do
// not exist.
type belongings struct {
	user, idle, asking, run, account, transaction, queue, challenge, rule, configuration, webhook string
	consent, visit                                                                                string
	// twin is a transaction beside transaction, merged one that was merged into it.
	// other is an account beside account.
	twin, merged, other string
	// cursors are by path of the list.
	cursors map[string]string
}

// published is a configuration of the test bank on the web of the house.
const published = "https://web.example/bank.yaml"

// nobodys are ids of the right form that belong to nobody.
func nobodys() belongings {
	const zero = "_00000000000000000000000000"
	return belongings{"usr" + zero, "con" + zero, "con" + zero, "syn" + zero, "acc" + zero, "txn" + zero, "que" + zero, "cha" + zero, "rul" + zero, "cfg" + zero, "whk" + zero, "cst" + zero, "wid" + zero, "txn" + zero, "txn" + zero, "acc" + zero, nil}
}

func (b belongings) all() []string {
	ids := []string{b.user, b.idle, b.asking, b.run, b.account, b.transaction, b.queue, b.challenge, b.rule, b.configuration, b.webhook, b.consent, b.visit, b.twin, b.merged, b.other}
	for _, cursor := range b.cursors {
		ids = append(ids, cursor)
	}
	return ids
}

// target puts an id into a path. A path that it cannot fill fails the walk.
func (b belongings) target(t *testing.T, o operation) string {
	t.Helper()
	ids := map[string]string{
		"users": b.user, "connections": b.idle, "synchronizations": b.run, "accounts": b.account,
		"transactions": b.transaction, "queues": b.queue, "webhooks": b.webhook, "category_rules": b.rule, "consents": b.consent, "widget_sessions": b.visit, "providers": usecasetest.Bank, "sandbox": b.configuration,
	}
	id, known := ids[o.section()]
	require.True(t, known || !strings.Contains(o.path, "{"), "the walk has no id for %s", o.path)
	if strings.Contains(o.path, "/challenge") {
		id = b.asking
	}
	if strings.HasSuffix(o.path, "/unmerge") {
		id = b.merged
	}
	path := strings.NewReplacer("{id}", id, "{channel_definition_id}", usecasetest.Embedded).Replace(o.path)
	require.NotContains(t, path, "{", "the walk cannot fill %s", o.path)
	return path
}

// filters are parameters that name somebody's things, each for a call of its own.
func (b belongings) filters(t *testing.T, o operation) []string {
	t.Helper()
	values := map[string]string{"user_id": b.user, "connection_id": b.idle, "account_id": b.account}
	all := []string{""}
	for _, name := range o.query() {
		value, names := values[name]
		switch {
		case names:
			all = append(all, "?"+name+"="+value)
		case name == "cursor":
			cursor := "bm8tY3Vyc29y"
			if own, is := b.cursors[o.path]; is {
				cursor = own
			}
			all = append(all, "?cursor="+cursor)
		default:
			require.False(t, strings.HasSuffix(name, "_id") && name != "provider_id" && name != "external_id", "the walk has no value for %s of %s", name, o.OperationID)
		}
	}
	return all
}

// content is a body that does what it says, for whom the ids belong to. A body
// that it does not know fails the walk.
func (b belongings) content(t testing.TB, o operation, clientMode bool) string {
	t.Helper()
	if !o.takes() {
		return ""
	}
	const credentials = `{"login":"1234","password":"pass"}`
	user := ""
	if clientMode {
		user = `"user_id":"` + b.user + `",`
	}
	bodies := map[string]string{
		"create-user":             `{"external_id":"somebody new"}`,
		"change-user":             `{"password":"taken0ver"}`,
		"create-connection":       `{` + user + `"provider_id":"` + usecasetest.Bank + `","channels":[{"channel_definition_id":"` + usecasetest.Embedded + `","credentials":` + credentials + `}]}`,
		"change-connection":       `{"name":"taken over","auto_sync":false}`,
		"change-account":          `{"name":"taken over"}`,
		"migrate-account":         `{"to":"` + b.other + `"}`,
		"change-transaction":      `{"label":"taken over","category_id":"food.groceries"}`,
		"merge-transaction":       `{"into":"` + b.twin + `"}`,
		"tell-transactions-apart": `{"of":"` + b.twin + `"}`,
		"replace-credentials":     `{"credentials":` + credentials + `}`,
		"answer-challenge":        `{"id":"` + b.challenge + `","answers":{"code":"123456"}}`,
		"start-synchronization":   `{"type":"ALL"}`,
		"start-synchronizations":  `{` + user + `"type":"ALL"}`,
		"create-category-rule":    `{` + user + `"name":"taken over","text":"c4nary","category_id":"food.groceries"}`,
		"renew-consent":           `{"terms_version":"2026-03"}`,
		"create-widget-session":   `{` + user + `"connection_id":"` + b.idle + `","state":"taken over"}`,
		"create-webhook":          `{"url":"https://mine.example/","user_id":"` + b.user + `","connection_id":"` + b.idle + `"}`,
		"change-webhook":          `{"url":"https://mine.example/","user_id":"` + b.user + `"}`,
		"rotate-webhook-secret":   `{"overlap_seconds":60}`,
		"replay-deliveries":       `{"after":0,"until":9}`,
		"create-queue":            `{` + user + `"types":[]}`,
		"acknowledge-events":      `{"seq":1}`,
		"lease-events":            `{"limit":1,"seconds":1}`,
		"move-clock":              `{"advance":"1h"}`,
		"forgive-persona":         `{"login":"guest","configuration_id":"` + b.configuration + `"}`,
		"switch-testbank":         `{"down":true,"configuration_id":"` + b.configuration + `"}`,

		"create-testbank-configuration": `{"url":"` + published + `"}`,
	}
	body, known := bodies[o.OperationID]
	require.True(t, known, "the walk has no body for %s", o.OperationID)
	return body
}

// names reports whether a call says whose things it is about, by these ids.
func (b belongings) names(target, body string) bool {
	return slices.ContainsFunc(b.all(), func(id string) bool { return strings.Contains(target, id) || strings.Contains(body, id) })
}

// writes reports whether a call may change something.
func (o operation) writes() bool { return o.method != http.MethodGet }
