package webhookhttp_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/adapters/outbound"
	"github.com/tributary-dev/tributary/adapters/outbound/outboundtest"
	"github.com/tributary-dev/tributary/core/delivery"
	"github.com/tributary-dev/tributary/ports/webhook"
)

// bare serves connections with a function each, and counts them.
func bare(t *testing.T, address string, serve func(net.Conn)) (url string, arrived *atomic.Int64) {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", address)
	require.NoError(t, err)
	arrived = &atomic.Int64{}
	var serving sync.WaitGroup
	var mu sync.Mutex
	var all []net.Conn
	t.Cleanup(func() {
		_ = listener.Close()
		mu.Lock()
		for _, c := range all {
			_ = c.Close()
		}
		mu.Unlock()
		serving.Wait()
	})
	serving.Go(func() {
		for {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			arrived.Add(1)
			mu.Lock()
			all = append(all, c)
			mu.Unlock()
			serving.Go(func() { defer func() { _ = c.Close() }(); serve(c) })
		}
	})
	return "http://" + listener.Addr().String() + "/", arrived
}

// answer reads a request and writes what is given, part by part with a pause
// after each, until it cannot.
func answer(pause time.Duration, parts ...string) func(net.Conn) {
	return func(c net.Conn) {
		request, err := http.ReadRequest(bufio.NewReader(c))
		if err != nil {
			return
		}
		_, _ = io.Copy(io.Discard, request.Body)
		for _, part := range parts {
			if _, err := c.Write([]byte(part)); err != nil {
				return
			}
			time.Sleep(pause)
		}
	}
}

// endless writes the beginning and then the same, for ever.
func endless(beginning, more string) func(net.Conn) {
	return func(c net.Conn) {
		answer(0, beginning)(c)
		for {
			if _, err := c.Write([]byte(more)); err != nil {
				return
			}
		}
	}
}

func hang(c net.Conn) { _, _ = io.Copy(io.Discard, c) }

// read counts what comes in on all connections of a client.
func read(count *atomic.Int64) func(*http.Transport) {
	return func(t *http.Transport) {
		dial := t.DialContext
		t.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
			c, err := dial(ctx, network, address)
			if err != nil {
				return nil, err
			}
			return metered{c, count}, nil
		}
	}
}

type metered struct {
	net.Conn
	count *atomic.Int64
}

func (m metered) Read(b []byte) (int, error) {
	n, err := m.Conn.Read(b)
	m.count.Add(int64(n))
	return n, err
}

var each = strings.Repeat("x", 1<<15)

// TestClaim_W6_hostile_endpoints over real sockets: an attempt ends, whatever
// they do, and takes in no more than its bound, be it as headers or as a body. A
// status that was told counts, whatever follows.
func TestClaim_W6_hostile_endpoints(t *testing.T) {
	t.Parallel()
	const ok = "HTTP/1.1 200 OK\r\n"
	for name, hostile := range map[string]struct {
		serve  func(net.Conn)
		status int
		code   delivery.Code
	}{
		"accepts and never reads":               {func(net.Conn) { time.Sleep(2 * limit) }, 0, delivery.TimedOut},
		"reads and never answers":               {hang, 0, delivery.TimedOut},
		"drips its headers":                     {answer(limit/4, strings.Split(ok+"X: abcdefghijk", "")...), 0, delivery.TimedOut},
		"drips its body":                        {answer(limit/4, append([]string{ok + "Content-Length: 40\r\n\r\n"}, strings.Split(each[:40], "")...)...), 200, ""},
		"drips chunks":                          {answer(limit/4, ok+"Transfer-Encoding: chunked\r\n\r\n", "1\r\nx\r\n", "1\r\nx\r\n", "1\r\nx\r\n", "1\r\nx\r\n", "1\r\nx\r\n", "1\r\nx\r\n"), 200, ""},
		"announces 10 GiB and sends them":       {endless(ok+"Content-Length: 10737418240\r\n\r\n", each), 200, ""},
		"sends chunks without an end":           {endless(ok+"Transfer-Encoding: chunked\r\n\r\n", "8000\r\n"+each+"\r\n"), 200, ""},
		"sends a body without an end":           {endless(ok+"\r\n", each), 200, ""},
		"fails with 10 GiB":                     {endless("HTTP/1.1 500 No\r\nContent-Length: 10737418240\r\n\r\n", each), 500, ""},
		"announces 10 GiB and sends nothing":    {answer(2*limit, ok+"Content-Length: 10737418240\r\n\r\n"), 200, ""},
		"sends one header without an end":       {endless(ok+"X: ", each), 0, delivery.Unreachable},
		"sends headers without an end":          {endless(ok, "X: "+each[:100]+"\r\n"), 0, delivery.Unreachable},
		"sends chunk extensions without an end": {endless(ok+"Transfer-Encoding: chunked\r\n\r\n1;", each), 200, ""},
		"sends trailers without an end":         {endless(ok+"Transfer-Encoding: chunked\r\n\r\n0\r\n", "X: "+each[:100]+"\r\n"), 200, ""},
		"says wait without an end":              {endless("", strings.Repeat("HTTP/1.1 103 Early Hints\r\n\r\n", 1000)), 0, delivery.Unreachable},
		"closes at once":                        {func(net.Conn) {}, 0, delivery.Unreachable},
		"closes in the status":                  {answer(0, "HTTP/1.1 2"), 0, delivery.Unreachable},
		"closes in the headers":                 {answer(0, ok+"Content-Le"), 0, delivery.Unreachable},
		"closes in the body":                    {answer(0, ok+"Content-Length: 10\r\n\r\nabc"), 200, ""},
		"speaks something else":                 {answer(0, "220 mail.example ESMTP\r\n"), 0, delivery.Unreachable},
		"speaks without being asked":            {endless(ok+"Content-Length: 2\r\n\r\nok", ok), 200, ""},
		"changes the protocol":                  {endless("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n", each), 101, ""},
		"sends a compressed bomb":               {endless(ok+"Content-Encoding: gzip\r\n\r\n", "\x1f\x8b\x08\x00\x00\x00\x00\x00"+each), 200, ""},
		"redirects to itself":                   {answer(0, "HTTP/1.1 307 Again\r\nLocation: /\r\nContent-Length: 0\r\n\r\n"), 307, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var taken atomic.Int64
			o := options()
			o.TLS = read(&taken)
			client := outbound.NewClient(o)
			defer client.CloseIdleConnections()
			url, arrived := bare(t, "127.0.0.1:0", hostile.serve)
			s := sender(client, o)
			if hostile.code != delivery.TimedOut && !strings.Contains(name, "drips") && !strings.Contains(name, "nothing") {
				s.Limit = webhook.Limit // the limit is not what ends it
			}
			got := s.Send(t.Context(), webhook.Message{URL: url, ID: "evt_1", At: time.Now(), Body: []byte(strings.Repeat("b", 1<<20))})
			require.Equal(t, hostile.status, got.HTTPStatus, got.Code)
			require.Equal(t, hostile.code, got.Code)
			require.Less(t, got.Took, 10*s.Limit)
			require.LessOrEqual(t, taken.Load(), int64(2*webhook.MaxRead+8<<10), "headers, body, and a buffer")
			require.LessOrEqual(t, arrived.Load(), int64(1), "and it is one attempt")
			require.LessOrEqual(t, len(got.Excerpt), webhook.MaxExcerpt)
		})
	}
}

// TestClaim_W6_a_name_that_moves: what is public when it is looked at, and
// private at the next look, is not connected to; nor is any notation of an address
// that is not public, in whichever way it would get there.
func TestClaim_W6_a_name_that_moves(t *testing.T) {
	t.Parallel()
	public, came := bare(t, "127.0.0.1:0", answer(0, "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"))
	port := netip.MustParseAddrPort(strings.Trim(strings.TrimPrefix(public, "http:"), "/")).Port()
	_, intruded := bare(t, fmt.Sprintf("127.0.0.2:%d", port), hang)
	var asked atomic.Int64
	o := options()
	o.Resolver = outboundtest.Resolver(func(string) []netip.Addr {
		if asked.Add(1) <= 2 { // one look asks for both kinds of addresses
			return outboundtest.Addrs("127.0.0.1")
		}
		return outboundtest.Addrs("127.0.0.2")
	})
	s := sender(outbound.NewClient(o), o)
	m := webhook.Message{URL: fmt.Sprintf("http://moving.example:%d/", port), ID: "evt_1", At: time.Now(), Body: []byte("{}")}
	require.NoError(t, s.Check(m.URL))
	require.Equal(t, http.StatusNoContent, s.Send(t.Context(), m).HTTPStatus)
	for range 50 {
		require.Equal(t, delivery.Unreachable, s.Send(t.Context(), m).Code)
	}
	require.Equal(t, int64(1), came.Load())
	require.Zero(t, intruded.Load())

	strict := o
	strict.Rules, strict.Resolver = outbound.Rules{}, outboundtest.Resolver(outboundtest.Resolve)
	s = sender(outbound.NewClient(strict), strict)
	for _, m.URL = range outboundtest.Forms(int(port)) {
		require.Equal(t, delivery.Unreachable, s.Send(t.Context(), m).Code, m.URL)
	}
	require.Equal(t, int64(1), came.Load())
	require.Zero(t, intruded.Load())
}
