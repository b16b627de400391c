package notifying

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/tributary-dev/tributary/core/delivery"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/ports/bus"
	"github.com/tributary-dev/tributary/ports/sealer"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/webhook"
)

// Limits of a dispatcher; zero fields have the values of Defaults.
type Limits struct {
	// InFlight is how many requests an endpoint has at once.
	InFlight int
	// Lease is how long a webhook is ours without a word from us.
	Lease time.Duration
	// Look is how often the store is looked at for work that no hint told of.
	Look time.Duration
	// Linger is how long an endpoint without work is kept.
	Linger time.Duration
	// Keep is how long a cursor may move before it is written down.
	Keep time.Duration
	// Ahead is how many events beyond its cursor an endpoint may be.
	Ahead int
	// Grace is how long what was sent may go on when the server stops.
	Grace time.Duration
}

// Defaults fills what is not given.
func (l Limits) Defaults() Limits {
	fill := func(value *time.Duration, usual time.Duration) {
		if *value == 0 {
			*value = usual
		}
	}
	if l.InFlight == 0 {
		l.InFlight = 8
	}
	if l.Ahead == 0 {
		l.Ahead = 1024
	}
	fill(&l.Lease, 10*time.Second)
	fill(&l.Look, 2*time.Second)
	fill(&l.Linger, 2*time.Minute)
	fill(&l.Keep, time.Second)
	fill(&l.Grace, 3*time.Second)
	return l
}

// Dispatcher sends what webhooks want. Each server runs one.
type Dispatcher struct {
	Store  store.Store
	Bus    bus.Bus
	Sender webhook.Sender
	Box    sealer.Box
	Encode Encode
	// Real is real time; Dice is between 0 and 1.
	Real   func() time.Time
	Dice   func() float64
	Log    *slog.Logger
	Owner  string
	Limits Limits

	mu      sync.Mutex
	pumps   map[ident.Webhook]*pump
	streams map[ident.Client]*stream
	notes   chan note
	look    chan struct{}
	group   sync.WaitGroup
}

// NewDispatcher takes over what it is to work with.
func NewDispatcher(d *Dispatcher) *Dispatcher {
	d.Limits = d.Limits.Defaults()
	d.pumps, d.streams = map[ident.Webhook]*pump{}, map[ident.Client]*stream{}
	d.notes, d.look = make(chan note, 2*batch), make(chan struct{}, 1)
	return d
}

// Wake has the store looked at soon: some client's log grew.
func (d *Dispatcher) Wake(ident.Client) {
	select {
	case d.look <- struct{}{}:
	default: // somebody did
	}
}

// Changed has a webhook read again: it is not what it was.
func (d *Dispatcher) Changed(id ident.Webhook) {
	d.mu.Lock()
	p := d.pumps[id]
	d.mu.Unlock()
	if p == nil {
		d.Wake("")
		return
	}
	p.change()
}

// pause keeps looks apart, however many hints there are.
const pause = 50 * time.Millisecond

// Run sends until ctx ends. What was sent by then is written down.
func (d *Dispatcher) Run(ctx context.Context) error {
	var committer sync.WaitGroup
	committer.Go(func() { d.commit(ctx) })
	tick := time.NewTicker(d.Limits.Look)
	defer tick.Stop()
	for ctx.Err() == nil {
		if err := d.find(ctx); err != nil && ctx.Err() == nil {
			d.Log.WarnContext(ctx, "webhooks not looked at", "error", err)
		}
		select {
		case <-ctx.Done():
		case <-tick.C:
		case <-d.look:
			d.rest(ctx)
		}
	}
	d.group.Wait()
	close(d.notes)
	committer.Wait()
	return nil
}

func (*Dispatcher) rest(ctx context.Context) {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}

// atOnce is how many webhooks are claimed in one transaction.
const atOnce = 200

// find claims webhooks that have work and begins to serve them.
func (d *Dispatcher) find(ctx context.Context) error {
	for {
		var ids []ident.Webhook
		err := d.Store.View(ctx, func(tx store.Tx) (err error) {
			ids, err = tx.Webhooks().Due(ctx, d.Real(), atOnce)
			return err
		})
		if err != nil || len(ids) == 0 {
			return err
		}
		claimed, kept, err := d.claim(ctx, ids)
		if err != nil {
			return err
		}
		for _, w := range claimed {
			d.serve(ctx, w)
		}
		if len(claimed)+kept < atOnce { // or others were faster
			return nil
		}
	}
}

// claim takes webhooks. Those that are ours already, and whose lease ended because
// the store was slow to hear from us, it keeps: what is under way is not begun again.
func (d *Dispatcher) claim(ctx context.Context, ids []ident.Webhook) (claimed []*delivery.Webhook, kept int, err error) {
	err = d.Store.Update(ctx, store.Fence{}, func(tx store.Tx) error {
		claimed = nil
		found, err := tx.Webhooks().Load(ctx, ids...)
		if err != nil {
			return err
		}
		now := d.Real()
		until := now.Add(d.Limits.Lease)
		var late []*delivery.Webhook
		for _, w := range found {
			if d.serves(w) {
				w.Extend(until)
				late = append(late, w)
			} else if w.Claim(d.Owner, now, until) {
				claimed = append(claimed, w)
			}
		}
		kept = len(late)
		return tx.Webhooks().Put(ctx, append(late, claimed...)...)
	})
	return claimed, kept, err
}

// serves reports whether a pump of ours has the webhook, and nobody else took it.
func (d *Dispatcher) serves(w *delivery.Webhook) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	p := d.pumps[w.ID]
	return p != nil && w.HeldAt(p.epoch)
}

// serve runs a pump for a webhook. One that ours has lost without knowing it yet
// stops when it hears.
func (d *Dispatcher) serve(ctx context.Context, w *delivery.Webhook) {
	d.mu.Lock()
	defer d.mu.Unlock()
	p := newPump(d, w, d.join(ctx, w.ClientID))
	d.pumps[w.ID] = p
	d.group.Go(func() {
		p.run(ctx)
		d.mu.Lock()
		defer d.mu.Unlock()
		if d.pumps[w.ID] == p {
			delete(d.pumps, w.ID)
		}
		d.part(w.ClientID)
	})
}

// join gives the stream of a client to one pump more.
func (d *Dispatcher) join(ctx context.Context, client ident.Client) *stream {
	s := d.streams[client]
	if s == nil {
		s = newStream(d.Store, client)
		following, stop := context.WithCancel(ctx)
		s.stop = stop
		d.streams[client] = s
		d.group.Go(func() {
			s.follow(following, d.Bus, d.Limits.Look, func(err error) {
				d.Log.WarnContext(following, "a log is not followed", "client", string(client), "error", err)
			})
		})
	}
	s.users++
	return s
}

func (d *Dispatcher) part(client ident.Client) {
	s := d.streams[client]
	if s.users--; s.users == 0 {
		s.stop()
		delete(d.streams, client)
	}
}
