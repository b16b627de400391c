// Package scripted is a bank for the tests of dialects: it answers by a script, and refuses what its standard forbids,
// whatever the script says.
//
// It knows no standard: what is forbidden is told by the tests, with code that the dialect does not share. It is for tests
// only. Invariant: a call that is refused fails the test.
package scripted

import (
	"crypto/tls"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
)

// Heard is a call as it came.
type Heard struct {
	// What is such as "GET /v1/accounts".
	What   string
	Query  url.Values
	Header http.Header
	Body   string
}

// Answerer gives a status and a text, in which {bank} is the bank's own address. What stands before a zero byte is a
// header, or a type of content.
type Answerer func(r Heard) (status int, text string)

// Says answers always the same.
func Says(status int, text string) Answerer { return func(Heard) (int, string) { return status, text } }

// InTurn answers with one after the other, and stays with the last.
func InTurn(answers ...Answerer) Answerer {
	n := 0
	return func(r Heard) (int, string) {
		n++
		return answers[min(n, len(answers))-1](r)
	}
}

// Standard is what a test knows of its standard.
type Standard struct {
	// Prefix stands before the paths of the standard, and Media is its type of content.
	Prefix, Media string
	// Unknown answers calls of which the script says nothing.
	Unknown Answerer
	// Complain says what is wrong with a call; nothing where all is right. path is without the prefix.
	Complain func(r *http.Request, path string, body []byte) string
	// Name is what is added to the name of a call, and Echo a header that is played back.
	Name func(path string, body []byte) string
	Echo string
}

// Bank is such a bank. Its script is changed under its lock (Set) once calls may be under way.
type Bank struct {
	URL    string
	Calls  []Heard
	Script map[string]Answerer

	t        testing.TB
	standard Standard
	mu       sync.Mutex
}

// Start starts a bank that shows a certificate of the papers, and wants one of them.
func Start(t testing.TB, papers *Papers, standard Standard, script map[string]Answerer) *Bank {
	t.Helper()
	b := &Bank{t: t, Script: script, standard: standard}
	server := httptest.NewUnstartedServer(b)
	server.TLS = &tls.Config{Certificates: []tls.Certificate{papers.Bank}, ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: papers.Authority.Pool(), MinVersion: tls.VersionTLS12}
	server.StartTLS()
	t.Cleanup(server.Close)
	b.URL = server.URL
	return b
}

// Set has the bank answer otherwise.
func (b *Bank) Set(what string, answer Answerer) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.Script[what] = answer
}

func (b *Bank) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	path := strings.TrimPrefix(r.URL.Path, b.standard.Prefix)
	call := Heard{r.Method + " " + path, r.URL.Query(), r.Header, string(body)}
	if b.standard.Name != nil {
		call.What += b.standard.Name(path, body)
	}
	b.mu.Lock()
	b.Calls = append(b.Calls, call)
	answer := b.Script[call.What]
	b.mu.Unlock()
	if complaint := b.standard.Complain(r, path, body); complaint != "" {
		b.t.Errorf("%s: %s", call.What, complaint)
		w.WriteHeader(http.StatusTeapot)
		return
	}
	if answer == nil {
		answer = b.standard.Unknown
	}
	b.mu.Lock()
	status, text := answer(call)
	b.mu.Unlock()
	if b.standard.Echo != "" {
		w.Header().Set(b.standard.Echo, r.Header.Get(b.standard.Echo))
	}
	w.Header().Set("Content-Type", b.standard.Media)
	for kind, rest, found := strings.Cut(text, "\x00"); found; kind, rest, found = strings.Cut(text, "\x00") {
		name, value, header := strings.Cut(kind, ": ")
		if !header {
			name, value = "Content-Type", kind
		}
		w.Header().Set(name, value)
		text = rest
	}
	w.WriteHeader(status)
	_, _ = io.WriteString(w, strings.ReplaceAll(text, "{bank}", b.URL))
}

// HeardOf are the calls of one kind.
func (b *Bank) HeardOf(what string) (calls []Heard) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, c := range b.Calls {
		if c.What == what {
			calls = append(calls, c)
		}
	}
	return calls
}

// Everything names all calls in their order.
func (b *Bank) Everything() (what []string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, c := range b.Calls {
		what = append(what, c.What)
	}
	return what
}

// Forget forgets the calls that came.
func (b *Bank) Forget() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.Calls = nil
}
