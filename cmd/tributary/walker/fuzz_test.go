package walker

import (
	"bytes"
	"flag"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// TestMain takes N, how many inputs each operation is given, and SEED, which
// gives the same ones again.
func TestMain(m *testing.M) {
	flag.Parse()
	usual := map[string]string{"rapid.checks": "100", "rapid.nofailfile": "true"}
	if n := os.Getenv("N"); n != "" {
		usual["rapid.checks"] = n
	}
	if seed := os.Getenv("SEED"); seed != "" {
		usual["rapid.seed"] = seed
	}
	for name, value := range usual {
		if err := flag.Set(name, value); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}

// TestNonsense sends each operation good inputs and inputs that were spoilt.
// Whatever comes back is what the document says: never a failure of ours, a
// refusal always a problem, a status always one that is written down, and no
// refusal repeats what was sent (claims A10, A11).
func TestNonsense(t *testing.T) {
	t.Parallel()
	doc := document(t)
	for _, o := range operations(t) {
		t.Run(o.OperationID, func(t *testing.T) {
			t.Parallel()
			h := open(t)
			f := fuzzed{operation: o, house: h, doc: doc, statuses: map[int]int{}, owner: h.settle(t, h.register(t, "Acme"), "c4nary")}
			f.target, f.content = f.owner.target(t, o), f.owner.content(t, o, true)
			rapid.Check(t, f.one)
			t.Log(f.statuses)
			good := 0
			for status, count := range f.statuses {
				if status < 300 {
					good += count
				}
			}
			require.Positive(t, good, "no input was ever good: %v", f.statuses)
		})
	}
}

type fuzzed struct {
	operation
	*house
	doc      *openapi3.T
	owner    resident
	statuses map[int]int
	// target and content are a call that does what it says.
	target, content string
}

func (f fuzzed) one(t *rapid.T) {
	r := f.draw(t)
	sent := r.Clone(r.Context())
	body, _ := io.ReadAll(r.Body) // it is in memory
	r.Body, sent.Body = io.NopCloser(bytes.NewReader(body)), io.NopCloser(bytes.NewReader(body))
	w := httptest.NewRecorder()
	f.api.ServeHTTP(w, r)
	f.statuses[w.Code]++
	what := func() string {
		return r.Method + " " + sent.URL.String()[:min(300, len(sent.URL.String()))] + "\n" + string(body[:min(500, len(body))]) + "\n→ " + told(w)
	}
	if w.Code >= 500 {
		t.Fatalf("it failed: %s", what())
	}
	if f.Responses.Status(w.Code) == nil {
		t.Fatalf("%d is not documented: %s", w.Code, what())
	}
	if w.Code >= 400 {
		if kind := w.Header().Get("Content-Type"); kind != "application/problem+json" {
			t.Fatalf("no problem but %s: %s", kind, what())
		}
		if strings.Contains(told(w), marker) {
			t.Fatalf("it repeats what was sent: %s", what())
		}
	}
	if err := f.keeps(sent, w); err != nil {
		t.Fatalf("the answer is not as documented: %v\n%s", err, what())
	}
}

// keeps holds an answer against the document.
func (f fuzzed) keeps(r *http.Request, w *httptest.ResponseRecorder) error {
	options := &openapi3filter.Options{IncludeResponseStatus: true, MultiError: true}
	item := f.doc.Paths.Value(f.path)
	return openapi3filter.ValidateResponse(r.Context(), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: &openapi3filter.RequestValidationInput{
			Request: r, Options: options,
			Route: &routers.Route{Spec: f.doc, Path: f.path, PathItem: item, Method: f.method, Operation: f.Operation},
		},
		Status: w.Code, Header: w.Header(), Body: io.NopCloser(bytes.NewReader(w.Body.Bytes())), Options: options,
	})
}
