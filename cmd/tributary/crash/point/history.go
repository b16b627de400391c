package point

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/synchronization"
	"github.com/tributary-dev/tributary/ports/store"
)

// History is a file of what was done to runs, and when. Each call is a line, and
// so is its end: of a process that was killed in between the end is missing. A
// claim says which run it wants as soon as it is known.
type History struct {
	mu   sync.Mutex
	out  io.Writer
	now  func() time.Time
	last atomic.Int64
}

// NewHistory writes to out.
func NewHistory(out io.Writer, now func() time.Time) *History { return &History{out: out, now: now} }

// line writes one as a whole, or the program has no purpose any more.
func (h *History) line(format string, args ...any) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if _, err := fmt.Fprintf(h.out, format+"\n", args...); err != nil {
		panic(err)
	}
}

func (h *History) call(kind string, run ident.Synchronization, epoch int64) (id int64) {
	id = h.last.Add(1)
	h.line("call %d %d %s %s %d", id, h.now().UnixNano(), kind, orNone(run), epoch)
	return id
}

// orNone keeps each line at its number of words.
func orNone(run ident.Synchronization) string { return cmp.Or(string(run), "-") }

// Kinds of a call, and what came of it.
const (
	Claim, Write        = "claim", "write"
	Done, Fenced, Other = "done", "fenced", "other"
)

func (h *History) end(id int64, run ident.Synchronization, epoch int64, err error) {
	what := Done
	switch {
	case errors.Is(err, synchronization.ErrFenced):
		what = Fenced
	case err != nil:
		what = Other
	}
	h.line("end %d %d %s %s %d", id, h.now().UnixNano(), what, orNone(run), epoch)
}

// Witness writes down each claim of a run and each write under one.
func Witness(h *History, next store.Store) store.Store { return witnessed{next, h} }

type witnessed struct {
	store.Store
	history *History
}

// Peek keeps the cheap way to read.
func (w witnessed) Peek() store.Peek { return store.PeekOf(w.Store) }

// Update implements the port.
func (w witnessed) Update(ctx context.Context, fence store.Fence, fn func(store.Tx) error) error {
	if fence.Run != "" {
		id := w.history.call(Write, fence.Run, fence.Epoch)
		err := w.Store.Update(ctx, fence, fn)
		w.history.end(id, fence.Run, fence.Epoch, err)
		return err
	}
	if transaction() != "synchronizing.claim" {
		return w.Store.Update(ctx, fence, fn)
	}
	id := w.history.call(Claim, "", 0)
	var claimed ident.Synchronization
	var epoch int64
	err := w.Store.Update(ctx, fence, func(tx store.Tx) error {
		return fn(watchedTx{tx, func(run *synchronization.Synchronization) {
			claimed, epoch = run.ID, run.Lease.Epoch
			w.history.line("wants %d %d %s %s %d", id, w.history.now().UnixNano(), Claim, claimed, epoch)
		}})
	})
	w.history.end(id, claimed, epoch, err)
	return err
}

// watchedTx tells which run is stored.
type watchedTx struct {
	store.Tx
	stored func(*synchronization.Synchronization)
}

// Runs implements the port.
func (t watchedTx) Runs() store.Runs { return watchedRuns{t.Tx.Runs(), t.stored} }

type watchedRuns struct {
	store.Runs
	stored func(*synchronization.Synchronization)
}

func (r watchedRuns) Put(ctx context.Context, run *synchronization.Synchronization) error {
	r.stored(run)
	return r.Runs.Put(ctx, run)
}
