package httpapi

import (
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"
)

// with makes a call with one header, in lines.
func (g *rig) with(method, target, body, header string, lines ...string) *httptest.ResponseRecorder {
	r := request(method, target, clientToken, body)
	for _, line := range lines {
		r.Header.Add(header, line)
	}
	return g.do(r)
}

func TestTagIsThatOfTheBody(t *testing.T) {
	t.Parallel()
	for _, target := range []string{
		"/v1/users/" + usr, "/v1/connections/" + con, "/v1/accounts/" + acc, "/v1/transactions/" + txn, "/v1/synchronizations/" + syn, "/v1/providers/testbank",
	} {
		t.Run(target, func(t *testing.T) {
			t.Parallel()
			g := newRig()
			w := g.call("GET", target, clientToken, "")
			require.Equal(t, 200, w.Code)
			tag := w.Header().Get("ETag")
			require.Equal(t, tagOf(w.Body.Bytes()), tag)
			again := g.with("GET", target, "", "If-None-Match", tag)
			require.Equal(t, 304, again.Code)
			require.Empty(t, again.Body.String())
			require.Empty(t, again.Header().Get("Content-Type"))
			require.Equal(t, tag, again.Header().Get("ETag"))
		})
	}
}

func TestIfNoneMatch(t *testing.T) {
	t.Parallel()
	target := "/v1/users/" + usr
	tag := newRig().call("GET", target, clientToken, "").Header().Get("ETag")
	for name, c := range map[string]struct {
		lines  []string
		status int
	}{
		"other": {[]string{`"other"`}, 200}, "any": {[]string{"*"}, 304}, "weak": {[]string{"W/" + tag}, 304},
		"list": {[]string{`"a,b" , ` + tag}, 304}, "two lines": {[]string{`"a"`, tag}, 304},
		"malformed": {[]string{tag + " x"}, 200}, "bare": {[]string{tag[1 : len(tag)-1]}, 200}, "empty": {[]string{""}, 200},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, c.status, newRig().with("GET", target, "", "If-None-Match", c.lines...).Code)
		})
	}
	refused(t, newRig().with("GET", "/v1/users/usr_nobody", "", "If-None-Match", "*"), 404, "user_not_found")
}

func TestIfMatch(t *testing.T) {
	t.Parallel()
	changes := map[string]string{"/v1/users/" + usr: `{"email":"eve@example.org"}`, "/v1/connections/" + con: `{"name":"a"}`, "/v1/accounts/" + acc: `{"name":"a"}`}
	for target, body := range changes {
		tag := newRig().call("GET", target, clientToken, "").Header().Get("ETag")
		for name, c := range map[string]struct{ value, code string }{
			"same": {tag, ""}, "any": {"*", ""}, "one of": {`"a", ` + tag, ""},
			"other": {`"a"`, "precondition_failed"}, "weak": {"W/" + tag, "precondition_failed"},
			"malformed": {tag + "x", "invalid_precondition"}, "empty": {"", "invalid_precondition"},
		} {
			t.Run(target+" "+name, func(t *testing.T) {
				t.Parallel()
				g := newRig()
				changed, deleted := g.with("PATCH", target, body, "If-Match", c.value), g.with("DELETE", target, "", "If-Match", c.value)
				if c.code == "" {
					require.Equal(t, []int{200, 204}, []int{changed.Code, deleted.Code})
					require.Equal(t, tagOf(changed.Body.Bytes()), changed.Header().Get("ETag"), "the change tells the new state's")
					return
				}
				status := map[string]int{"precondition_failed": 412, "invalid_precondition": 422}[c.code]
				refused(t, changed, status, c.code)
				refused(t, deleted, status, c.code)
				require.NotContains(t, g.seen, "change")
				require.NotContains(t, g.seen, "delete")
			})
		}
	}
	refused(t, newRig().with("DELETE", "/v1/users/usr_nobody", "", "If-Match", "*"), 404, "user_not_found")
	refused(t, newRig().with("PATCH", "/v1/users/"+usr, `{"x":1}`, "If-Match", `"a"`), 422, "unknown_property")
}
