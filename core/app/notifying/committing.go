package notifying

import (
	"context"
	"time"

	"github.com/tributary-dev/tributary/core/delivery"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/ports/store"
)

// note is what a pump wants written down.
type note struct {
	pump *pump
	// delivery, if any, is what an attempt came to; retry says that it is not the
	// first one.
	delivery *delivery.Delivery
	retry    bool
	// keep says that cursor is to be written, and the lease extended; release that
	// the webhook is let go.
	keep, release bool
	cursor        int64
}

// reply tells a pump what was written.
type reply struct {
	webhook *delivery.Webhook // as it is now; nil where it is not the pump's any more
	seqs    []int64
	kept    bool
	cursor  int64
}

// batch bounds what one transaction takes, so that none waits long for another.
const batch = 500

// commit writes what comes, many at a time: while one transaction is under way,
// the next one's work gathers. It ends when there is nobody left to write for.
func (d *Dispatcher) commit(ctx context.Context) {
	notes := make([]note, 0, batch)
	for first := range d.notes {
		notes = append(notes[:0], first)
		for more := true; more && len(notes) < batch; {
			select {
			case n, open := <-d.notes:
				if more = open; open {
					notes = append(notes, n)
				}
			default:
				more = false
			}
		}
		d.write(ctx, notes)
	}
}

// Bounds of writing: a transaction's own, and how often a store that is away is
// asked again. What cannot be written by then was not learned: it is sent again.
const (
	writeLimit = 10 * time.Second
	writeTries = 60
	lastTries  = 3 // when the server stops
	writePause = time.Second
)

func (d *Dispatcher) write(ctx context.Context, notes []note) {
	for try := 1; ; try++ {
		replies, err := d.transact(ctx, notes)
		if err == nil || try == writeTries || (ctx.Err() != nil && try >= lastTries) {
			d.answer(notes, replies)
			return
		}
		d.Log.WarnContext(ctx, "deliveries not written down yet", "count", len(notes), "error", err)
		timer := time.NewTimer(writePause)
		<-timer.C
	}
}

// transact goes on when the server stops: what was sent is to be known.
func (d *Dispatcher) transact(ctx context.Context, notes []note) (map[*pump]*reply, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), writeLimit)
	defer cancel()
	return d.store(ctx, notes)
}

// answer tells each pump once; without a reply it has lost its webhook.
func (d *Dispatcher) answer(notes []note, replies map[*pump]*reply) {
	told := map[*pump]bool{}
	for _, n := range notes {
		if told[n.pump] {
			continue
		}
		told[n.pump] = true
		r := replies[n.pump]
		if r == nil {
			r = &reply{}
		}
		n.pump.mail.put(*r)
	}
}

// store writes notes in one transaction. Whoever does not hold its webhook any
// more has nothing to say about it.
func (d *Dispatcher) store(ctx context.Context, notes []note) (replies map[*pump]*reply, err error) {
	err = d.Store.Update(ctx, store.Fence{}, func(tx store.Tx) error {
		replies = map[*pump]*reply{}
		held, err := d.holders(ctx, tx, notes)
		if err != nil {
			return err
		}
		var rows []delivery.Delivery
		changed, retried := map[*delivery.Webhook]bool{}, map[*delivery.Webhook]bool{}
		for _, n := range notes {
			w := held[n.pump]
			if w == nil {
				continue
			}
			r := replies[n.pump]
			if r == nil {
				r = &reply{webhook: w}
				replies[n.pump] = r
			}
			if n.delivery != nil {
				rows = append(rows, *n.delivery)
				r.seqs = append(r.seqs, n.delivery.Seq)
				changed[w] = learn(w, *n.delivery) || changed[w]
				retried[w] = n.retry || retried[w]
			}
			if n.keep {
				w.Advance(n.cursor)
				w.Extend(d.Real().Add(d.Limits.Lease))
				r.kept, r.cursor, changed[w] = true, n.cursor, true
			}
			if n.release {
				w.Release()
				changed[w] = true
			}
		}
		if err := tx.Deliveries().Put(ctx, rows...); err != nil {
			return err
		}
		return put(ctx, tx, changed, retried)
	})
	return replies, err
}

// learn takes in an outcome and reports whether the webhook changed by it. Most
// outcomes change nothing: a webhook is written when something did.
func learn(w *delivery.Webhook, d delivery.Delivery) bool {
	since, status, retry := w.FailingSince, w.Status, w.RetryAt
	if len(d.Attempts) > 0 {
		w.Learn(d.Attempts[len(d.Attempts)-1])
	}
	if d.Status == delivery.Pending {
		w.Expect(d.NextAt)
	}
	return since != w.FailingSince || status != w.Status || retry != w.RetryAt
}

// put writes the webhooks that changed. After a retry it is looked up when the
// next one is due.
func put(ctx context.Context, tx store.Tx, changed, retried map[*delivery.Webhook]bool) (err error) {
	for w := range retried {
		if !retried[w] {
			continue
		}
		before := w.RetryAt
		if w.RetryAt, err = tx.Deliveries().Next(ctx, w.ID); err != nil {
			return err
		}
		changed[w] = changed[w] || !before.Equal(w.RetryAt)
	}
	var all []*delivery.Webhook
	for w, is := range changed {
		if is {
			all = append(all, w)
		}
	}
	return tx.Webhooks().Put(ctx, all...)
}

// holders finds the webhooks of those pumps that still hold theirs.
func (d *Dispatcher) holders(ctx context.Context, tx store.Tx, notes []note) (map[*pump]*delivery.Webhook, error) {
	var ids []ident.Webhook
	asked := map[ident.Webhook]bool{}
	for _, n := range notes {
		if !asked[n.pump.id] {
			asked[n.pump.id] = true
			ids = append(ids, n.pump.id)
		}
	}
	found, err := tx.Webhooks().Load(ctx, ids...)
	if err != nil {
		return nil, err
	}
	byID := map[ident.Webhook]*delivery.Webhook{}
	for _, w := range found {
		byID[w.ID] = w
	}
	held := map[*pump]*delivery.Webhook{}
	for _, n := range notes {
		if w := byID[n.pump.id]; w != nil && w.HeldAt(n.pump.epoch) {
			held[n.pump] = w
		}
	}
	return held, nil
}
