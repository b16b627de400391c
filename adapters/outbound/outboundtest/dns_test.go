package outboundtest_test

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/adapters/outbound/outboundtest"
)

func TestResolver_answers(t *testing.T) {
	t.Parallel()
	r := outboundtest.Resolver(func(string) []netip.Addr { return outboundtest.Addrs("192.0.2.7", "2001:db8::7") })
	got, err := r.LookupNetIP(t.Context(), "ip", "name.example")
	require.NoError(t, err)
	require.ElementsMatch(t, outboundtest.Addrs("192.0.2.7", "2001:db8::7"), got)
}
