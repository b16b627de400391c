package outbound

import "net/netip"

// Rules say which addresses may be asked. The zero Rules allow what the public
// internet routes, and nothing else.
type Rules struct {
	// Allow are networks of the operator that may be asked although they are
	// not public. They are compared with the address itself, never with one that
	// is embedded in it.
	Allow []netip.Prefix
}

// reserved4 are the IPv4 networks that are not public: IANA's special-purpose
// registry (RFC 6890 and its updates), multicast, class E, and the wire server
// of Azure, which answers every machine there from an address that looks public.
var reserved4 = prefixes(
	"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
	"192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
	"224.0.0.0/4", "240.0.0.0/4", "168.63.129.16/32",
)

// public6 is all that IANA has given out as global unicast; reserved6 are the
// networks in it that are not hosts of the internet: protocol assignments
// (Teredo, ORCHID, benchmarks), documentation, 6to4, and the former 6bone.
var (
	public6   = netip.MustParsePrefix("2000::/3")
	reserved6 = prefixes("2001::/23", "2001:db8::/32", "2002::/16", "3ffe::/16", "3fff::/20")
)

// nat64 carries an IPv4 address in its last four bytes (RFC 6052); on a
// network without IPv4 that is how the public internet is reached.
var nat64 = netip.MustParsePrefix("64:ff9b::/96")

// Permits says whether an address may be asked.
func (r Rules) Permits(addr netip.Addr) bool {
	if !addr.IsValid() || addr.Zone() != "" {
		return false // a zone names one of our own interfaces
	}
	addr = addr.Unmap()
	switch {
	case within(addr, r.Allow):
		return true
	case addr.Is4():
		return !within(addr, reserved4)
	case nat64.Contains(addr):
		bytes := addr.As16()
		return !within(netip.AddrFrom4([4]byte(bytes[12:])), reserved4)
	}
	return public6.Contains(addr) && !within(addr, reserved6) && !isatap(addr)
}

// isatap knows an interface identifier that carries an IPv4 address of a local
// network (RFC 5214).
func isatap(addr netip.Addr) bool {
	bytes := addr.As16()
	return bytes[8]&^3 == 0 && bytes[9] == 0 && bytes[10] == 0x5e && bytes[11] == 0xfe
}

func within(addr netip.Addr, networks []netip.Prefix) bool {
	for _, network := range networks {
		if network.Contains(addr) {
			return true
		}
	}
	return false
}

func prefixes(texts ...string) []netip.Prefix {
	networks := make([]netip.Prefix, len(texts))
	for i, text := range texts {
		networks[i] = netip.MustParsePrefix(text)
	}
	return networks
}
