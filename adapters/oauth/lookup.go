package oauth

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// lookups are reads that callers share, by what is looked up. Whoever asks while
// the same is being read waits for the next read of it, never for the one under
// way: that one may not see what was committed before they asked. So nothing is
// remembered, what is revoked is revoked at once, and a client with a hundred
// requests at a time costs one read where it would cost a hundred.
type lookups[T any] struct {
	mu sync.Mutex
	// running holds what is being read, by key.
	running map[string]*lookup[T]
}

// lookup is one read.
type lookup[T any] struct {
	done  chan struct{}
	value T
	err   error
	// next is the read after this one, where somebody waits for it.
	next *lookup[T]
}

// lookupPatience ends a read that hangs and whose caller has no deadline: others
// wait for it.
const lookupPatience = 30 * time.Second

// get gives what read finds, by a read that begins after the call.
func (l *lookups[T]) get(ctx context.Context, key string, read func(context.Context) (T, error)) (T, error) {
	mine, before, leads := l.join(key)
	if leads {
		if before != nil {
			<-before.done // whoever leads stays: others count on it
		}
		l.lead(ctx, key, mine, read)
	}
	select {
	case <-mine.done:
		return mine.value, mine.err
	case <-ctx.Done():
		var none T
		return none, errPatience.Because(ctx.Err())
	}
}

// join finds the read to wait for. Who makes it leads it, after the one before.
func (l *lookups[T]) join(key string) (mine, before *lookup[T], leads bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	before = l.running[key]
	switch {
	case before == nil:
		mine = &lookup[T]{done: make(chan struct{})}
		if l.running == nil {
			l.running = map[string]*lookup[T]{}
		}
		l.running[key] = mine
		return mine, nil, true
	case before.next == nil:
		before.next = &lookup[T]{done: make(chan struct{})}
		return before.next, before, true
	}
	return before.next, before, false
}

func (l *lookups[T]) lead(ctx context.Context, key string, mine *lookup[T], read func(context.Context) (T, error)) {
	limit := lookupPatience
	if at, bounded := ctx.Deadline(); bounded { // whoever leads is not to wait longer than it would alone
		limit = time.Until(at) //nolint:forbidigo // a context's deadline is on real time
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), limit)
	defer cancel()
	defer func() {
		if panicked := recover(); panicked != nil {
			mine.err = errPanic.Because(fmt.Errorf("a %T", panicked))
		}
		l.end(key, mine)
	}()
	mine.value, mine.err = read(ctx)
}

// end lets the next one begin.
func (l *lookups[T]) end(key string, mine *lookup[T]) {
	l.mu.Lock()
	if mine.next == nil {
		delete(l.running, key)
	} else {
		l.running[key] = mine.next
	}
	l.mu.Unlock()
	close(mine.done)
}
