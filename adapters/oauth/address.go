package oauth

import (
	"net/http"
	"net/netip"
)

// addressHeader is how a client tells where its user is, as in the API: the
// connection comes from the client's own server.
const addressHeader = "PSU-IP-Address"

// userAddress is where an attempt to log in comes from, as far as it is counted:
// of IPv6 the network, since one subscriber has all of a /64.
func userAddress(r *http.Request) (string, error) {
	told := r.Header.Get(addressHeader)
	if told == "" {
		// A listener without addresses gives none: all are counted as one then.
		remote, _ := netip.ParseAddrPort(r.RemoteAddr)
		return network(remote.Addr()), nil
	}
	address, err := netip.ParseAddr(told)
	if err != nil {
		return "", errUserAddress
	}
	return network(address), nil
}

func network(address netip.Addr) string {
	if !address.IsValid() {
		return ""
	}
	address = address.Unmap().WithZone("")
	if address.Is6() {
		if prefix, err := address.Prefix(64); err == nil {
			return prefix.String()
		}
	}
	return address.String()
}
