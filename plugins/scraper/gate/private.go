package gate

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"syscall"
	"time"
)

var errPrivate = errors.New("a name that leads to a private address")

// dialer connects, but not to a private address behind a name: a bank's name that leads into our own network is not the
// bank. The address is looked at when it is known, after resolution and right before the connection.
func dialer(within time.Duration) func(ctx context.Context, network, address string) (net.Conn, error) {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		d := &net.Dialer{Timeout: within}
		if host, _, err := net.SplitHostPort(address); err == nil && !literal(host) {
			d.Control = publicOnly
		}
		return d.DialContext(ctx, network, address)
	}
}

// publicOnly refuses an address that a name led to.
func publicOnly(_, resolved string, _ syscall.RawConn) error {
	if to, err := netip.ParseAddrPort(resolved); err != nil || private(to.Addr().Unmap()) {
		return errPrivate
	}
	return nil
}

// literal tells a host that says itself where it is.
func literal(host string) bool {
	_, err := netip.ParseAddr(host)
	return err == nil || host == "localhost"
}

func private(a netip.Addr) bool {
	return a.IsPrivate() || a.IsLoopback() || a.IsLinkLocalUnicast() || a.IsMulticast() || a.IsUnspecified()
}
