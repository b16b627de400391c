package bankhttp

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"syscall"
	"time"
)

const (
	dialLimit      = 10 * time.Second
	handshakeLimit = 10 * time.Second
)

// ErrHost says that an address is on no host of the bank.
var ErrHost = errors.New("an address on a host that is not the bank's")

// guard refuses what is not the bank, whoever asks, and finds out why a bank hung up.
type guard struct {
	hosts []string
	next  http.RoundTripper
	// shown is what connections show of us.
	shown *tls.Config
}

func (g *guard) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Scheme != "https" || !slices.Contains(g.hosts, r.URL.Host) {
		return nil, ErrHost
	}
	response, err := g.next.RoundTrip(r)
	if err != nil && hungUp(err) {
		if said := g.verdict(r.Context(), r.URL.Host, r.URL.Port()); refusesUs(said) {
			return nil, said
		}
	}
	return response, err
}

// hungUp reports whether the other side closed a connection without a word that arrived.
func hungUp(err error) bool {
	return errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
}

// verdict is what a bank says of our certificate to a connection that asks nothing. With TLS 1.3 a bank looks at it when our
// request is already on its way: where it hangs up on that, the network may lose the alert which says why (RFC 8446, section
// 2, and RFC 9293, section 3.10.7: unread data resets a connection that is closed).
func (g *guard) verdict(ctx context.Context, host, port string) error {
	ctx, cancel := context.WithTimeout(ctx, handshakeLimit)
	defer cancel()
	if port == "" {
		host = net.JoinHostPort(strings.Trim(host, "[]"), "443")
	}
	connection, err := (&tls.Dialer{NetDialer: &net.Dialer{Timeout: dialLimit}, Config: g.shown}).DialContext(ctx, "tcp", host)
	if err != nil {
		return err
	}
	defer func() { _ = connection.Close() }()
	if until, bounded := ctx.Deadline(); bounded {
		_ = connection.SetReadDeadline(until)
	}
	_, err = connection.Read(make([]byte, 1)) // a bank that has nothing against us waits
	return err
}

// refusesUs tells the alert by which a bank refuses our certificate, which is the operator's to mend, from a network that
// fails. crypto/tls has no type for it: what the other side said is an OpError, and RFC 8446, section 6, names the alerts.
func refusesUs(cause error) bool {
	said, other := errors.AsType[*net.OpError](cause)
	if !other || said.Op != "remote error" {
		return false
	}
	text := said.Err.Error()
	return strings.Contains(text, "certificate") || strings.Contains(text, "access denied")
}
