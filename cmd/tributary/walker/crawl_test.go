package walker

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/ports/usecase/usecasetest"
)

// TestNobodyReadsAnothersThings lets each tenant read all that it can, page by
// page, filtered and searched for what the others have: it finds its own canary
// and nobody else's (claim A2).
func TestNobodyReadsAnothersThings(t *testing.T) {
	t.Parallel()
	h := open(t)
	tenants := []resident{}
	for _, name := range []string{"ash", "birch", "cedar"} {
		tenants = append(tenants, h.settle(t, h.register(t, name), name+"-c4nary"))
	}
	tenants = append(tenants, h.settle(t, tenants[0].application, "dogwood-c4nary"))
	for _, reader := range tenants {
		t.Run(reader.canary, func(t *testing.T) {
			for mode, token := range map[string]string{"user": reader.user, "client": reader.client} {
				found := h.crawl(t, reader, tenants, token)
				require.Contains(t, found, reader.canary, "the %s finds its own", mode)
				for _, other := range tenants {
					if other.canary == reader.canary || (mode == "client" && other.application == reader.application) {
						continue
					}
					require.NotContains(t, found, other.canary, mode)
					for _, id := range other.all() {
						require.NotContains(t, found, id, mode)
					}
				}
			}
		})
	}
}

// crawl reads every GET with every parameter that could lead to others.
func (h *house) crawl(t *testing.T, reader resident, tenants []resident, token string) string {
	t.Helper()
	var all strings.Builder
	for _, o := range operations(t) {
		if o.writes() {
			continue
		}
		target := reader.target(t, o)
		queries := []string{""}
		for _, other := range tenants {
			for _, text := range []string{"text", "search", "email", "external_id"} {
				value := other.canary
				if text == "email" {
					value += "@example.org"
				}
				queries = append(queries, text+"="+url.QueryEscape(value))
			}
			if other.canary != reader.canary {
				for _, filter := range other.filters(t, o)[1:] {
					queries = append(queries, filter[1:])
				}
			}
		}
		for _, query := range queries {
			h.pages(t, &all, target, query, token)
		}
	}
	return all.String()
}

// pages reads a list to its end, or one thing.
func (h *house) pages(t *testing.T, into *strings.Builder, target, query, token string) {
	t.Helper()
	for range 100 {
		w := h.call(http.MethodGet, target+"?"+query, token, "")
		into.WriteString(told(w))
		var page struct {
			Next *string `json:"next_cursor"`
			More *bool   `json:"has_more"` // a feed always has a next cursor
		}
		require.NoError(t, json.Unmarshal(w.Body.Bytes(), &page))
		if w.Code != http.StatusOK || page.Next == nil || (page.More != nil && !*page.More) {
			return
		}
		query = "limit=1&cursor=" + url.QueryEscape(*page.Next)
	}
	t.Fatal("the list has no end")
}

// TestWhatIsReadOnlyStaysSo sends back all that an answer shows, changed: it is
// refused by name, and nothing changes (claim A3).
func TestWhatIsReadOnlyStaysSo(t *testing.T) {
	t.Parallel()
	h := open(t)
	v := h.settle(t, h.register(t, "Acme"), "c4nary")
	before, tried := h.everything(t), 0
	for _, o := range operations(t) {
		if !o.takes() {
			continue
		}
		schema := o.RequestBody.Value.Content["application/json"].Schema.Value
		for name, value := range h.shown(t, v) {
			if schema.Properties[name] != nil {
				continue
			}
			var body map[string]any
			require.NoError(t, json.Unmarshal([]byte(v.content(t, o, true)), &body))
			body[name] = value
			text, err := json.Marshal(body)
			require.NoError(t, err)
			w := h.call(o.method, v.target(t, o), v.client, string(text))
			require.Equal(t, 422, w.Code, "%s of %s: %s", name, o.OperationID, w.Body)
			require.Contains(t, w.Body.String(), `"unknown_property"`, "%s of %s", name, o.OperationID)
			tried++
		}
	}
	require.Greater(t, tried, 200)
	require.Equal(t, before, h.everything(t))
}

// shown are the properties of all that the victim can see, by name.
func (h *house) shown(t *testing.T, v resident) map[string]any {
	t.Helper()
	all := map[string]any{"client_id": "cli_x", "password_hash": "x", "scopes": []string{"users_manage"}, "rights": []string{"password_grant"}}
	for _, path := range []string{
		"/v1/users/" + v.belongings.user, "/v1/connections/" + v.idle, "/v1/connections/" + v.asking + "/challenge", "/v1/synchronizations/" + v.run,
		"/v1/accounts/" + v.account, "/v1/transactions/" + v.transaction, "/v1/providers/" + usecasetest.Bank,
		"/v1/sandbox/testbank_configurations/" + v.configuration, "/v1/category_rules/" + v.rule, "/v1/consents/" + v.consent, "/v1/webhooks/" + v.webhook, "/v1/widget_sessions/" + v.visit,
	} {
		w := h.call(http.MethodGet, path, v.client, "")
		require.Equal(t, 200, w.Code, fmt.Sprint(path, w.Body))
		require.NoError(t, json.Unmarshal(w.Body.Bytes(), &all))
	}
	return all
}
