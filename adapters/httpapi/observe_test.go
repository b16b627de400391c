package httpapi

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/ports/usecase"
)

func count(text, part string) int { return strings.Count(text, part) }

type observedKey struct{}

// panicking authenticates nobody.
type panicking struct{ usecase.Authenticator }

func TestEveryRequestIsObserved(t *testing.T) {
	t.Parallel()
	type seen struct {
		method, route string
		status        int
	}
	for name, c := range map[string]struct {
		method, path, token string
		want                seen
	}{
		"success":       {"GET", "/v1/users/" + usr, clientToken, seen{"GET", "GET /v1/users/{id}", 200}},
		"refusal":       {"GET", "/v1/users/" + usr, "", seen{"GET", "GET /v1/users/{id}", 401}},
		"no such route": {"GET", "/nowhere/canary", "", seen{"GET", "none", 404}},
		"odd method":    {"CANARY", "/v1/users", "", seen{"other", "none", 405}},
		"probe":         {"GET", "/healthz", "", seen{"GET", "GET /healthz", 200}},
		"panic":         {"GET", "/v1/users/" + usr, "panic", seen{"GET", "GET /v1/users/{id}", 500}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got []seen
			g := newRig(func(c *Config) {
				if name == "panic" {
					c.Authenticator = panicking{}
				}
				c.Observe = func(ctx context.Context, method string, header http.Header) (context.Context, func(string, int)) {
					require.NotEmpty(t, LogAttrs(ctx), "the request has its id")
					require.Equal(t, "00-1-2-01", header.Get("Traceparent"))
					return context.WithValue(ctx, observedKey{}, true), func(route string, status int) {
						got = append(got, seen{method, route, status})
					}
				}
			})
			r := request(c.method, c.path, c.token, "")
			r.Header.Set("Traceparent", "00-1-2-01")
			g.do(r)
			require.Equal(t, []seen{c.want}, got)
			require.Contains(t, g.logs.String(), `"route":"`+c.want.route+`"`, "the access log knows the route all the same")
		})
	}
}

func TestLogAttrsOfOtherWorkAreNone(t *testing.T) {
	t.Parallel()
	require.Empty(t, LogAttrs(t.Context()))
}
