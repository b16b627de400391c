package oauth

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/ports/store"
)

// desk keeps the tokens of new grants. Those that come while it is busy wait and
// share the next transaction: a disk that confirms a few hundred writes a second
// then does not bound the tokens. Whoever comes alone does not wait.
type desk struct {
	store   store.Store
	mu      sync.Mutex
	waiting []*application
	open    bool
}

// application is one grant that waits for its answer.
type application struct {
	owner  store.Owner
	rows   []store.Token
	answer chan error
}

const (
	// deskMost bounds the grants of one transaction.
	deskMost = 200
	// deskPatience ends a transaction that hangs.
	deskPatience = 30 * time.Second
)

var errPatience = fault.New(fault.Unavailable, "busy", "The server is busy. Try again in a moment.")

// keep stores the tokens of a grant, unless its client or user went while it was
// checked. Who no longer waits may have been served all the same: nobody then
// knows the token.
func (d *desk) keep(ctx context.Context, owner store.Owner, rows []store.Token) error {
	a := &application{owner: owner, rows: rows, answer: make(chan error, 1)}
	d.queue(context.WithoutCancel(ctx), a)
	select {
	case err := <-a.answer:
		return err
	case <-ctx.Done():
		return errPatience.Because(ctx.Err())
	}
}

func (d *desk) queue(ctx context.Context, a *application) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.waiting = append(d.waiting, a)
	if !d.open {
		d.open = true
		go d.serve(ctx)
	}
}

// serve works until nobody waits.
func (d *desk) serve(ctx context.Context) {
	for batch := d.next(); len(batch) > 0; batch = d.next() {
		d.settle(ctx, batch)
	}
}

// next takes who waits; when that is nobody the desk is closed.
func (d *desk) next() []*application {
	d.mu.Lock()
	defer d.mu.Unlock()
	batch := d.waiting[:min(deskMost, len(d.waiting))]
	d.waiting = d.waiting[len(batch):]
	d.open = len(batch) > 0
	return batch
}

// settle keeps a batch in one transaction and answers everybody. Where somebody's
// client or user goes at that very moment, each is tried alone.
func (d *desk) settle(ctx context.Context, batch []*application) {
	ctx, cancel := context.WithTimeout(ctx, deskPatience)
	defer cancel()
	defer answerPanic(batch)
	var refused map[store.Owner]error
	err := d.store.Update(ctx, store.Fence{}, func(tx store.Tx) (err error) {
		refused, err = admit(ctx, tx, batch)
		return err
	})
	if fault.IsNotFound(err) && len(batch) > 1 {
		for i := range batch {
			d.settle(ctx, batch[i:i+1])
		}
		return
	}
	for _, a := range batch {
		if err == nil {
			a.answer <- refused[a.owner]
		} else {
			a.answer <- err
		}
	}
}

// answerPanic turns a panic into everybody's failure: it must not end the process
// where in a handler it would end one request. Its value may hold anything.
func answerPanic(batch []*application) {
	panicked := recover()
	if panicked == nil {
		return
	}
	for _, a := range batch {
		select {
		case a.answer <- errPanic.Because(fmt.Errorf("a %T", panicked)):
		default: // was answered before
		}
	}
}

var errPanic = fault.New(fault.Internal, "oauth_panic", "Something went wrong on the server.")

// admit keeps what it does not refuse. A grant was checked a while ago, password
// hashing included, so client and user are looked at again.
func admit(ctx context.Context, tx store.Tx, batch []*application) (refused map[store.Owner]error, err error) {
	refused = map[store.Owner]error{}
	var rows []store.Token
	for _, a := range batch {
		if _, seen := refused[a.owner]; !seen {
			_, err := bearer(ctx, tx, a.owner)
			if err != nil && !fault.IsNotFound(err) {
				return nil, err
			}
			refused[a.owner] = nil
			if err != nil {
				refused[a.owner] = gone(a.owner)
			}
		}
		if refused[a.owner] == nil {
			rows = append(rows, a.rows...)
		}
	}
	return refused, tx.Tokens().Put(ctx, rows...)
}
