package outbound_test

import (
	"net"
	"net/http"
	"net/netip"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/adapters/outbound"
	"github.com/tributary-dev/tributary/adapters/outbound/outboundtest"
)

// Claim N2: a name that is public when it is looked at and private when it is connected to reaches nothing private. The
// public address here is 127.0.0.1, which the rules allow; all other addresses of this machine are private.
func TestClaim_N2_rebinding_reaches_nothing_private(t *testing.T) {
	t.Parallel()
	var public, private atomic.Int64
	count := func(n *atomic.Int64) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { n.Add(1); w.Header().Set("Connection", "close") })
	}
	server := serveAt(t, "127.0.0.1:0", count(&public))
	_, port, err := net.SplitHostPort(server.Listener.Addr().String())
	require.NoError(t, err)
	serveAt(t, "127.0.0.2:"+port, count(&private))
	if listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp6", "[::1]:"+port); err == nil {
		require.NoError(t, listener.Close())
		serveAt(t, "[::1]:"+port, count(&private))
	}

	turns := [][]netip.Addr{
		outboundtest.Addrs("127.0.0.1"), outboundtest.Addrs("127.0.0.2"), outboundtest.Addrs("127.0.0.1", "::1"), outboundtest.Addrs("127.0.0.2", "127.0.0.1"), outboundtest.Addrs("::1"),
		outboundtest.Addrs("127.0.0.1", "127.0.0.2"), outboundtest.Addrs("127.0.0.2", "::1"),
	}
	var asked atomic.Int64
	lookup := outboundtest.Resolver(func(string) []netip.Addr { return turns[asked.Add(1)/2%int64(len(turns))] }) // A and AAAA are two questions
	f := outbound.NewFetcher(outbound.Options{Rules: onlyOne("127.0.0.1/32"), PlainHTTP: true, Timeout: 5 * time.Second, Resolver: lookup}, 100)
	for range 1000 {
		_, _ = f.Fetch(t.Context(), "http://rebinding.example:"+port+"/") // some turns succeed, some must not
	}
	require.Zero(t, private.Load())
	require.Greater(t, public.Load(), int64(300), "the public turns got through")
}
