package outbound_test

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tributary-dev/tributary/adapters/outbound"
)

func TestRules_permit_the_public_internet(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.0",
		"169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0", "191.255.255.255", "192.0.1.0", "192.167.255.255", "192.169.0.0",
		"198.17.255.255", "198.20.0.0", "223.255.255.255", "168.63.129.15", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8",
		"2606:4700:4700::1111", "2001:4860:4860::8888", "2a00:1450:4007::1", "2001:200::1", "2003::1",
	} {
		require.True(t, outbound.Rules{}.Permits(netip.MustParseAddr(text)), text)
	}
}

func TestRules_allow_what_the_operator_names(t *testing.T) {
	t.Parallel()
	rules := outbound.Rules{Allow: []netip.Prefix{netip.MustParsePrefix("10.1.0.0/16"), netip.MustParsePrefix("fd12::/32")}}
	for text, want := range map[string]bool{
		"10.1.2.3": true, "10.2.0.1": false, "::ffff:10.1.2.3": true, "64:ff9b::10.1.2.3": false, "2002:a01:203::": false,
		"fd12::1": true, "fd13::1": false, "fd12::1%eth0": false, "8.8.8.8": true,
	} {
		require.Equal(t, want, rules.Permits(netip.MustParseAddr(text)), text)
	}
	require.False(t, rules.Permits(netip.Addr{}))
}

// An IPv4 address is judged the same in every form that carries it, or refused.
func TestRules_see_through_every_wrapping(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var bytes [4]byte
		for i := range bytes {
			bytes[i] = rapid.Byte().Draw(t, "byte")
		}
		plain := outbound.Rules{}.Permits(netip.AddrFrom4(bytes))
		wrap := func(prefix string, at int) bool {
			whole := netip.MustParseAddr(prefix).As16()
			copy(whole[at:], bytes[:])
			return outbound.Rules{}.Permits(netip.AddrFrom16(whole))
		}
		require.Equal(t, plain, wrap("::ffff:0:0", 12))
		require.Equal(t, plain, wrap("64:ff9b::", 12))
		for prefix, at := range map[string]int{"2002::": 2, "::": 12, "64:ff9b:1::": 12, "2001:0:4136:e378::": 12, "2606:4700::5efe:0:0": 12, "::ffff:0:0:0": 12} {
			require.False(t, wrap(prefix, at), prefix)
		}
	})
}
