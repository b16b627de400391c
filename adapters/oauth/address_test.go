package oauth

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestUserAddress(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ header, remote, want string }{
		"IPv4":                      {"", "192.0.2.7:4711", "192.0.2.7"},
		"IPv6 is its network":       {"", "[2001:db8:1:2:3:4:5:6]:4711", "2001:db8:1:2::/64"},
		"IPv4 inside IPv6":          {"", "[::ffff:192.0.2.7]:1", "192.0.2.7"},
		"zone":                      {"", "[fe80::1%eth0]:1", "fe80::/64"},
		"no address":                {"", "@", ""},
		"told by the client":        {"198.51.100.1", "192.0.2.7:4711", "198.51.100.1"},
		"told, IPv6":                {"2001:db8::1", "192.0.2.7:4711", "2001:db8::/64"},
		"told, IPv4 inside IPv6":    {"::ffff:198.51.100.1", "192.0.2.7:1", "198.51.100.1"},
		"told, although no remote":  {"198.51.100.1", "", "198.51.100.1"},
		"told with another network": {"2001:db8:0:1::1", "", "2001:db8:0:1::/64"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := &http.Request{RemoteAddr: c.remote, Header: http.Header{}}
			if c.header != "" {
				r.Header.Set("PSU-IP-Address", c.header)
			}
			got, err := userAddress(r)
			require.NoError(t, err)
			require.Equal(t, c.want, got)
		})
	}
	for _, text := range []string{"x", "1.2.3.4:5", "1.2.3", "1.2.3.4, 5.6.7.8", " "} {
		_, err := userAddress(&http.Request{Header: http.Header{"Psu-Ip-Address": {text}}})
		require.ErrorIs(t, err, errUserAddress, text)
	}
}
