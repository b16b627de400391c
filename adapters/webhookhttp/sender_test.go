package webhookhttp_test

import (
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/adapters/outbound"
	"github.com/tributary-dev/tributary/adapters/webhookhttp"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/ports/webhook"
	"github.com/tributary-dev/tributary/ports/webhook/webhooktest"
)

const limit = 2 * time.Second

// sender takes 127.0.0.1 for a public address; all other addresses of this
// machine are private.
func sender(client *http.Client, options outbound.Options) *webhookhttp.Sender {
	return webhookhttp.New(webhookhttp.Config{Client: client, Check: options.Check, Now: time.Now, Version: "test", Limit: limit})
}

func options() outbound.Options {
	return outbound.Options{Rules: outbound.Rules{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}}, PlainHTTP: true, Timeout: webhook.Limit}
}

func TestSender(t *testing.T) {
	t.Parallel()
	webhooktest.Run(t, open)
}

func open(t *testing.T) webhooktest.World {
	w := &receivers{}
	private := serveAt(t, "127.0.0.2:0", w.handler(webhooktest.Endpoint{Status: http.StatusOK}))
	return webhooktest.World{
		Sender: sender(outbound.NewClient(options()), options()), Seen: w.all, Private: private, Nowhere: "http://127.0.0.1:1/", Limit: limit, Now: time.Now,
		Serve: func(e webhooktest.Endpoint) string { return serveAt(t, "127.0.0.1:0", w.handler(e)) },
	}
}

func serveAt(t *testing.T, address string, handler http.Handler) string {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", address)
	require.NoError(t, err)
	server := &httptest.Server{Listener: listener, Config: &http.Server{Handler: handler}}
	server.Start()
	t.Cleanup(func() { server.CloseClientConnections(); server.Close() })
	return server.URL
}

// receivers remember what they got.
type receivers struct {
	mu   sync.Mutex
	seen []webhook.Message
}

func (w *receivers) all() []webhook.Message {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]webhook.Message(nil), w.seen...)
}

func (w *receivers) note(r *http.Request) {
	body := make([]byte, r.ContentLength)
	_, _ = r.Body.Read(body)
	seconds, _ := strconv.ParseInt(r.Header.Get("webhook-timestamp"), 10, 64)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.seen = append(w.seen, webhook.Message{
		ID: ident.Event(r.Header.Get("webhook-id")), At: time.Unix(seconds, 0).UTC(), Signature: r.Header.Get("webhook-signature"), Body: body,
	})
}

func (w *receivers) handler(e webhooktest.Endpoint) http.Handler {
	return http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		w.note(r)
		if e.Silent {
			<-r.Context().Done()
			return
		}
		if e.Location != "" {
			out.Header().Set("Location", e.Location)
		}
		if e.RetryAfter != "" {
			out.Header().Set("Retry-After", e.RetryAfter)
		}
		out.WriteHeader(e.Status)
		for {
			if _, err := out.Write([]byte(e.Body)); err != nil || !e.Endless {
				return
			}
		}
	})
}
