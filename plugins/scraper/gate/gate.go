// Package gate owns which hosts a browser may reach: a proxy of its own for each visit, on the loopback address, that
// lets through what is named and refuses and counts everything else.
//
// It knows no recipe and no browser. A proxy sees what an interception inside the browser does not: workers, prefetches,
// web sockets, the browser's own wishes. Invariants: a host that is not named is never contacted, not even by name
// resolution; a name that leads to a private address is refused unless it is that address itself; nothing of a request
// is kept but its host.
package gate

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log"
	"maps"
	"net"
	"net/http"
	"net/http/httputil"
	"strings"
	"sync"
	"time"
)

const (
	patience  = 15 * time.Second // to reach the other side
	maxCounts = 100              // hosts told apart among the refused
)

// Here is an address at which the gate itself answers, for who wants to know whether it is reached. RFC 6761 keeps its
// name from ever being anybody's.
const Here = "http://gate.invalid/"

// Gate is one visit's way out.
type Gate struct {
	hosts    []string
	listener net.Listener
	server   *http.Server
	inward   *httputil.ReverseProxy
	dial     func(ctx context.Context, network, address string) (net.Conn, error)

	mu      sync.Mutex
	refused map[string]int
	tunnels map[net.Conn]struct{}
	closed  bool
}

// Open listens. hosts are names such as "bank.example", "*.bank.example" and, where it is not the usual port,
// "127.0.0.1:8080".
func Open(hosts []string) (*Gate, error) {
	listener, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	g := &Gate{hosts: hosts, listener: listener, refused: map[string]int{}, tunnels: map[net.Conn]struct{}{}}
	g.dial = dialer(patience)
	transport := &http.Transport{DialContext: g.dial, DisableCompression: true, MaxIdleConnsPerHost: 8, ResponseHeaderTimeout: time.Minute}
	quiet := log.New(io.Discard, "", 0) // what goes wrong with a request is the page's news
	g.inward = &httputil.ReverseProxy{
		ErrorLog: quiet,
		Rewrite: func(r *httputil.ProxyRequest) {
			r.Out.Header.Del("Proxy-Connection")
			r.Out.Host = r.In.Host
		},
		Transport: transport, ErrorHandler: unreachable, FlushInterval: -1,
	}
	g.server = &http.Server{Handler: g, ReadHeaderTimeout: patience, ErrorLog: quiet}
	go func() {
		_ = g.server.Serve(listener)
		transport.CloseIdleConnections()
	}()
	return g, nil
}

// Address is the proxy's, for the browser.
func (g *Gate) Address() string { return "http://" + g.listener.Addr().String() }

// Refused counts what was refused, by host.
func (g *Gate) Refused() map[string]int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return maps.Clone(g.refused)
}

// Close ends every connection.
func (g *Gate) Close() {
	_ = g.server.Close()
	g.mu.Lock()
	defer g.mu.Unlock()
	g.closed = true
	for tunnel := range g.tunnels {
		_ = tunnel.Close()
	}
}

// Allowed reports whether a host, with its port where that is not the usual one, is among the named.
func Allowed(hosts []string, host string) bool {
	host = strings.ToLower(host)
	if name, port, err := net.SplitHostPort(host); err == nil && (port == "443" || port == "80") {
		host = name
	}
	for _, h := range hosts {
		if rest, wide := strings.CutPrefix(h, "*"); h == host || wide && strings.HasSuffix(host, rest) {
			return true
		}
	}
	return false
}

// ServeHTTP answers the browser.
func (g *Gate) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	host := r.Host
	if r.Method != http.MethodConnect {
		host = r.URL.Host
	}
	switch {
	case r.Method == http.MethodGet && r.URL.String() == Here:
		w.WriteHeader(http.StatusNoContent)
	case host == "" || !Allowed(g.hosts, host):
		g.refuse(host)
		http.Error(w, "this host is not among those of the recipe", http.StatusForbidden)
	case r.Method == http.MethodConnect:
		g.tunnel(w, r)
	default:
		g.forward(w, r)
	}
}

// maxForm bounds what a page may send to a bank without TLS, in bytes.
const maxForm = 16 << 20

// forward passes a request on, once all of it is here: where a bank answers before it has read a form, two would read the
// form at once, and the answer would be cut.
func (g *Gate) forward(w http.ResponseWriter, r *http.Request) {
	form, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxForm))
	if err != nil {
		http.Error(w, "the request is too large, or broke off", http.StatusRequestEntityTooLarge)
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(form))
	g.inward.ServeHTTP(w, r)
}

func (g *Gate) refuse(host string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	if _, known := g.refused[host]; !known && len(g.refused) >= maxCounts {
		host = "others"
	}
	g.refused[host]++
}

func unreachable(w http.ResponseWriter, _ *http.Request, err error) {
	if errors.Is(err, errPrivate) {
		http.Error(w, "this name leads to a private address", http.StatusForbidden)
		return
	}
	http.Error(w, "the host cannot be reached", http.StatusBadGateway)
}

// tunnel joins the browser and a host; what passes is TLS between the two.
func (g *Gate) tunnel(w http.ResponseWriter, r *http.Request) {
	there, err := g.dial(r.Context(), "tcp", r.Host)
	if err != nil {
		unreachable(w, r, err)
		return
	}
	defer func() { _ = there.Close() }()
	w.WriteHeader(http.StatusOK)
	here, rest, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}
	defer func() { _ = here.Close() }()
	if !g.holds(here, there) {
		return
	}
	defer g.lets(here, there)
	var both sync.WaitGroup
	both.Go(func() { pass(there, rest) })
	both.Go(func() { pass(here, there) })
	both.Wait()
}

// pass copies one way and then closes the other side's reading.
func pass(to net.Conn, from io.Reader) {
	_, _ = io.Copy(to, from)
	if half, ok := to.(*net.TCPConn); ok {
		_ = half.CloseWrite()
	}
}

func (g *Gate) holds(tunnels ...net.Conn) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, t := range tunnels {
		g.tunnels[t] = struct{}{}
	}
	return !g.closed
}

func (g *Gate) lets(tunnels ...net.Conn) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, t := range tunnels {
		delete(g.tunnels, t)
	}
}
