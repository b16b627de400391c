package pluginhost

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"time"

	"github.com/tributary-dev/tributary/plugins/sdk"
)

// supervise keeps a process of the plugin until the plugin is drained.
func (p *plugin) supervise(ctx context.Context) {
	defer close(p.over)
	defer p.settle()
	for {
		switch p.phase() {
		case Starting:
			p.attempt(ctx)
			p.settle()
		case Up:
			p.watch(ctx)
		case Restarting, GivenUp:
			p.rest(ctx)
		case Draining:
			return
		}
	}
}

// errRefused marks what starting again does not mend.
type errRefused struct{ error }

func (e errRefused) Unwrap() error { return e.error }

// attempt starts the program once.
func (p *plugin) attempt(ctx context.Context) {
	process, err := p.start(ctx)
	if err != nil && ctx.Err() == nil {
		p.log.Error("plugin does not start", "reason", err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.tries++
	p.failed = err
	_, hopeless := errors.AsType[errRefused](err)
	switch {
	case hopeless:
		p.move(refused)
	case err != nil:
		p.move(failing)
	default:
		p.process = process
		p.log.Info("plugin started", "version", p.installed.Version, "pid", process.Pid())
		p.move(came)
	}
}

// start launches the program, and wants it to be what its manifest says.
func (p *plugin) start(ctx context.Context) (process, error) {
	process, err := p.options.launch(ctx, p.config)
	if err != nil {
		return nil, err
	}
	if err := p.recognise(ctx, process.Description()); err != nil {
		process.Close(0)
		return nil, err
	}
	return process, nil
}

// recognise checks who a plugin says it is: on the first start against the
// manifest and the other plugins, on later ones against the first.
func (p *plugin) recognise(ctx context.Context, d sdk.Description) error {
	known := p.described()
	switch {
	case d.Plugin != p.installed.Name || d.Version != p.installed.Version:
		return errRefused{fmt.Errorf("the manifest says %s %s, the program %s %s", p.installed.Name, p.installed.Version, d.Plugin, d.Version)}
	case known != nil && !reflect.DeepEqual(*known, d):
		return errRefused{errors.New("the program describes itself otherwise than at its first start")}
	case known != nil:
		return nil
	}
	if p.after != nil {
		select {
		case <-p.after.settled:
		case <-ctx.Done():
			return ctx.Err()
		}
		p.after = nil // it may be gone for long when this one is admitted
	}
	if err := p.admit(p, d); err != nil {
		return errRefused{err}
	}
	p.mu.Lock()
	p.description = &d
	p.mu.Unlock()
	return nil
}

var errHung = errors.New("it does not answer any more")

// watch asks the process from time to time whether it is still there, until it
// is not, or the plugin is drained.
func (p *plugin) watch(ctx context.Context) {
	p.mu.Lock()
	process := p.process
	p.mu.Unlock()
	tick := time.NewTicker(p.options.Ping)
	defer tick.Stop()
	for silent := 0; silent < pings; {
		select {
		case <-ctx.Done():
			return
		case <-process.Done():
			p.lose(process, process.Ended())
			return
		case <-tick.C:
		}
		if p.answers(ctx, process) {
			silent = 0
			continue
		}
		silent++
	}
	if ctx.Err() == nil {
		p.lose(process, errHung)
	}
}

// pings that go unanswered one after another end a process.
const pings = 3

func (p *plugin) answers(ctx context.Context, process process) bool {
	ctx, cancel := context.WithTimeout(ctx, p.options.Ping)
	defer cancel()
	return process.Ping(ctx) == nil
}

// lose clears away a process that ended, or ends one that hangs.
func (p *plugin) lose(process process, how error) {
	p.log.Warn("plugin has ended by itself", "how", how)
	process.Close(0)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.process = nil
	p.failed = errEnded{how}
	p.move(ended)
}

// errEnded says that the process ended by itself.
type errEnded struct{ how error }

func (e errEnded) Error() string {
	if e.how == nil {
		return "the process ended by itself"
	}
	return "the process ended by itself: " + e.how.Error()
}

// rest waits until the next start is due, or somebody wants one.
func (p *plugin) rest(ctx context.Context) {
	p.mu.Lock()
	pause, changed := p.course.until.Sub(p.options.Now()), p.changed
	p.mu.Unlock()
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-changed:
	case <-timer.C:
		p.signal(due)
	}
}
