package node

import (
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// behind lets only the named proxies and this machine call, and puts the address
// that a proxy saw in the place of its own. Without proxies nobody is believed.
func behind(proxies []netip.Prefix, next http.Handler) http.Handler {
	if len(proxies) == 0 {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		peer, err := netip.ParseAddrPort(r.RemoteAddr)
		trusted := err == nil && among(proxies, peer.Addr())
		if err != nil || !trusted && !peer.Addr().Unmap().IsLoopback() {
			http.Error(w, "this server answers its proxy only", http.StatusForbidden)
			return
		}
		if caller, ok := forwarded(proxies, r.Header.Values("X-Forwarded-For")); ok && trusted {
			r.RemoteAddr = net.JoinHostPort(caller.String(), "0")
		}
		next.ServeHTTP(w, r)
	})
}

// forwarded is the last address that is not a proxy of ours: what stands before
// it was written by a stranger.
func forwarded(proxies []netip.Prefix, headers []string) (netip.Addr, bool) {
	parts := strings.Split(strings.Join(headers, ","), ",")
	for i := len(parts) - 1; i >= 0; i-- {
		address, err := netip.ParseAddr(strings.TrimSpace(parts[i]))
		if err != nil {
			return netip.Addr{}, false
		}
		if !among(proxies, address) {
			return address.Unmap(), true
		}
	}
	return netip.Addr{}, false
}

func among(networks []netip.Prefix, address netip.Addr) bool {
	for _, network := range networks {
		if network.Contains(address.Unmap()) {
			return true
		}
	}
	return false
}
