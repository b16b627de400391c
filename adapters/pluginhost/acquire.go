package pluginhost

import (
	"context"
	"errors"
	"time"
)

var errClosed = errors.New("pluginhost: the plugin is being closed")

// acquire gives the process for one call; release gives it back. Where none
// runs, it waits for the next start: that one's failure is the call's. It does
// not wait for a start that comes after ctx's deadline, nor for a plugin that
// was given up.
func (p *plugin) acquire(ctx context.Context) (process, func(), error) {
	deadline, bounded := ctx.Deadline()
	p.mu.Lock()
	tries := p.tries
	p.mu.Unlock()
	var got process
	var failure error
	err := p.waitUntil(ctx, func() bool {
		switch {
		case p.course.phase == Draining:
			failure = errClosed
		case p.course.phase == Up && p.process.Usable():
			got = p.process
			p.users++
		case p.tries > tries && p.course.phase != Up && p.failedStart():
			failure = p.failed
		case p.course.phase == GivenUp,
			p.course.phase == Restarting && bounded && p.course.until.After(deadline):
			failure = errPausing{until: p.course.until, last: p.failed}
		default:
			return false
		}
		return true
	})
	if err == nil {
		err = failure
	}
	return got, p.release, err
}

// failedStart tells a start that failed from a process that ended later.
func (p *plugin) failedStart() bool {
	_, later := p.failed.(errEnded) //nolint:errorlint // it is never wrapped
	return p.failed != nil && !later
}

// hold takes the process for one call if it is the plugin's, also while the
// plugin is drained.
func (p *plugin) hold(wanted process) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.process != wanted || !wanted.Usable() {
		return false
	}
	p.users++
	return true
}

func (p *plugin) release() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.users--
	p.wake()
}

// errPausing says that a plugin failed too often lately.
type errPausing struct {
	until time.Time
	last  error
}

func (errPausing) Error() string {
	return "pluginhost: the plugin failed repeatedly and is left alone for a while"
}

// Unwrap gives what it failed with.
func (e errPausing) Unwrap() error { return e.last }
