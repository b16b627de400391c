// Package webhooktest holds the contract suite of ports/webhook, and a fake that
// passes it.
package webhooktest

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/delivery"
	"github.com/tributary-dev/tributary/ports/webhook"
)

// Endpoint says how a receiver behaves.
type Endpoint struct {
	Status     int
	RetryAfter string
	// Location makes the answer a redirect.
	Location string
	Body     string
	// Silent never answers; Endless has a body that does not end.
	Silent, Endless bool
}

// World is a sender among endpoints.
type World struct {
	Sender webhook.Sender
	// Serve starts a public endpoint and tells its address.
	Serve func(Endpoint) string
	// Seen are the messages that all of them got, oldest first.
	Seen func() []webhook.Message
	// Private is an address that may not be asked; Nowhere is one where nobody is.
	Private, Nowhere string
	// Limit of an exchange.
	Limit time.Duration
	// Now is the sender's clock.
	Now func() time.Time
}

// Open makes a world for one test.
type Open func(t *testing.T) World

var message = webhook.Message{ID: "evt_1", At: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC), Signature: "v1,abc v1,def", Body: []byte(`{"a":"é"}`)}

func (w World) send(t *testing.T, e Endpoint) delivery.Answer {
	t.Helper()
	m := message
	m.URL = w.Serve(e)
	return w.Sender.Send(t.Context(), m)
}

// Run holds a sender to the contract of ports/webhook.
func Run(t *testing.T, open Open) {
	t.Helper()
	for _, name := range Cases() {
		t.Run(name, func(t *testing.T) { t.Parallel(); RunCase(t, name, open) })
	}
}

var cases = map[string]func(*testing.T, World){
	"Sends_what_it_is_given":           sendsAll,
	"Tells_the_status":                 tellsStatus,
	"Follows_no_redirect":              followsNothing,
	"Keeps_the_beginning_of_an_answer": keepsExcerpt,
	"Ends_where_nobody_answers":        ends,
	"Reads_no_more_than_its_bound":     readsLittle,
	"Hears_when_to_come_again":         hearsRetryAfter,
	"Asks_nothing_that_is_private":     asksNothingPrivate,
	"Ends_with_its_caller":             endsWithCaller,
}

// Cases are the names of what the contract says, for who runs each in a bubble
// of time of its own.
func Cases() []string { return slices.Sorted(maps.Keys(cases)) }

// RunCase holds a sender to one of them.
func RunCase(t *testing.T, name string, open Open) { t.Helper(); cases[name](t, open(t)) }

func sendsAll(t *testing.T, w World) {
	answer := w.send(t, Endpoint{Status: http.StatusNoContent})
	require.Equal(t, http.StatusNoContent, answer.HTTPStatus)
	require.Empty(t, answer.Code)
	require.GreaterOrEqual(t, answer.Took, time.Duration(0))
	seen := w.Seen()
	require.Len(t, seen, 1)
	seen[0].URL = ""
	require.Equal(t, message, seen[0])
}

func tellsStatus(t *testing.T, w World) {
	for _, status := range []int{200, 201, 299, 300, 304, 400, 404, 410, 429, 500, 503, 599} {
		require.Equal(t, status, w.send(t, Endpoint{Status: status}).HTTPStatus)
	}
}

func followsNothing(t *testing.T, w World) {
	next := w.Serve(Endpoint{Status: http.StatusOK})
	for _, status := range []int{301, 302, 303, 307, 308} {
		require.Equal(t, status, w.send(t, Endpoint{Status: status, Location: next}).HTTPStatus)
	}
	require.Len(t, w.Seen(), 5, "nobody came to the place that was named")
}

func keepsExcerpt(t *testing.T, w World) {
	for body, want := range map[string]string{
		"":                             "",
		"  fine \n":                    "fine",
		"é\x00\x1b[31m\x7f\u200b\x80x": "é[31mx",
		"a\nb\tc":                      "a b c",
		strings.Repeat("é", 600):       strings.Repeat("é", webhook.MaxExcerpt),
		strings.Repeat("\x01", 9000):   "",
	} {
		require.Equal(t, want, w.send(t, Endpoint{Status: http.StatusBadRequest, Body: body}).Excerpt)
	}
}

func ends(t *testing.T, w World) {
	answer := w.send(t, Endpoint{Silent: true})
	require.Equal(t, delivery.TimedOut, answer.Code)
	require.Zero(t, answer.HTTPStatus)
	require.GreaterOrEqual(t, answer.Took, w.Limit)
	require.Less(t, answer.Took, 10*w.Limit)
}

// readsLittle also says what an endless answer means: its status was told.
func readsLittle(t *testing.T, w World) {
	answer := w.send(t, Endpoint{Status: http.StatusOK, Body: "x", Endless: true})
	require.Equal(t, http.StatusOK, answer.HTTPStatus)
	require.Equal(t, strings.Repeat("x", webhook.MaxExcerpt), answer.Excerpt)
	require.Less(t, answer.Took, 10*w.Limit)
}

func hearsRetryAfter(t *testing.T, w World) {
	for text, want := range map[string]time.Duration{
		"": 0, "7": 7 * time.Second, " 120 ": 2 * time.Minute, "0": 0, "-5": 0, "soon": 0, "1.5": 0, "99999999": delivery.LongestWait,
		"9223372036854775807": delivery.LongestWait,
		w.Now().Add(-time.Hour).UTC().Format(http.TimeFormat):          0,
		w.Now().Add(30 * 24 * time.Hour).UTC().Format(http.TimeFormat): delivery.LongestWait,
	} {
		require.Equal(t, want, w.send(t, Endpoint{Status: http.StatusServiceUnavailable, RetryAfter: text}).RetryAfter, text)
	}
	at := w.Now().Add(time.Hour).UTC().Format(http.TimeFormat)
	require.InDelta(t, time.Hour, w.send(t, Endpoint{Status: http.StatusTooManyRequests, RetryAfter: at}).RetryAfter, float64(10*time.Second))
}

// asksNothingPrivate says the same of what may not be asked and what is not
// there, so that nobody learns from it what there is.
func asksNothingPrivate(t *testing.T, w World) {
	m := message
	m.URL = w.Nowhere
	nobody := w.Sender.Send(t.Context(), m)
	m.URL = w.Private
	refused := w.Sender.Send(t.Context(), m)
	require.Equal(t, delivery.Unreachable, refused.Code)
	nobody.Took, refused.Took = 0, 0
	require.Equal(t, nobody, refused)
	require.Empty(t, w.Seen())
	require.Equal(t, delivery.ErrWebhookURL, w.Sender.Check(w.Private))
	for _, wrong := range []string{"", "x", "ftp://example.com/", "http://", "https://user@example.com/", "https://example.com/#there", "http://[::1]/", "http://2130706433/", "%"} {
		require.Equal(t, delivery.ErrWebhookURL, w.Sender.Check(wrong), wrong)
	}
	require.NoError(t, w.Sender.Check(w.Serve(Endpoint{})))
}

func endsWithCaller(t *testing.T, w World) {
	m := message
	m.URL = w.Serve(Endpoint{Silent: true})
	ctx, cancel := timeout(t, w.Limit/4)
	defer cancel()
	answer := w.Sender.Send(ctx, m)
	require.Zero(t, answer.HTTPStatus)
	require.Less(t, answer.Took, w.Limit)
}
