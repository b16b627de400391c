package pluginhost

import (
	"context"
	"time"
)

const (
	// steady is how long a process must have run for its end to count as the
	// first one.
	steady = 30 * time.Second
	// firstPause doubles with every further end or failed start, up to lastPause.
	firstPause = 250 * time.Millisecond
	lastPause  = 30 * time.Second
)

// backoff keeps a program that dies at once from being started in a loop. The
// first end costs no pause, so that a plugin which crashed works again on the
// next call.
type backoff struct {
	startedAt time.Time
	notBefore time.Time
	failures  int
}

func (b *backoff) started(now time.Time) { b.startedAt = now }

func (b *backoff) ended(now time.Time) {
	if now.Sub(b.startedAt) >= steady {
		b.failures = 0
	}
	b.failed(now)
}

func (b *backoff) failed(now time.Time) {
	b.failures++
	if b.failures == 1 {
		b.notBefore = now
		return
	}
	b.notBefore = now.Add(min(firstPause<<min(b.failures-2, 10), lastPause))
}

// wait returns when a start is allowed, or at once when ctx ends before that.
func (b *backoff) wait(ctx context.Context, now time.Time) error {
	pause := b.notBefore.Sub(now)
	if pause <= 0 {
		return nil
	}
	if deadline, ok := ctx.Deadline(); ok && deadline.Sub(now) < pause {
		return errPausing{until: b.notBefore}
	}
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// errPausing says that a plugin failed too often lately.
type errPausing struct{ until time.Time }

func (errPausing) Error() string {
	return "pluginhost: the plugin failed repeatedly and is left alone for a while"
}
