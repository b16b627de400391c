package httpapi

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/client"
	"github.com/tributary-dev/tributary/core/delivery"
	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
)

func webhookExamples() []example {
	hooks := []client.Scope{client.WebhooksManage}
	return []example{
		{"create-webhook", "POST", "/v1/webhooks", `{"url":"https://example.org/hooks","description":"Billing","user_id":"` + usr + `","connection_id":"` + con + `","types":["user.created"],"algorithm":"ED25519"}`, 201, hooks, nil, true},
		{"list-webhooks", "GET", "/v1/webhooks?limit=3", "", 200, hooks, nil, true},
		{"get-webhook", "GET", "/v1/webhooks/" + whk, "", 200, hooks, nil, true},
		{"change-webhook", "PATCH", "/v1/webhooks/" + whk, `{"url":"https://example.org/other","description":"","user_id":"","connection_id":"","types":[],"enabled":true}`, 200, hooks, nil, true},
		{"delete-webhook", "DELETE", "/v1/webhooks/" + whk, "", 204, hooks, nil, true},
		{"rotate-webhook-secret", "POST", "/v1/webhooks/" + whk + "/rotate_secret", `{"overlap_seconds":3600}`, 200, hooks, nil, true},
		{"test-webhook", "POST", "/v1/webhooks/" + whk + "/test", "", 200, hooks, nil, true},
		{"list-deliveries", "GET", "/v1/webhooks/" + whk + "/deliveries?limit=3&status=FAILED&type=user.created", "", 200, hooks, nil, true},
		{"replay-deliveries", "POST", "/v1/webhooks/" + whk + "/replay", `{"after":1,"until":9}`, 202, hooks, nil, true},
	}
}

const hook = `"id":"` + whk + `","url":"https://example.org/hooks","description":"Billing","user_id":"` + usr + `","connection_id":"` + con + `",
	"types":["user.created"],"algorithm":"HMAC_SHA256","public_key":null,
	"secrets":[{"created_at":"2026-03-02T12:00:00.123456Z","expires_at":null,"public_key":null},
		{"created_at":"2026-03-02T12:00:00.123456Z","expires_at":"2026-03-02T12:00:00.123456Z","public_key":null}],
	"status":"DISABLED","disabled_reason":"FAILING","failing_since":"2026-03-02T12:00:00.123456Z","seq":42,"created_at":"2026-03-02T12:00:00.123456Z"`

func TestWebhookIsShownWithoutItsSecret(t *testing.T) {
	t.Parallel()
	g := newRig()
	require.JSONEq(t, "{"+hook+"}", g.call("GET", "/v1/webhooks/"+whk, clientToken, "").Body.String())
	w := g.call("POST", "/v1/webhooks", clientToken, `{"url":"https://example.org/hooks"}`)
	require.JSONEq(t, "{"+hook+`,"secret":"whsec_told"}`, w.Body.String(), "but once")
	require.Equal(t, usecase.NewWebhook{URL: "https://example.org/hooks", Algorithm: delivery.HMACSHA256, Filter: delivery.Filter{Names: []event.Name{}}}, g.seen["order"])
	w = g.call("POST", "/v1/webhooks/"+whk+"/rotate_secret", clientToken, "")
	require.JSONEq(t, "{"+hook+`,"secret":"whsec_again"}`, w.Body.String())
	require.Equal(t, 24*time.Hour, g.seen["overlap"])
	g.call("POST", "/v1/webhooks/"+whk+"/rotate_secret", clientToken, `{"overlap_seconds":0}`)
	require.Equal(t, time.Duration(0), g.seen["overlap"])
}

func TestWebhookChangesWhatIsGiven(t *testing.T) {
	t.Parallel()
	g := newRig()
	empty, none := "", []event.Name{}
	for body, want := range map[string]usecase.WebhookChange{
		`{}`:                        {},
		`{"enabled":true}`:          {Enabled: new(true)},
		`{"description":""}`:        {Description: &empty},
		`{"user_id":"","types":[]}`: {Filter: &usecase.FilterChange{UserID: (*ident.User)(&empty), Names: &none}},
	} {
		require.Equal(t, http.StatusOK, g.call("PATCH", "/v1/webhooks/"+whk, clientToken, body).Code, body)
		require.Equal(t, want, g.seen["change"], body)
	}
}

func TestDeliveryIsShown(t *testing.T) {
	t.Parallel()
	g := newRig()
	w := g.call("GET", "/v1/webhooks/"+whk+"/deliveries?status=FAILED&type=user.created&limit=3", clientToken, "")
	require.JSONEq(t, `{"data":[{"event_id":"`+evt+`","seq":43,"type":"user.created","status":"PENDING","attempts":[
		{"at":"2026-03-02T12:00:00.123456Z","http_status":null,"error":"timeout","duration_ms":15000,"excerpt":null},
		{"at":"2026-03-02T12:00:00.123456Z","http_status":503,"error":null,"duration_ms":1,"excerpt":"busy"}],
		"next_attempt_at":"2026-03-02T12:00:00.123456Z","created_at":"2026-03-02T12:00:00.123456Z"}],"next_cursor":null}`, w.Body.String())
	require.Equal(t, [2]any{store.DeliveryFilter{Status: delivery.Failed, Name: event.UserCreated}, store.Page{Limit: 3}}, g.seen["deliveries"])
}

func TestReplayIsOfARangeOrOfEvents(t *testing.T) {
	t.Parallel()
	g := newRig()
	path := "/v1/webhooks/" + whk + "/replay"
	w := g.call("POST", path, clientToken, `{"after":0,"until":60}`)
	require.Equal(t, http.StatusAccepted, w.Code)
	require.JSONEq(t, `{"queued":10,"has_more":true,"next_after":50}`, w.Body.String())
	require.Equal(t, usecase.Replay{Until: 60}, g.seen["replay"])
	g.call("POST", path, clientToken, `{"event_ids":["`+evt+`"]}`)
	require.Equal(t, usecase.Replay{Events: []ident.Event{evt}}, g.seen["replay"])
	for _, body := range []string{`{}`, `{"after":1}`, `{"until":1}`, `{"event_ids":[]}`, `{"after":0,"until":1,"event_ids":["` + evt + `"]}`, `{"after":1,"event_ids":["` + evt + `"]}`} {
		refused(t, g.call("POST", path, clientToken, body), http.StatusUnprocessableEntity, "invalid_replay")
	}
	refused(t, g.call("POST", path, clientToken, `{"event_ids":["nonsense"]}`), http.StatusNotFound, "event_not_found")
}

func TestPushedEventIsTheOneOfTheLog(t *testing.T) {
	t.Parallel()
	for _, e := range sampleEvents() {
		body, err := EncodeEvent(e)
		require.NoError(t, err)
		var got, logged map[string]any
		require.NoError(t, json.Unmarshal(body, &got))
		text, err := json.Marshal(showEvent(e))
		require.NoError(t, err)
		require.NoError(t, json.Unmarshal(text, &logged))
		require.Equal(t, string(e.Name), got["type"])
		require.Equal(t, logged["occurred_at"], got["timestamp"])
		delete(got, "type")
		delete(got, "timestamp")
		require.Equal(t, logged, got)
	}
}
