package point

import (
	"context"

	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/synchronization"
	"github.com/tributary-dev/tributary/ports/jobs"
	"github.com/tributary-dev/tributary/ports/store"
)

// Store puts a gate before each transaction that writes, between its last
// statement and the commit, and after the commit.
func Store(gate Gate, next store.Store) store.Store { return gated{next, gate} }

type gated struct {
	store.Store
	gate Gate
}

// Update implements the port.
func (g gated) Update(ctx context.Context, fence store.Fence, fn func(store.Tx) error) error {
	name := transaction()
	g.gate.Reach(name + "/before")
	err := g.Store.Update(ctx, fence, func(tx store.Tx) error {
		if err := fn(gatedTx{tx, g.gate}); err != nil {
			return err
		}
		g.gate.Reach(name + "/within")
		return nil
	})
	if err == nil {
		g.gate.Reach(name + "/after")
	}
	return err
}

// Peek keeps the cheap way to read.
func (g gated) Peek() store.Peek { return store.PeekOf(g.Store) }

// gatedTx has a gate around what others wait for: events, jobs, and the rows
// that carry them.
type gatedTx struct {
	store.Tx
	gate Gate
}

func (t gatedTx) around(name string, work func() error) error {
	t.gate.Reach(name + "/before")
	err := work()
	if err == nil {
		t.gate.Reach(name + "/after")
	}
	return err
}

// Wake implements the port.
func (t gatedTx) Wake(ctx context.Context, job jobs.Job) error {
	return t.around("Wake", func() error { return t.Tx.Wake(ctx, job) })
}

// Events implements the port.
func (t gatedTx) Events() store.Events { return gatedEvents{t.Tx.Events(), t} }

// Runs implements the port.
func (t gatedTx) Runs() store.Runs { return gatedRuns{t.Tx.Runs(), t} }

// Challenges implements the port.
func (t gatedTx) Challenges() store.Challenges { return gatedChallenges{t.Tx.Challenges(), t} }

type gatedEvents struct {
	store.Events
	tx gatedTx
}

func (e gatedEvents) Append(ctx context.Context, client ident.Client, drafts ...event.Draft) error {
	return e.tx.around("Append", func() error { return e.Events.Append(ctx, client, drafts...) })
}

type gatedRuns struct {
	store.Runs
	tx gatedTx
}

func (r gatedRuns) Put(ctx context.Context, run *synchronization.Synchronization) error {
	return r.tx.around("Run", func() error { return r.Runs.Put(ctx, run) })
}

type gatedChallenges struct {
	store.Challenges
	tx gatedTx
}

func (c gatedChallenges) Put(ctx context.Context, asked *connection.Challenge) error {
	return c.tx.around("Challenge", func() error { return c.Challenges.Put(ctx, asked) })
}
