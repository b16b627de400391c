package notifying

import (
	"context"
	"slices"
	"time"

	"github.com/tributary-dev/tributary/core/delivery"
	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/ports/store"
)

const (
	// pageSize is how many events are read at once.
	pageSize = 128
	// stale is how old what we know of a webhook may be when something is sent.
	stale = time.Second
	// relook keeps looks for due deliveries apart.
	relook = 50 * time.Millisecond
)

// fill gets what is to be sent next: what is due again, and what is new, so that
// neither keeps the other waiting.
func (p *pump) fill(ctx context.Context) {
	if len(p.queue) > 0 {
		return
	}
	if p.Real().Sub(p.readAt) > stale && (p.due() || p.behind()) {
		p.reread(ctx)
	}
	if p.lost || !p.hook.Serves() {
		return
	}
	if p.due() {
		if err := p.retries(ctx); err != nil {
			p.complain(ctx, "what is due for a webhook cannot be read", err)
		}
	}
	if len(p.ahead) == 0 && len(p.window.open) < p.Limits.Ahead {
		if err := p.read(ctx); err != nil {
			p.complain(ctx, "events for a webhook cannot be read", err)
			p.lookAt = p.Real().Add(stale)
		}
	}
	for _, f := range p.ahead[:min(len(p.ahead), 2*p.Limits.InFlight)] {
		p.queue = append(p.queue, item{fact: f, delivery: delivery.NewDelivery(p.id, f.Event, p.Real())})
		p.ahead = p.ahead[1:]
	}
}

// behind: the log has more than we looked at.
func (p *pump) behind() bool {
	p.stream.mu.Lock()
	defer p.stream.mu.Unlock()
	return p.window.read < p.stream.head || p.stream.base < 0
}

// due: a delivery is to be tried again, as far as we know.
func (p *pump) due() bool {
	now := p.Real()
	return !p.hook.RetryAt.IsZero() && !now.Before(p.hook.RetryAt) && !now.Before(p.lookAt)
}

// read takes in the next page of the log.
func (p *pump) read(ctx context.Context) error {
	facts, upTo, err := p.stream.after(ctx, p.window.read, p.hook.Filter, pageSize)
	if err != nil {
		return err
	}
	var wanted []int64
	for _, f := range facts {
		if p.known[f.Seq] || p.busy[f.Seq] {
			delete(p.known, f.Seq)
			continue
		}
		wanted = append(wanted, f.Seq)
		p.busy[f.Seq] = true
		p.ahead = append(p.ahead, f)
	}
	p.window.take(upTo, wanted...)
	return nil
}

// retries takes in what is due and not on its way.
func (p *pump) retries(ctx context.Context) error {
	p.lookAt = p.Real().Add(relook)
	var due []delivery.Delivery
	var events []event.Event
	err := p.Store.View(ctx, func(tx store.Tx) (err error) {
		found, err := tx.Deliveries().Due(ctx, p.id, p.Real(), 2*p.Limits.InFlight+len(p.busy))
		if err != nil {
			return err
		}
		due = slices.DeleteFunc(found, func(d delivery.Delivery) bool { return p.busy[d.Seq] })
		due = due[:min(len(due), 2*p.Limits.InFlight)]
		seqs := make([]int64, 0, len(due))
		for _, d := range due {
			seqs = append(seqs, d.Seq)
		}
		if events, err = tx.Events().At(ctx, p.hook.ClientID, seqs...); err != nil || len(found) > 0 {
			return err
		}
		p.hook.RetryAt, err = tx.Deliveries().Next(ctx, p.id)
		return err
	})
	if err != nil {
		return err
	}
	facts := map[int64]*fact{}
	for _, e := range events {
		facts[e.Seq] = &fact{Event: e}
	}
	for _, d := range due {
		p.busy[d.Seq] = true
		p.queue = append(p.queue, item{fact: facts[d.Seq], delivery: d, retry: true})
	}
	return nil
}

// reread reads the webhook anew.
func (p *pump) reread(ctx context.Context) {
	var found *delivery.Webhook
	err := p.Store.View(ctx, func(tx store.Tx) (err error) {
		found, err = tx.Webhooks().Get(ctx, p.hook.ClientID, p.id)
		return err
	})
	switch {
	case err == nil && found.HeldAt(p.epoch):
		p.adopt(ctx, found)
	case err == nil || fault.IsNotFound(err):
		p.lost = true
	default:
		p.complain(ctx, "a webhook cannot be read", err)
	}
}

// adopt goes on with the webhook as it is now.
func (p *pump) adopt(ctx context.Context, w *delivery.Webhook) {
	same := slices.EqualFunc(w.Secrets, p.hook.Secrets, func(a, b delivery.Secret) bool {
		return slices.Equal(a.Sealed, b.Sealed) && a.Until.Equal(b.Until)
	})
	p.hook, p.readAt = w, p.Real()
	if same {
		return
	}
	if err := p.open(); err != nil {
		p.complain(ctx, "the secrets of a webhook cannot be read", err)
		p.lost = true
	}
}
