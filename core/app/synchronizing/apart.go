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

// work has a run worked on until it is over, or until it waits for its user in a
// live session: from then on it goes on apart, as long as the process lives, and
// whoever called can take up another one. What fails then is only logged: the
// run's lease ends, and it is found again.
func (d *Drain) work(ctx context.Context, id ident.Synchronization, log *slog.Logger, handle func(context.Context, ident.Synchronization) error) error {
	if d == nil {
		return handle(ctx, id)
	}
	parted := make(chan struct{})
	own, cancel := context.WithCancelCause(context.WithValue(context.WithoutCancel(ctx), partingKey{}, sync.OnceFunc(func() { close(parted) })))
	unlink := context.AfterFunc(ctx, func() { cancel(context.Cause(ctx)) })
	done := make(chan error, 1)
	d.apart.Go(func() {
		defer cancel(nil)
		done <- guarded(own, id, handle)
	})
	select {
	case err := <-done:
		return err
	case <-parted:
	}
	if !unlink() {
		return <-done // it is ended already
	}
	d.apart.Go(func() { d.follow(own, cancel, done, id, log) })
	return nil
}

// partingKey finds what a worker is told by when its run goes on apart.
type partingKey struct{}

// goApart frees the worker that waits for what a context belongs to.
func goApart(ctx context.Context) {
	if part, ok := ctx.Value(partingKey{}).(func()); ok {
		part()
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
		log.WarnContext(ctx, "live session ended", "synchronization_id", id, "error", err)
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
