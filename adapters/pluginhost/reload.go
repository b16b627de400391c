package pluginhost

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"sync"
	"time"

	"github.com/tributary-dev/tributary/plugins/sdk"
)

// Reload compares the folder with what runs: it starts what is new, replaces
// what has another manifest, and drains what is gone. A new generation takes
// over once it is up; the old one finishes the calls and live sessions it holds,
// for at most Options.Drain. One that does not start changes nothing, and is a
// [Problem].
func (h *Host) Reload(ctx context.Context) error {
	return h.reload(ctx, true)
}

// lookAgain reloads from time to time. What failed to start is not tried again
// before it changes.
func (h *Host) lookAgain(ctx context.Context) {
	tick := time.NewTicker(h.options.Rescan)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if err := h.reload(ctx, false); err != nil && ctx.Err() == nil {
			h.options.Logger.Warn("folder of plugins not read", "reason", err)
		}
	}
}

func (h *Host) reload(ctx context.Context, again bool) error {
	select {
	case h.reloading <- struct{}{}:
		defer func() { <-h.reloading }()
	case <-ctx.Done():
		return ctx.Err()
	}
	found, problems, err := discover(h.options.Dir)
	if err != nil {
		return err
	}
	for _, m := range h.options.inTurn(found) {
		if reason := h.take(ctx, m, again); reason != nil {
			problems = append(problems, Problem{m.Name, reason})
		}
	}
	for _, p := range h.absent(found, problems) {
		h.remove(p)
	}
	h.mu.Lock()
	h.problems = problems
	h.mu.Unlock()
	return ctx.Err()
}

// take brings what runs under a name to what lies in the folder.
func (h *Host) take(ctx context.Context, m installed, again bool) error {
	present := h.named(m.Name)
	switch {
	case present == nil:
		return h.enlist(ctx, m)
	case reflect.DeepEqual(present.installed.Manifest, m.Manifest):
		delete(h.rejected, m.Name)
		return nil
	case !again && reflect.DeepEqual(h.rejected[m.Name], m):
		return errRejected
	}
	return h.replace(present, m)
}

// enlist adds a plugin that was not there, and waits for its first start, of
// whose failure Problems tells.
func (h *Host) enlist(ctx context.Context, m installed) error {
	h.mu.Lock()
	if h.closed {
		h.mu.Unlock()
		return errClosed
	}
	p := supervised(m, h.options, nil, h.publish)
	h.plugins = append(h.plugins, p)
	h.mu.Unlock()
	select {
	case <-p.settled:
	case <-ctx.Done():
	}
	return nil
}

var errRejected = errors.New("the new version does not start; the old one goes on")

// replace starts a new generation and, when it is up, drains the old one. Its
// first start decides: the supervisor's second try comes too late.
func (h *Host) replace(old *plugin, m installed) error {
	var deciding sync.Mutex
	taken, late := false, false
	next := supervised(m, h.options, nil, func(p *plugin, d sdk.Description) error {
		deciding.Lock()
		defer deciding.Unlock()
		if late {
			return errRejected
		}
		err := h.swap(old, p, d)
		taken = err == nil
		return err
	})
	<-next.settled
	deciding.Lock()
	late = !taken
	deciding.Unlock()
	if late {
		reason := next.lastError()
		next.drain(0, nil)
		h.rejected[m.Name] = m
		h.options.Logger.Error("plugin is not replaced", "plugin", m.Name, "version", m.Version, "reason", reason)
		return fmt.Errorf("%w: %w", errRejected, reason)
	}
	delete(h.rejected, m.Name)
	h.options.Logger.Info("plugin is replaced", "plugin", m.Name, "version", m.Version, "was", old.installed.Version)
	h.leave(old)
	return nil
}

// swap puts a generation in the place of another, catalogue and all.
func (h *Host) swap(old, next *plugin, d sdk.Description) error {
	if err := h.publish(next, d); err != nil {
		return err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	i := slices.Index(h.plugins, old)
	if i < 0 || h.closed {
		return errClosed
	}
	h.plugins[i] = next
	h.leaving = append(h.leaving, old)
	return nil
}

// remove takes a plugin out of the catalogue and drains it.
func (h *Host) remove(p *plugin) {
	h.withdraw(p)
	h.mu.Lock()
	h.plugins = slices.DeleteFunc(h.plugins, func(other *plugin) bool { return other == p })
	h.leaving = append(h.leaving, p)
	h.mu.Unlock()
	h.leave(p)
}

// leave drains one of the leaving in the background.
func (h *Host) leave(p *plugin) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return // Close ends it
	}
	h.work.Go(func() {
		p.drain(h.options.Drain, func() bool { return h.sessions.heldBy(p) })
		h.mu.Lock()
		defer h.mu.Unlock()
		h.leaving = slices.DeleteFunc(h.leaving, func(other *plugin) bool { return other == p })
	})
}

// absent are the plugins of which nothing is left in the folder. One whose
// manifest cannot be read goes on.
func (h *Host) absent(found []installed, problems []Problem) []*plugin {
	h.mu.RLock()
	defer h.mu.RUnlock()
	var out []*plugin
	for _, p := range h.plugins {
		there := slices.ContainsFunc(found, func(m installed) bool { return m.Name == p.installed.Name }) ||
			slices.ContainsFunc(problems, func(o Problem) bool { return o.Name == p.installed.Name })
		if !there {
			out = append(out, p)
		}
	}
	return out
}
