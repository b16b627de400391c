package endtoend

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/require"
)

// operation is one call that the committed document describes.
type operation struct {
	id, method, path string
	query            []string
	body             bool
}

// operations reads them all: a call that is added later is walked without
// anybody thinking of it.
func operations(t *testing.T) []operation {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "..", "openapi", "openapi-3.0.yaml"))
	require.NoError(t, err)
	document, err := openapi3.NewLoader().LoadFromData(text)
	require.NoError(t, err)
	var all []operation
	for path, item := range document.Paths.Map() {
		for method, op := range item.Operations() {
			found := operation{id: op.OperationID, method: method, path: path, body: op.RequestBody != nil}
			for _, p := range op.Parameters {
				if p.Value.In == openapi3.ParameterInQuery {
					found.query = append(found.query, p.Value.Name)
				}
			}
			all = append(all, found)
		}
	}
	require.Greater(t, len(all), 25)
	slices.SortFunc(all, func(a, b operation) int { return strings.Compare(a.id, b.id) })
	return all
}

// belongings are the ids that a call can name; the victim's, or ones that do
// not exist.
type belongings struct {
	user, connection, run, account, transaction, queue, challenge, rule, configuration, webhook, visit, cursor string
	consent                                                                                                    string
	// follow is a cursor of the feed of transactions.
	follow string
}

// public are ids that are the same for everybody.
const public = "testbank"

// target says what stands for {id} of a path. An operation that it does not
// know fails the walk.
func (b belongings) target(t *testing.T, op operation) string {
	t.Helper()
	section := strings.Split(op.path, "/")[2]
	ids := map[string]string{
		"users": b.user, "connections": b.connection, "synchronizations": b.run, "accounts": b.account,
		"transactions": b.transaction, "queues": b.queue, "webhooks": b.webhook, "category_rules": b.rule, "consents": b.consent, "widget_sessions": b.visit, "providers": public, "sandbox": b.configuration,
	}
	id, known := ids[section]
	require.True(t, known || !strings.Contains(op.path, "{"), "the walk has no id for %s", op.path)
	path := strings.NewReplacer("{id}", id, "{channel_definition_id}", embedded).Replace(op.path)
	require.NotContains(t, path, "{", "the walk cannot fill %s", op.path)
	return path
}

// filters are the parameters that name somebody's things, one call for each.
func (b belongings) filters(t *testing.T, op operation) []string {
	t.Helper()
	values := map[string]string{
		"user_id": b.user, "connection_id": b.connection, "account_id": b.account, "cursor": b.cursor,
	}
	if op.id == "sync-transactions" {
		values["cursor"] = b.follow
	}
	var all []string
	for _, name := range op.query {
		if value, names := values[name]; names {
			all = append(all, "?"+name+"="+value)
		} else {
			require.NotRegexp(t, `_id$`, strings.ReplaceAll(strings.ReplaceAll(name, "provider_id", ""), "external_id", ""),
				"the walk has no value for %s of %s", name, op.id)
		}
	}
	return all
}

// content is a body that would do what it says, were the ids one's own.
func (b belongings) content(t *testing.T, op operation) string {
	t.Helper()
	if !op.body {
		return ""
	}
	credentials := `{"login":"anna","password":"anna-pass1"}`
	bodies := map[string]string{
		"create-user":             "", // names nothing that exists
		"change-user":             `{"password":"taken0ver"}`,
		"create-connection":       `{"user_id":"` + b.user + `",` + order("testbank", embedded, credentials)[1:],
		"change-connection":       `{"name":"taken over","auto_sync":false}`,
		"change-account":          `{"name":"taken over"}`,
		"migrate-account":         `{"to":"` + b.account + `"}`,
		"change-transaction":      `{"label":"taken over","category_id":"food.groceries"}`,
		"merge-transaction":       `{"into":"` + b.transaction + `"}`,
		"tell-transactions-apart": `{"of":"` + b.transaction + `"}`,
		"replace-credentials":     `{"credentials":` + credentials + `}`,
		"answer-challenge":        `{"id":"` + b.challenge + `","answers":{"code":"123456"}}`,
		"start-synchronization":   `{"type":"ALL"}`,
		"start-synchronizations":  `{"user_id":"` + b.user + `"}`,
		"create-category-rule":    `{"user_id":"` + b.user + `","text":"shop","category_id":"food.groceries"}`,
		"renew-consent":           `{"terms_version":"2026-03"}`,
		"create-widget-session":   `{"user_id":"` + b.user + `","connection_id":"` + b.connection + `"}`,
		"create-webhook":          `{"url":"https://mine.example.org/","user_id":"` + b.user + `","connection_id":"` + b.connection + `"}`,
		"change-webhook":          `{"enabled":false,"user_id":"` + b.user + `"}`,
		"rotate-webhook-secret":   `{"overlap_seconds":60}`,
		"replay-deliveries":       `{"after":0,"until":9}`,
		"create-queue":            `{"user_id":"` + b.user + `"}`,
		"acknowledge-events":      `{"seq":1}`,
		"lease-events":            `{"limit":1,"seconds":1}`,
		"forgive-persona":         `{"login":"anna","configuration_id":"` + b.configuration + `"}`,
		"switch-testbank":         `{"down":true,"configuration_id":"` + b.configuration + `"}`,
		"move-clock":              "", // names nothing of anybody

		"create-testbank-configuration": "", // the same
	}
	body, known := bodies[op.id]
	require.True(t, known, "the walk has no body for %s", op.id)
	return body
}
