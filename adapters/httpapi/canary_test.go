package httpapi

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/require"
)

// canary is what no answer and no log line may hold, wherever it was put. It
// looks like an acceptable name, so that only the rule itself keeps it back.
const canary = "canary7f3a9c"

// attempt is a call that is wrong in one place.
type attempt struct {
	where string
	r     *http.Request
}

func TestNothingThatWasSentComesBack(t *testing.T) {
	t.Parallel()
	c := newContract(t)
	for _, e := range examples() {
		t.Run(e.id, func(t *testing.T) {
			t.Parallel()
			g := newRig()
			for _, a := range e.attempts(t, c) {
				g.logs.text.Reset()
				w := g.do(a.r)
				require.NotContains(t, w.Body.String(), canary, a.where)
				require.NotContains(t, fmt.Sprint(w.Header()), canary, a.where)
				require.NotContains(t, g.logs.String(), canary, a.where)
				if w.Code >= http.StatusBadRequest {
					require.Equal(t, problemType, w.Header().Get("Content-Type"), a.where)
				}
			}
		})
	}
}

func (e example) attempts(t *testing.T, c contract) []attempt {
	attempts := e.spoiledQuery(t, c)
	attempts = append(attempts, e.spoiledPath()...)
	attempts = append(attempts, e.spoiledHeaders()...)
	if e.body == "" {
		return append(attempts, attempt{"a body where none is taken", request(e.method, e.target, clientToken, `"`+canary+`"`)})
	}
	for _, raw := range []string{canary, `"` + canary + `"`, `["` + canary + `"]`, `{"id":"` + canary, `{"` + canary + `"}`, e.body + canary} {
		attempts = append(attempts, attempt{"body " + raw, request(e.method, e.target, clientToken, raw)})
	}
	var body any
	require.NoError(t, json.Unmarshal([]byte(e.body), &body))
	spoil(body, "body", func(where string) {
		text, err := json.Marshal(body)
		require.NoError(t, err)
		attempts = append(attempts, attempt{where, request(e.method, e.target, clientToken, string(text))})
	})
	return attempts
}

func (e example) spoiledQuery(t *testing.T, c contract) []attempt {
	names := map[string]bool{"unknown": true}
	_, params, err := c.router.FindRoute(request(e.method, e.target, "", ""))
	require.NoError(t, err)
	require.NotNil(t, params)
	for _, p := range c.operation(e.id).Parameters {
		if p.Value.In == "query" {
			names[p.Value.Name] = true
		}
	}
	var attempts []attempt
	path, query, _ := strings.Cut(e.target, "?")
	for name := range names {
		values, err := url.ParseQuery(query)
		require.NoError(t, err)
		values.Set(name, canary)
		attempts = append(attempts, attempt{"query " + name, request(e.method, path+"?"+values.Encode(), clientToken, e.body)})
		values.Add(name, canary)
		attempts = append(attempts, attempt{"query twice " + name, request(e.method, path+"?"+values.Encode(), clientToken, e.body)})
	}
	return append(attempts, attempt{"query malformed", request(e.method, path+"?limit=%zz"+canary, clientToken, e.body)})
}

func (c contract) operation(id string) *openapi3.Operation {
	for _, item := range c.doc.Paths.Map() {
		for _, op := range item.Operations() {
			if op.OperationID == id {
				return op
			}
		}
	}
	return nil
}

func (e example) spoiledPath() []attempt {
	path, query, _ := strings.Cut(e.target, "?")
	segments := strings.Split(path, "/")
	var attempts []attempt
	for i := 1; i < len(segments); i++ {
		spoiled := append([]string{}, segments...)
		spoiled[i] = canary
		attempts = append(attempts, attempt{"path", request(e.method, strings.Join(spoiled, "/")+"?"+query, clientToken, e.body)})
		spoiled[i] = "/" + canary
		attempts = append(attempts, attempt{"path with a gap", request(e.method, strings.Join(spoiled, "/")+"?"+query, clientToken, e.body)})
	}
	return attempts
}

func (e example) spoiledHeaders() []attempt {
	var attempts []attempt
	for _, name := range []string{"Content-Type", "Accept", "Accept-Language", "PSU-IP-Address", "PSU-User-Agent", "User-Agent", "X-Request-Id", "Authorization"} {
		for _, value := range []string{canary + "; x", "Bearer " + canary, "application/" + canary} {
			r := request(e.method, e.target, clientToken, e.body)
			r.Header.Set(name, value)
			attempts = append(attempts, attempt{"header " + name, r})
		}
	}
	return attempts
}

// spoil puts the canary, in every shape, into each place of a JSON value.
func spoil(value any, where string, try func(where string)) {
	shapes := []any{canary, map[string]any{"x": canary}, []any{canary}}
	if strings.HasSuffix(where, "credentials") || strings.HasSuffix(where, "answers") {
		value.(map[string]any)[canary] = 1 // name and value swapped: here a name may be a secret
		try(where + " swapped")
		delete(value.(map[string]any), canary)
	}
	switch v := value.(type) {
	case map[string]any:
		for name, kept := range maps.Clone(v) {
			for _, shape := range shapes {
				v[name] = shape
				try(where + "." + name)
			}
			v[name] = kept
			spoil(kept, where+"."+name, try)
		}
		v["unknown"] = canary
		try(where + " unknown property")
		v["unknown"] = map[string]any{"x": canary}
		try(where + " unknown object")
		delete(v, "unknown")
		v["not a name "+canary] = 1
		try(where + " unfit name")
		delete(v, "not a name "+canary)
	case []any:
		for i, kept := range v {
			for _, shape := range shapes {
				v[i] = shape
				try(fmt.Sprintf("%s[%d]", where, i))
			}
			v[i] = kept
			spoil(kept, fmt.Sprintf("%s[%d]", where, i), try)
		}
	}
}
