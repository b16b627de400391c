package node

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestBehind(t *testing.T) {
	t.Parallel()
	proxies := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")}
	seen := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, r.RemoteAddr) })
	for name, c := range map[string]struct {
		proxies []netip.Prefix
		peer    string
		headers []string
		status  int
		caller  string
	}{
		"nobody is believed without proxies":    {nil, "203.0.113.9:1", []string{"198.51.100.1"}, 200, "203.0.113.9:1"},
		"a proxy tells the caller":              {proxies, "10.1.2.3:1", []string{"198.51.100.1"}, 200, "198.51.100.1:0"},
		"what a stranger wrote is not believed": {proxies, "10.1.2.3:1", []string{"192.0.2.66, 198.51.100.1"}, 200, "198.51.100.1:0"},
		"proxies behind proxies":                {proxies, "10.1.2.3:1", []string{"192.0.2.66", "198.51.100.1, 10.9.9.9"}, 200, "198.51.100.1:0"},
		"an IPv4 in an IPv6":                    {proxies, "[::ffff:10.1.2.3]:1", []string{"::ffff:198.51.100.1"}, 200, "198.51.100.1:0"},
		"IPv6":                                  {proxies, "[fd00::1]:1", []string{"2001:db8::1"}, 200, "[2001:db8::1]:0"},
		"nonsense":                              {proxies, "10.1.2.3:1", []string{"198.51.100.1, nonsense"}, 200, "10.1.2.3:1"},
		"nothing":                               {proxies, "10.1.2.3:1", nil, 200, "10.1.2.3:1"},
		"only proxies":                          {proxies, "10.1.2.3:1", []string{"10.4.4.4"}, 200, "10.1.2.3:1"},
		"a stranger is refused":                 {proxies, "203.0.113.9:1", []string{"10.0.0.1"}, 403, "this server answers its proxy only\n"},
		"this machine may look":                 {proxies, "127.0.0.1:1", []string{"198.51.100.1"}, 200, "127.0.0.1:1"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			request := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
			request.RemoteAddr, request.Header["X-Forwarded-For"] = c.peer, c.headers
			answer := httptest.NewRecorder()
			behind(c.proxies, seen).ServeHTTP(answer, request)
			require.Equal(t, c.status, answer.Code)
			require.Equal(t, c.caller, answer.Body.String())
		})
	}
}
