package outbound

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"syscall"
	"time"
)

// ErrRefused says that an address may not be asked. It names nothing.
var ErrRefused = errors.New("outbound: the address may not be asked")

// Options are what a client may do. The zero Options are the strictest.
type Options struct {
	Rules Rules
	// PlainHTTP allows http beside https, though never after https.
	PlainHTTP bool
	// Redirects is how many are followed; with 0 the redirect is the answer.
	Redirects int
	// Timeout bounds a whole exchange; 10 seconds when zero.
	Timeout time.Duration
	// Resolver is the system's when nil.
	Resolver *net.Resolver
	// TLS may change the transport, for instance its certificate authorities.
	TLS func(*http.Transport)
}

const (
	defaultTimeout = 10 * time.Second
	headerLimit    = 64 << 10
)

// NewClient makes a client for addresses that strangers name. Its errors wrap
// ErrRefused where an address may not be asked.
func NewClient(options Options) *http.Client {
	if options.Timeout == 0 {
		options.Timeout = defaultTimeout
	}
	dialer := &net.Dialer{Timeout: options.Timeout, Resolver: options.Resolver, ControlContext: options.Rules.control}
	dialer.SetMultipathTCP(false) // it would open further connections that nobody checks
	transport := &http.Transport{
		DialContext: dialer.DialContext, TLSHandshakeTimeout: options.Timeout, ResponseHeaderTimeout: options.Timeout,
		MaxResponseHeaderBytes: headerLimit, MaxIdleConns: 100, MaxIdleConnsPerHost: 2, IdleConnTimeout: 30 * time.Second,
		DisableCompression: true, ForceAttemptHTTP2: true,
	}
	if options.TLS != nil {
		options.TLS(transport)
	}
	return &http.Client{
		Transport: checked{options: options, next: transport}, Timeout: options.Timeout, CheckRedirect: options.redirect,
	}
}

// control runs for every connection, after the name was resolved and before
// anything is sent.
func (r Rules) control(_ context.Context, network, address string, _ syscall.RawConn) error {
	target, err := netip.ParseAddrPort(address)
	if err != nil || network != "tcp4" && network != "tcp6" || !r.Permits(target.Addr()) {
		return ErrRefused
	}
	return nil
}

// redirect follows a few redirects, none of them from https to http.
func (o Options) redirect(next *http.Request, via []*http.Request) error {
	if len(via) > o.Redirects {
		return http.ErrUseLastResponse
	}
	if via[len(via)-1].URL.Scheme == "https" && next.URL.Scheme != "https" {
		return ErrRefused
	}
	return nil
}

// checked looks at the address of each request, the first and every hop.
type checked struct {
	options Options
	next    http.RoundTripper
}

// RoundTrip implements http.RoundTripper.
func (c checked) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := c.options.Check(r.URL); err != nil {
		return nil, err
	}
	return c.next.RoundTrip(r)
}

// CloseIdleConnections lets http.Client's method of that name reach the transport.
func (c checked) CloseIdleConnections() {
	if idle, ok := c.next.(interface{ CloseIdleConnections() }); ok {
		idle.CloseIdleConnections()
	}
}

// Check refuses what an address says by itself, without resolving it: for
// whoever stores one. The answer at connecting is the one that counts.
func (o Options) Check(address *url.URL) error {
	if address.Scheme != "https" && (address.Scheme != "http" || !o.PlainHTTP) {
		return ErrRefused
	}
	if address.User != nil || address.Opaque != "" || !plausiblePort(address) {
		return ErrRefused
	}
	return o.Rules.checkHost(address.Hostname())
}
