package webhookhttp_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/adapters/outbound"
	"github.com/tributary-dev/tributary/adapters/webhookhttp"
	"github.com/tributary-dev/tributary/core/app/notifying"
	"github.com/tributary-dev/tributary/core/delivery"
	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
	"github.com/tributary-dev/tributary/ports/usecase/usecasetest"
)

// dead is how many endpoints take a request and never answer.
const dead = 100

// TestClaim_W6_neighbours_of_dead_endpoints: while a hundred endpoints hold what
// they were sent and say nothing, a healthy one gets every event, one after the
// other. No attempt at a dead one has ended by then (they have an hour), so nothing
// waited for one; and none was sent more at once than it may be.
func TestClaim_W6_neighbours_of_dead_endpoints(t *testing.T) {
	t.Parallel()
	const events = 100
	w := usecasetest.New(t)
	o := options()
	o.Timeout = time.Hour
	o.TLS = func(t *http.Transport) { t.MaxIdleConnsPerHost = 8 }
	s := webhookhttp.New(webhookhttp.Config{Client: outbound.NewClient(o), Check: o.Check, Now: time.Now, Version: "test", Limit: time.Hour})
	hooks := notifying.Service{Store: w.Store, Sender: s, Box: w.Box, Encode: encode, Now: time.Now, Real: time.Now, IDs: w.IDs}
	made := func(url string) ident.Webhook {
		made, err := hooks.Create(t.Context(), w.As(w.Acme), usecase.NewWebhook{URL: url, Algorithm: delivery.HMACSHA256})
		require.NoError(t, err)
		return made.Webhook.ID
	}
	var held atomic.Int64
	hanging, arrived := bare(t, "127.0.0.1:0", func(c net.Conn) { held.Add(1); hang(c); held.Add(-1) })
	var ill []ident.Webhook
	for n := range min(dead, delivery.MaxWebhooks-1) {
		ill = append(ill, made(fmt.Sprint(hanging, n)))
	}
	got := make(chan string, 2*events)
	made(serveAt(t, "127.0.0.1:0", http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got <- r.Header.Get("webhook-id") })))

	stop := dispatch(t, w, s)
	for range events {
		w.Update(func(ctx context.Context, tx store.Tx) error {
			return tx.Events().Append(ctx, w.Acme.ID, event.Draft{Name: event.AccountsAdded, Version: 1, UserID: w.Ana.ID})
		})
		select {
		case <-got:
		case <-time.After(time.Minute):
			require.FailNow(t, "the healthy endpoint waits for a dead one")
		}
	}
	require.Empty(t, got, "each came once")
	require.Equal(t, arrived.Load(), held.Load(), "no attempt at a dead endpoint has ended")
	require.Equal(t, int64(8*len(ill)), arrived.Load(), "each has eight requests, and no more")
	w.View(func(ctx context.Context, tx store.Tx) error {
		for _, id := range ill {
			beyond, err := tx.Deliveries().Beyond(ctx, id, 0, 1)
			if err != nil {
				return err
			}
			require.Empty(t, beyond, "nothing is known of a dead one")
		}
		return nil
	})
	stop()
}

func encode(e event.Event) ([]byte, error) { return json.Marshal(map[string]any{"id": e.ID}) }

// dispatch sends until the function is called, which waits for the end.
func dispatch(t *testing.T, w *usecasetest.World, s *webhookhttp.Sender) (stop func()) {
	t.Helper()
	d := notifying.NewDispatcher(&notifying.Dispatcher{
		Store: w.Store, Bus: w.Bus, Sender: s, Box: w.Box, Encode: encode, Real: time.Now, Dice: func() float64 { return 0.5 },
		Log: slog.New(slog.DiscardHandler), Owner: "one", Limits: notifying.Limits{Grace: time.Millisecond},
	})
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = d.Run(ctx)
	}()
	stop = sync.OnceFunc(func() { cancel(); <-done })
	t.Cleanup(stop)
	return stop
}
