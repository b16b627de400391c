package outbound_test

import (
	"fmt"
	"net"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/adapters/outbound"
	"github.com/tributary-dev/tributary/adapters/outbound/outboundtest"
	"github.com/tributary-dev/tributary/ports/fetcher"
)

// listening counts connections to every address of this machine.
func listening(t *testing.T) (port int, arrived *atomic.Int64) {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", ":0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	arrived = &atomic.Int64{}
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			arrived.Add(1)
			_ = conn.Close()
		}
	}()
	return listener.Addr().(*net.TCPAddr).Port, arrived
}

// Claim N1: private targets are refused at the moment of connecting, however they are written.
func TestClaim_N1_private_targets_are_never_connected_to(t *testing.T) {
	t.Parallel()
	port, arrived := listening(t)
	forms := outboundtest.Forms(port)
	require.Greater(t, len(forms), 150)
	t.Logf("%d forms", len(forms))
	f := outbound.NewFetcher(outbound.Options{PlainHTTP: true, Timeout: 5 * time.Second, Resolver: outboundtest.Resolver(outboundtest.Resolve)}, 100)
	for _, form := range forms { // every one of them leads to a private address, or nowhere
		_, err := f.Fetch(t.Context(), form)
		require.ErrorIs(t, err, fetcher.ErrAddress, form)
	}
	require.Zero(t, arrived.Load())

	// The listener does hear whoever is allowed to come.
	_, err := outbound.NewFetcher(outbound.Options{Rules: onlyOne("127.0.0.1/32"), PlainHTTP: true}, 100).
		Fetch(t.Context(), fmt.Sprintf("http://127.0.0.1:%d/", port))
	require.ErrorIs(t, err, fetcher.ErrFetch)
	require.Eventually(t, func() bool { return arrived.Load() > 0 }, 30*time.Second, 5*time.Millisecond)
}
