package notifying_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/app/notifying"
	"github.com/tributary-dev/tributary/core/delivery"
	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/user"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
	"github.com/tributary-dev/tributary/ports/usecase/usecasetest"
	"github.com/tributary-dev/tributary/ports/webhook"
	"github.com/tributary-dev/tributary/ports/webhook/webhooktest"
)

// place is a world with endpoints, in a bubble of time.
type place struct {
	*usecasetest.World
	t      *testing.T
	sender *webhooktest.Fake
	limits notifying.Limits
	// running is the dispatcher that services tell of changes.
	running *notifying.Dispatcher
}

// within runs a test in a bubble.
func within(t *testing.T, test func(*place)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, func(t *testing.T) { test(&place{World: usecasetest.New(t), t: t, sender: webhooktest.NewFake()}) })
}

func encode(e event.Event) ([]byte, error) {
	return json.Marshal(map[string]any{"seq": e.Seq, "id": e.ID, "name": e.Name})
}

func (p *place) service() notifying.Service {
	s := notifying.Service{Store: p.Store, Sender: p.sender, Box: p.Box, Encode: encode, Now: p.Now, Real: time.Now, IDs: p.IDs}
	if p.running != nil {
		s.Changed = p.running.Changed
	}
	return s
}

func (p *place) dispatcher(owner string) *notifying.Dispatcher {
	return notifying.NewDispatcher(&notifying.Dispatcher{
		Store: p.Store, Bus: p.Bus, Sender: p.sender, Box: p.Box, Encode: encode, Real: time.Now, Dice: func() float64 { return 0.5 },
		Log: slog.New(slog.DiscardHandler), Owner: owner, Limits: p.limits,
	})
}

// start runs a dispatcher; the function ends it and waits for its end.
func (p *place) start(d *notifying.Dispatcher) (stop func()) {
	ctx, cancel := context.WithCancel(p.t.Context())
	done := make(chan struct{})
	p.running = d
	go func() {
		defer close(done)
		_ = d.Run(ctx)
	}()
	return sync.OnceFunc(func() { cancel(); <-done })
}

// webhook makes one of Acme's whose endpoint answers as told.
func (p *place) webhook(name string, e webhooktest.Endpoint) *delivery.Webhook {
	return p.hooked(name, webhooktest.Answering(e))
}

func (p *place) hooked(name string, answer func(context.Context, webhook.Message) delivery.Answer) *delivery.Webhook {
	p.t.Helper()
	address := "https://" + name + ".example/"
	p.sender.Handle(address, answer)
	made, err := p.service().Create(p.t.Context(), p.As(p.Acme), usecase.NewWebhook{URL: address, Algorithm: delivery.HMACSHA256})
	require.NoError(p.t, err)
	return made.Webhook
}

// happen appends so many events about a user.
func (p *place) happen(u *user.User, count int) {
	for range count {
		p.Update(func(ctx context.Context, tx store.Tx) error {
			return tx.Events().Append(ctx, u.ClientID, event.Draft{Name: event.AccountsAdded, Version: 1, UserID: u.ID})
		})
	}
}

func (p *place) now(w *delivery.Webhook) (found *delivery.Webhook) {
	p.View(func(ctx context.Context, tx store.Tx) (err error) {
		found, err = tx.Webhooks().Get(ctx, w.ClientID, w.ID)
		return err
	})
	return found
}

func (p *place) deliveries(w *delivery.Webhook) []delivery.Delivery {
	slice, err := p.service().Deliveries(p.t.Context(), p.As(p.Acme), string(w.ID), store.DeliveryFilter{}, store.Page{Limit: 100_000})
	require.NoError(p.t, err)
	return slice.Items
}

// log are the ids of Acme's events after a number.
func (p *place) log(after int64) (ids []ident.Event) {
	p.View(func(ctx context.Context, tx store.Tx) error {
		events, err := tx.Events().After(ctx, p.Acme.ID, after, store.EventFilter{}, 100_000)
		for _, e := range events {
			ids = append(ids, e.ID)
		}
		return err
	})
	return ids
}

// got are the ids that an endpoint got, in the order of arrival.
func (p *place) got(w *delivery.Webhook) (ids []ident.Event) {
	for _, m := range p.sender.Seen() {
		if m.URL == w.URL {
			ids = append(ids, m.ID)
		}
	}
	return ids
}

func fine() webhooktest.Endpoint { return webhooktest.Endpoint{Status: 200} }

func TestDispatcher_sends_what_happens_in_order(t *testing.T) {
	within(t, func(p *place) {
		p.limits.InFlight = 1
		w := p.webhook("fine", fine())
		head := p.Head(p.Acme)
		stop := p.start(p.dispatcher("one"))
		p.happen(p.Ana, 300)
		p.happen(p.Cleo, 3) // of another client
		time.Sleep(3 * time.Second)
		require.Equal(t, p.log(head), p.got(w))
		for i, d := range p.deliveries(w) {
			require.Equal(t, delivery.Delivered, d.Status)
			require.Len(t, d.Attempts, 1)
			require.Equal(t, head+300-int64(i), d.Seq)
		}
		p.happen(p.Ana, 1)
		synctest.Wait()
		require.Len(t, p.got(w), 301, "a hint is enough")
		stop()
		found := p.now(w)
		require.Equal(t, head+301, found.Cursor)
		require.Empty(t, found.Hold.Owner, "it lets go")
	})
}

func TestDispatcher_retries_on_schedule(t *testing.T) {
	within(t, func(p *place) {
		w := p.webhook("broken", webhooktest.Endpoint{Status: 500, Body: "no"})
		stop := p.start(p.dispatcher("one"))
		defer stop()
		p.happen(p.Ana, 1)
		time.Sleep(80 * time.Hour)
		all := p.deliveries(w)
		require.Len(t, all, 1)
		require.Equal(t, delivery.Failed, all[0].Status)
		require.Len(t, all[0].Attempts, delivery.Tries)
		at := all[0].Attempts[0].At
		for step, attempt := range all[0].Attempts[1:] {
			wait, _ := delivery.Wait(step)
			require.InDelta(t, wait, attempt.At.Sub(at), float64(time.Second), "step %d", step)
			at = attempt.At
			require.Equal(t, "no", attempt.Excerpt)
		}
		seen := p.sender.Seen()
		for _, m := range seen {
			require.Equal(t, seen[0].ID, m.ID, "the id is constant")
		}
	})
}

func TestDispatcher_with_many_endpoints(t *testing.T) {
	within(t, func(p *place) {
		head := p.Head(p.Acme)
		var all []*delivery.Webhook
		for i := range 30 {
			e := fine()
			if i%10 == 0 {
				e.Silent = true
			}
			all = append(all, p.webhook(fmt.Sprint("e", i), e))
		}
		stop := p.start(p.dispatcher("one"))
		p.happen(p.Ana, 50)
		time.Sleep(500 * time.Millisecond)
		for i, w := range all {
			if i%10 != 0 {
				require.ElementsMatch(t, p.log(head), p.got(w), "no silent one keeps it waiting")
			} else {
				require.Len(t, p.got(w), 8, "so many at once, no more")
			}
		}
		stop()
	})
}
