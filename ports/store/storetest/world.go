package storetest

import (
	"context"
	"crypto/rand"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/category"
	"github.com/tributary-dev/tributary/core/client"
	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/consent"
	"github.com/tributary-dev/tributary/core/delivery"
	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/core/quota"
	"github.com/tributary-dev/tributary/core/sandbox"
	"github.com/tributary-dev/tributary/core/synchronization"
	"github.com/tributary-dev/tributary/core/user"
	"github.com/tributary-dev/tributary/core/widget"
	"github.com/tributary-dev/tributary/ports/store"
)

// world is a store under test and the things a case puts into it.
type world struct {
	*testing.T
	Subject
	ctx    context.Context
	filler filler

	mutex sync.Mutex
	now   time.Time
	hints []hint
	// grown is signalled with each hint.
	grown chan struct{}
}

type hint struct {
	client ident.Client
	seq    int64
}

func newWorld(t *testing.T, open Open) *world {
	w := &world{T: t, ctx: t.Context(), now: genesis, grown: make(chan struct{}, 1)}
	w.Subject = open(t, Options{Now: w.clock, IDs: ident.Source{Now: w.clock, Rand: rand.Reader}, Hint: w.hint})
	return w
}

func (w *world) clock() time.Time {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	return w.now
}

// hint looks at once for what it is told of: a hint must not come before it.
func (w *world) hint(client ident.Client, seq int64) {
	head, err := ask(w, func(tx store.Tx) (int64, error) { return tx.Events().Head(w.ctx, client) })
	if err != nil || head < seq {
		w.Errorf("a hint of %d while the log reaches %d: %v", seq, head, err)
	}
	w.mutex.Lock()
	defer w.mutex.Unlock()
	w.hints = append(w.hints, hint{client, seq})
	select {
	case w.grown <- struct{}{}:
	default: // it was signalled already
	}
}

func (w *world) hinted() []hint {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	return append([]hint(nil), w.hints...)
}

// update commits what fn writes.
func (w *world) update(fn func(store.Tx) error) {
	w.Helper()
	require.NoError(w, w.Store.Update(w.ctx, store.Fence{}, fn))
}

// put commits one thing.
func (w *world) put(thing any) {
	w.Helper()
	w.update(func(tx store.Tx) error { return w.write(tx, thing) })
}

func (w *world) write(tx store.Tx, thing any) error {
	switch thing := thing.(type) {
	case client.Client:
		return tx.Clients().Put(w.ctx, thing)
	case *user.User:
		return tx.Users().Put(w.ctx, thing)
	case *connection.Connection:
		return tx.Connections().Put(w.ctx, thing)
	case *connection.Challenge:
		return tx.Challenges().Put(w.ctx, thing)
	case *synchronization.Synchronization:
		return tx.Runs().Put(w.ctx, thing)
	case ledger.Account:
		return tx.Accounts().Put(w.ctx, thing)
	case ledger.Transaction:
		return w.speak(tx, thing.ClientID, tx.Transactions().Put(w.ctx, thing))
	case store.Token:
		return tx.Tokens().Put(w.ctx, thing)
	case store.Attempt:
		return tx.Attempts().Put(w.ctx, thing)
	case quota.Call:
		return tx.Quotas().Put(w.ctx, thing)
	case *consent.Consent:
		return tx.Consents().Put(w.ctx, thing)
	case consent.Access:
		return tx.Accesses().Put(w.ctx, thing)
	case *delivery.Webhook:
		return tx.Webhooks().Put(w.ctx, thing)
	case delivery.Delivery:
		return tx.Deliveries().Put(w.ctx, thing)
	case category.Rule:
		return tx.Rules().Put(w.ctx, thing)
	case *widget.Session:
		return tx.WidgetSessions().Put(w.ctx, thing)
	case widget.Theme:
		return tx.Themes().Put(w.ctx, thing)
	case sandbox.Configuration:
		return tx.Configurations().Put(w.ctx, thing)
	}
	panic("storetest: nobody puts this")
}

// speak appends the event without which transactions must not change, in cases
// about something else; log leaves it out.
func (w *world) speak(tx store.Tx, client ident.Client, err error) error {
	if err != nil {
		return err
	}
	return tx.Events().Append(w.ctx, client, event.Draft{Name: event.TransactionsModified, Version: spoken})
}

// spoken is the version by which log knows it.
const spoken = 99

// ask reads something in a view.
func ask[T any](w *world, get func(store.Tx) (T, error)) (T, error) {
	var found T
	err := w.Store.View(w.ctx, func(tx store.Tx) (err error) {
		found, err = get(tx)
		return err
	})
	return found, err
}

// read is ask where there must be an answer.
func read[T any](w *world, get func(store.Tx) (T, error)) T {
	w.Helper()
	found, err := ask(w, get)
	require.NoError(w, err)
	return found
}
