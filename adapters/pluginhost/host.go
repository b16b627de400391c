package pluginhost

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	port "github.com/tributary-dev/tributary/ports/provider"
)

var (
	_ port.Catalogue = (*Host)(nil)
	_ port.Gateway   = (*Host)(nil)
)

// Host runs the plugins of one folder.
type Host struct {
	options  Options
	sessions *sessions
	// work is what Close waits for: drains, and the look at the folder.
	work sync.WaitGroup
	stop context.CancelFunc

	// reloading is held by the one who compares the folder with what runs.
	reloading chan struct{}
	// rejected are manifests of generations that did not start, by name.
	rejected map[string]installed

	mu       sync.RWMutex
	closed   bool
	problems []Problem
	plugins  []*plugin // one for each name
	leaving  []*plugin // being drained
	// providers by id; none is without parts.
	providers map[string][]part
}

// Open finds the plugins, starts them all and reads their catalogues; the first
// start of each is awaited, but not beyond ctx. A plugin that is no good is a
// [Problem] and keeps none of the others from working; it is tried again like
// one that crashed. An error means that the folder itself cannot be read.
func Open(ctx context.Context, options Options) (*Host, error) {
	options = options.withDefaults()
	found, problems, err := discover(options.Dir)
	if err != nil {
		return nil, err
	}
	background, stop := context.WithCancel(context.Background())
	h := &Host{
		options: options, sessions: newSessions(options.Now), stop: stop, problems: problems,
		reloading: make(chan struct{}, 1), rejected: map[string]installed{}, providers: map[string][]part{},
	}
	var last *plugin
	for _, m := range options.inTurn(found) {
		last = supervised(m, options, last, h.publish)
		h.plugins = append(h.plugins, last)
	}
	for _, p := range h.plugins {
		select {
		case <-p.settled:
		case <-ctx.Done():
		}
	}
	for _, problem := range h.Problems() {
		options.Logger.Error("plugin is not served", "plugin", problem.Name, "reason", problem.Reason)
	}
	if options.Rescan > 0 {
		h.work.Go(func() { h.lookAgain(background) })
	}
	return h, nil
}

// Close ends all plugins, after at most grace for the calls in flight. Live
// sessions end with their process.
func (h *Host) Close(grace time.Duration) {
	h.stop()
	h.mu.Lock()
	h.closed = true
	all := slices.Concat(h.plugins, h.leaving)
	h.mu.Unlock()
	var closing sync.WaitGroup
	for _, p := range all {
		closing.Go(func() { p.drain(grace, nil) })
	}
	closing.Wait()
	h.work.Wait()
}

// ErrNoPlugin says that no plugin has this name.
var ErrNoPlugin = errors.New("pluginhost: there is no such plugin")

// Retry has a plugin that waits or was given up started at once, and forgives
// its failures. It does nothing to one that runs.
func (h *Host) Retry(name string) error {
	p := h.named(name)
	if p == nil {
		return ErrNoPlugin
	}
	p.signal(revived)
	return nil
}

func (h *Host) named(name string) *plugin {
	h.mu.RLock()
	defer h.mu.RUnlock()
	for _, p := range h.plugins {
		if p.installed.Name == name {
			return p
		}
	}
	return nil
}
