package playground_test

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/adapters/playground"
)

func get(t *testing.T, path string) *httptest.ResponseRecorder {
	t.Helper()
	w := httptest.NewRecorder()
	playground.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, http.NoBody))
	return w
}

func TestHandler(t *testing.T) {
	t.Parallel()
	page := get(t, "/playground")
	require.Equal(t, http.StatusOK, page.Code)
	require.Equal(t, "text/html; charset=utf-8", page.Header().Get("Content-Type"))
	loaded := regexp.MustCompile(`(?:src|href)="(/playground/[^"]+)"`).FindAllStringSubmatch(page.Body.String(), -1)
	require.Len(t, loaded, 2)
	for _, one := range loaded {
		answer := get(t, one[1])
		require.Equal(t, http.StatusOK, answer.Code, one[1])
		require.NotContains(t, answer.Header().Get("Content-Type"), "html")
	}
	for _, path := range []string{"/playground/", "/playground/unknown.js", "/playground/..%2fplayground.go", "/playground/assets/playground.js"} {
		require.Equal(t, http.StatusNotFound, get(t, path).Code, path)
	}
}

// What is typed in the playground is a secret: nothing else may run there, frame it
// or be sent it.
func TestHandler_lets_nothing_else_in(t *testing.T) {
	t.Parallel()
	header := get(t, "/playground").Header()
	policy := header.Get("Content-Security-Policy")
	for _, rule := range strings.Split(policy, "; ") {
		name, sources, _ := strings.Cut(rule, " ")
		require.Contains(t, []string{"'none'", "'self'", "'self' data:", "'script'"}, sources, name)
	}
	require.Contains(t, policy, "default-src 'none'")
	require.Contains(t, policy, "frame-ancestors 'none'")
	require.NotContains(t, policy, "unsafe")
	require.Equal(t, "no-referrer", header.Get("Referrer-Policy"))
	require.Equal(t, "no-store", header.Get("Cache-Control"))
	require.Equal(t, "same-origin-allow-popups", header.Get("Cross-Origin-Opener-Policy"))
}
