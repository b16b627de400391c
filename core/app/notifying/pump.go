package notifying

import (
	"context"
	"net/http"
	"time"

	"github.com/tributary-dev/tributary/core/delivery"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/webhook"
)

// pump serves one webhook: it is one goroutine, beside one for each request that
// is under way.
type pump struct {
	*Dispatcher
	id     ident.Webhook
	epoch  int64
	stream *stream
	// hook is the webhook as it was read last, signers what its secrets sign with.
	hook    *delivery.Webhook
	readAt  time.Time
	signers []delivery.Signer

	window *window
	// known have a delivery already though the cursor is not there yet.
	known map[int64]bool
	// ahead are events that were read and not begun; queue is what comes next.
	ahead []*fact
	queue []item
	// busy are on their way: in the queue, under way, or not written down yet.
	busy   map[int64]bool
	flying int
	kept   int64
	// keeping: the committer has our cursor, lost: the webhook is another's, gone:
	// the endpoint wants nothing more.
	keeping, lost, gone bool
	keptAt, usedAt,
	lookAt time.Time

	results chan result
	mail    *mailbox
	changed chan struct{}
}

// item is an event that is to be sent.
type item struct {
	fact     *fact
	delivery delivery.Delivery
	retry    bool
}

// result is what came of it. An aborted one says nothing about the endpoint.
type result struct {
	item
	answer  delivery.Answer
	at      time.Time
	aborted bool
}

func newPump(d *Dispatcher, w *delivery.Webhook, s *stream) *pump {
	now := d.Real()
	return &pump{
		Dispatcher: d, id: w.ID, epoch: w.Hold.Epoch, stream: s, hook: w, readAt: now, window: newWindow(w.Cursor), kept: w.Cursor,
		known: map[int64]bool{}, busy: map[int64]bool{}, keptAt: now, usedAt: now,
		results: make(chan result, d.Limits.InFlight), mail: newMailbox(), changed: make(chan struct{}, 1),
	}
}

func (p *pump) change() {
	select {
	case p.changed <- struct{}{}:
	default: // it knows
	}
}

// run serves until there is nothing more to do, or the webhook is not ours.
func (p *pump) run(ctx context.Context) {
	sending, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	err := p.takeOver(ctx)
	if err == nil {
		err = p.open()
	}
	if err != nil {
		p.complain(ctx, "a webhook cannot be served", err)
	}
	timer := time.NewTimer(0)
	defer timer.Stop()
	for err == nil && ctx.Err() == nil && p.serves() {
		grown := p.stream.growing()
		p.fill(ctx)
		p.launch(sending)
		p.note(ctx)
		timer.Reset(p.patience())
		p.await(ctx, grown, timer.C)
	}
	p.leave(ctx, stop, err)
}

func (p *pump) complain(ctx context.Context, what string, err error) {
	if ctx.Err() == nil {
		p.Log.WarnContext(ctx, what, "webhook", string(p.id), "error", err)
	}
}

func (p *pump) await(ctx context.Context, grown <-chan struct{}, timer <-chan time.Time) {
	select {
	case <-ctx.Done():
	case r := <-p.results:
		p.land(r)
	case <-p.mail.bell:
		p.hear(ctx)
	case <-p.changed:
		p.reread(ctx)
	case <-grown:
	case <-timer:
	}
}

// takeOver learns what the one before us sent beyond the cursor.
func (p *pump) takeOver(ctx context.Context) error {
	const page = 1000
	from := p.hook.Cursor
	for {
		var seqs []int64
		err := p.Store.View(ctx, func(tx store.Tx) (err error) {
			seqs, err = tx.Deliveries().Beyond(ctx, p.id, from, page)
			return err
		})
		if err != nil {
			return err
		}
		for _, seq := range seqs {
			p.known[seq] = true
			from = seq
		}
		if len(seqs) < page {
			return nil
		}
	}
}

// open opens the secrets.
func (p *pump) open() (err error) {
	p.signers, err = signersOf(p.Box, p.hook)
	return err
}

// serves reports whether to go on.
func (p *pump) serves() bool {
	if p.lost || p.gone || !p.hook.Serves() {
		return false
	}
	return !p.idle() || p.kept < p.window.cursor() || p.Real().Sub(p.usedAt) < p.Limits.Linger
}

// idle: nothing is on its way.
func (p *pump) idle() bool { return len(p.busy) == 0 && len(p.ahead) == 0 && len(p.queue) == 0 }

// launch sends what fits.
func (p *pump) launch(ctx context.Context) {
	for p.flying < p.Limits.InFlight && len(p.queue) > 0 {
		next := p.queue[0]
		p.queue = p.queue[1:]
		p.flying++
		signers, address := p.signers, p.hook.URL
		go func() { p.results <- p.send(ctx, next, signers, address) }()
	}
}

func (p *pump) send(ctx context.Context, i item, signers []delivery.Signer, address string) result {
	at := p.Real()
	if i.fact == nil {
		return result{item: i, answer: delivery.Answer{Code: delivery.EventGone}, at: at}
	}
	body, err := i.fact.written(p.Encode)
	if err != nil {
		return result{item: i, answer: delivery.Answer{Code: delivery.EventGone}, at: at}
	}
	answer := p.Sender.Send(ctx, webhook.Message{URL: address, ID: i.fact.ID, At: at, Signature: delivery.Sign(signers, i.fact.ID, at, body), Body: body})
	return result{item: i, answer: answer, at: at, aborted: answer.HTTPStatus == 0 && ctx.Err() != nil}
}

// land takes in a result and has it written down.
func (p *pump) land(r result) {
	p.flying--
	p.usedAt = p.Real()
	if r.aborted {
		return // the next who serves the webhook sends it again
	}
	p.gone = p.gone || r.answer.HTTPStatus == http.StatusGone
	noted := r.delivery.Note(r.answer, r.at, p.Dice())
	p.notes <- note{pump: p, delivery: &noted, retry: r.retry}
}

// hear takes in what was written down.
func (p *pump) hear(ctx context.Context) {
	for _, r := range p.mail.take() {
		if r.webhook == nil {
			p.lost = true
			return
		}
		for _, seq := range r.seqs {
			delete(p.busy, seq)
			p.window.settle(seq)
		}
		if r.kept {
			p.kept, p.keeping, p.keptAt = r.cursor, false, p.Real()
		}
		p.adopt(ctx, r.webhook)
	}
}
