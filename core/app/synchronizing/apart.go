package synchronizing

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"

	"github.com/tributary-dev/tributary/core/ident"
)

// mostLive is how many users may be in the middle of a live session of one
// process: each holds a page of a browser, or the like, in a plugin.
const mostLive = 100

// work has a run worked on until it is over, or until it waits: for its user in a
// live session, or for its share of a bank. From then on it goes on apart, as long
// as the process lives, and whoever called can take up another one. What fails then
// is only logged: the run is due still, or its lease ends, and it is found again.
func (d *Drain) work(ctx context.Context, id ident.Synchronization, bank string, log *slog.Logger, handle func(context.Context, ident.Synchronization) error) error {
	if d == nil {
		return handle(ctx, id)
	}
	own := &parting{parted: make(chan struct{})}
	alone, cancel := context.WithCancelCause(context.WithValue(context.WithoutCancel(ctx), partingKey{}, own))
	unlink := context.AfterFunc(ctx, func() { cancel(context.Cause(ctx)) })
	done := make(chan error, 1)
	d.apart.Go(func() {
		defer cancel(nil)
		if own.leave = d.share(alone, bank, id); own.leave == nil {
			done <- nil
			return
		}
		defer own.leave()
		done <- guarded(alone, id, handle)
	})
	select {
	case err := <-done:
		return err
	case <-own.parted:
	}
	if !unlink() {
		return <-done // it is ended already
	}
	d.apart.Go(func() { d.follow(alone, cancel, done, id, log) })
	return nil
}

// parting is what a worker is told by when its run goes on apart: once, though
// a run may wait for its share first, and for its user later.
type parting struct {
	once   sync.Once
	parted chan struct{}
	// leave gives the run's share of its bank back.
	leave func()
}

type partingKey struct{}

// goApart frees the worker that waits for what a context belongs to, and the
// run's share of its bank.
func goApart(ctx context.Context) {
	own, ok := ctx.Value(partingKey{}).(*parting)
	if !ok {
		return
	}
	own.once.Do(func() { close(own.parted) })
	if own.leave != nil {
		own.leave()
	}
}

// follow ends a run that goes on apart when the process does, and hears of its
// end.
func (d *Drain) follow(ctx context.Context, cancel context.CancelCauseFunc, done <-chan error, id ident.Synchronization, log *slog.Logger) {
	var err error
	select {
	case err = <-done:
	case <-d.gone:
		cancel(context.Canceled)
		err = <-done
	}
	if err != nil {
		log.WarnContext(ctx, "run that went on apart ended", "synchronization_id", id, "error", err)
	}
}

// guarded makes a panic an error, as the queue does with those of its workers.
func guarded(ctx context.Context, id ident.Synchronization, handle func(context.Context, ident.Synchronization) error) (err error) {
	defer func() {
		if value := recover(); value != nil {
			err = fmt.Errorf("synchronizing: panic: %v\n%s", value, debug.Stack())
		}
	}()
	return handle(ctx, id)
}

// Close ends what goes on apart, and waits for it. It is called once, when nobody
// works any more.
func (d *Drain) Close() {
	close(d.gone)
	d.apart.Wait()
}
