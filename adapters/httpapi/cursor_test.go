package httpapi

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/client"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
)

// lists are all lists that have pages, with the name under which the fakes
// keep what they were asked.
var lists = map[string]string{
	"/v1/users": "users", "/v1/providers": "providers", "/v1/connections": "connections", "/v1/synchronizations": "runs",
	"/v1/accounts": "accounts", "/v1/transactions": "transactions", "/v1/queues": "queues", "/v1/category_rules": "rules", "/v1/webhooks": "webhooks",
	"/v1/webhooks/" + whk + "/deliveries": "deliveries",
}

func (g *rig) firstCursor(t *testing.T, target string) string {
	t.Helper()
	g.more = store.Key{"2026-03-01", "x\x00y", ""}
	w := g.call("GET", target, clientToken, "")
	require.Equal(t, http.StatusOK, w.Code, w.Body.String())
	cursor, _ := decoded(t, w)["next_cursor"].(string)
	require.NotEmpty(t, cursor)
	return cursor
}

func (g *rig) askedPage(name string) store.Page {
	if pair, ok := g.seen[name].([2]any); ok {
		return pair[1].(store.Page)
	}
	return g.seen[name].(store.Page)
}

func TestCursorLeadsOn(t *testing.T) {
	t.Parallel()
	for path, name := range lists {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newRig()
			cursor := g.firstCursor(t, path)
			require.Equal(t, store.Page{Limit: 100}, g.askedPage(name))
			g.more = nil
			w := g.call("GET", path+"?limit=7&cursor="+cursor, clientToken, "")
			require.Equal(t, http.StatusOK, w.Code, w.Body.String())
			require.Equal(t, store.Page{After: store.Key{"2026-03-01", "x\x00y", ""}, Limit: 7}, g.askedPage(name))
			body := decoded(t, w)
			require.Contains(t, body, "next_cursor")
			require.Nil(t, body["next_cursor"])
		})
	}
}

func TestCursorOfAnotherListHasTheWordsOfABrokenOne(t *testing.T) {
	t.Parallel()
	g := newRig()
	broken := g.call("GET", "/v1/accounts?cursor=x", clientToken, "")
	want := refused(t, broken, http.StatusUnprocessableEntity, "invalid_cursor")
	own := g.firstCursor(t, "/v1/accounts?type=LOAN")
	other := newRig(func(c *Config) {
		c.Authenticator = holder{&usecase.Principal{Client: "cli_other", Scopes: []client.Scope{client.AccountsRead}}}
	})
	foreign := other.firstCursor(t, "/v1/accounts")
	for name, cursor := range map[string]string{
		"another filter": own, "another list": g.firstCursor(t, "/v1/connections"), "another client": foreign,
		"not base64": "%21", "no JSON": base64.RawURLEncoding.EncodeToString([]byte("{")), "empty JSON": base64.RawURLEncoding.EncodeToString([]byte("{}")),
		"very long": strings.Repeat("A", 5000), "own with more behind": g.firstCursor(t, "/v1/accounts") + "A",
	} {
		t.Run(name, func(t *testing.T) {
			got := refused(t, g.call("GET", "/v1/accounts?cursor="+cursor, clientToken, ""), http.StatusUnprocessableEntity, "invalid_cursor")
			got.RequestID = want.RequestID
			require.Equal(t, want, got)
		})
	}
	t.Run("of the same list for a user", func(t *testing.T) {
		cursor := g.firstCursor(t, "/v1/accounts")
		refused(t, g.call("GET", "/v1/accounts?user_id="+usr+"&cursor="+url.QueryEscape(cursor), clientToken, ""), http.StatusUnprocessableEntity, "invalid_cursor")
		refused(t, g.call("GET", "/v1/accounts?cursor="+url.QueryEscape(cursor), userToken, ""), http.StatusUnprocessableEntity, "invalid_cursor")
	})
}

func TestEveryFilterIsPartOfTheCursor(t *testing.T) {
	t.Parallel()
	for path, query := range map[string]string{
		"/v1/users":            "email=a&external_id=b",
		"/v1/providers":        "search=a&country=FR&channel=REDIRECT&account_type=LOAN&health=UP",
		"/v1/connections":      "provider_id=a&status=FAILED",
		"/v1/synchronizations": "connection_id=a&status=FAILED",
		"/v1/accounts":         "connection_id=a&type=LOAN&status=ERROR",
		"/v1/transactions":     "account_id=a&connection_id=a&from=2026-01-01&to=2026-01-02&min_amount=1&max_amount=2&status=BOOKED&category=a&text=a",
	} {
		g := newRig()
		cursor := g.firstCursor(t, path+"?"+query)
		require.Equal(t, http.StatusOK, g.call("GET", path+"?"+query+"&cursor="+cursor, clientToken, "").Code)
		for _, one := range strings.Split(query, "&") {
			values, err := url.ParseQuery(query)
			require.NoError(t, err)
			values.Del(strings.Split(one, "=")[0])
			values.Set("cursor", cursor)
			refused(t, g.call("GET", path+"?"+values.Encode(), clientToken, ""), http.StatusUnprocessableEntity, "invalid_cursor")
		}
	}
}
