package walker

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"unicode"

	"github.com/stretchr/testify/require"
)

// listened is a log that is kept while somebody listens.
type listened struct {
	mu        sync.Mutex
	text      strings.Builder
	listening bool
}

func (l *listened) Write(record []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.listening {
		l.text.Write(record)
	}
	return len(record), nil
}

// during gives what was logged while work was done.
func (l *listened) during(work func()) string {
	l.mu.Lock()
	l.listening = true
	l.text.Reset()
	l.mu.Unlock()
	work()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.listening = false
	return l.text.String()
}

// injections are what ends a line, starts a terminal's command, turns the
// direction of text around, or forges a record or a header.
var injections = []string{
	"x\r\nSet-Cookie: forged=1", "x\n" + `{"level":"INFO","msg":"request","forged":true}`, "\x1b[2Jx\x07", "\u009b31m", "\u202egnp.exe", "\u2028\u2029x", "\x00x\x7f",
	`x","msg":"forged`, "\xff\xfe\r\nx", "\U000e0041x",
}

// TestNothingIsInjected_A13 puts such texts into every input of every call, and
// of the token server: each request is one line of JSON that says "request", no
// line holds a character that acts, and no header of the answer is theirs.
func TestNothingIsInjected_A13(t *testing.T) {
	t.Parallel()
	h := open(t)
	v := h.settle(t, h.register(t, "Acme"), "c4nary")
	tried := 0
	for _, o := range operations(t) {
		for _, evil := range injections {
			for place, r := range o.injected(t, v, evil) {
				h.harmless(t, r, fmt.Sprintf("%s of %s: %q", place, o.OperationID, evil))
				tried++
			}
		}
	}
	for _, evil := range injections {
		for _, name := range []string{"grant_type", "username", "password", "scope", "refresh_token", "client_id", "token", "resource"} {
			form := url.Values{"grant_type": {"password"}, "username": {"x"}, "password": {"x"}}
			form.Set(name, evil)
			for _, path := range []string{"/oauth/token", "/oauth/revoke", "/oauth/introspect", "/oauth/" + url.PathEscape(evil)} {
				r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
				r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
				r.Header.Set("User-Agent", evil)
				r.SetBasicAuth(string(v.application.id)+map[bool]string{true: evil}[name == "client_id"], v.application.secret)
				h.harmless(t, r, fmt.Sprintf("%s of %s: %q", name, path, evil))
				tried++
			}
		}
	}
	require.Greater(t, tried, 3000)
}

// injected are a call's requests with a text in one of its places.
func (o operation) injected(t *testing.T, v resident, evil string) map[string]*http.Request {
	t.Helper()
	target, body := v.target(t, o), v.content(t, o, true)
	all := map[string]*http.Request{}
	with := func(place, target, body string) *http.Request {
		r := httptest.NewRequest(o.method, target, strings.NewReader(body))
		r.Header.Set("Authorization", "Bearer "+v.client)
		if body != "" {
			r.Header.Set("Content-Type", "application/json")
		}
		all[place] = r
		return r
	}
	with("path", strings.TrimSuffix(target, "/")+"/"+url.PathEscape(evil), body)
	with("name of a parameter", target+"?"+url.QueryEscape(evil)+"=1", body)
	for _, name := range o.query() {
		if name != "wait" {
			with("parameter "+name, target+"?"+name+"="+url.QueryEscape(evil), body)
		}
	}
	for _, name := range []string{"Authorization", "User-Agent", "X-Request-Id", "Accept-Language", "Accept-Encoding", "Content-Type", "Content-Encoding", "Psu-Ip-Address", "Psu-User-Agent", "Idempotency-Key", "If-Match", "If-None-Match", "X-Forwarded-For"} {
		with("header "+name, target, body).Header.Set(name, evil)
	}
	text, err := json.Marshal(evil)
	require.NoError(t, err)
	for i, part := range strings.Split(body, `"`) {
		if i%2 == 1 { // a name or a text
			parts := strings.Split(body, `"`)
			parts[i] = string(text[1 : len(text)-1])
			with(fmt.Sprintf("body at %d, %d letters", i, len(part)), target, strings.Join(parts, `"`))
		}
	}
	return all
}

func (h *house) harmless(t *testing.T, r *http.Request, what string) {
	t.Helper()
	w := httptest.NewRecorder()
	log := h.log.during(func() { h.api.ServeHTTP(w, r) })
	requests := 0
	for line := range strings.Lines(log) {
		var record map[string]any
		require.NoError(t, json.Unmarshal([]byte(line), &record), what)
		require.NotContains(t, record, "forged", what)
		if record["msg"] == "request" {
			requests++
		}
		for _, c := range strings.TrimSuffix(line, "\n") {
			require.False(t, unicode.In(c, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp), "%s: %U in the log", what, c)
		}
	}
	require.Equal(t, 1, requests, "%s: %s", what, log)
	for name, values := range w.Header() {
		for _, value := range append(values, name) {
			require.NotContains(t, value, "forged", what)
			require.False(t, strings.ContainsFunc(value, func(c rune) bool { return unicode.IsControl(c) || unicode.In(c, unicode.Cf) }), "%s: %s: %q", what, name, value)
		}
	}
}
