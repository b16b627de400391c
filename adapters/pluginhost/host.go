package pluginhost

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/tributary-dev/tributary/plugins/sdk"
	port "github.com/tributary-dev/tributary/ports/provider"
)

var (
	_ port.Catalogue = (*Host)(nil)
	_ port.Gateway   = (*Host)(nil)
)

// Options say where the plugins are and how to run them.
type Options struct {
	// Dir is the folder of programs and manifests.
	Dir string
	// Settings by plugin, over those of the manifests.
	Settings map[string]map[string]string
	// Logger receives what goes wrong and what plugins print; none when nil.
	Logger *slog.Logger
	// Now is the clock of the back-off; the system's when nil.
	Now func() time.Time
	// StartTimeout bounds one start; 10 seconds when zero.
	StartTimeout time.Duration
	// InFlight bounds the calls at once of one plugin; the SDK's default when zero.
	InFlight int
}

// Problem tells why something in the folder is not served.
type Problem struct {
	// Name of the plugin or file.
	Name string
	// Reason is for the operator.
	Reason error
}

// Host runs the plugins of one folder.
type Host struct {
	log      *slog.Logger
	problems []Problem
	plugins  []*plugin
	// providers by id; fixed after Open.
	providers map[string]served
}

// served is a provider and the plugin that serves it.
type served struct {
	plugin *plugin
	info   sdk.ProviderInfo
}

// Open finds the plugins, starts them all and reads their catalogues. A plugin
// that is no good is a [Problem], is not tried again before the next Open, and
// keeps none of the others from working; an error means that the folder itself
// cannot be read.
func Open(ctx context.Context, options Options) (*Host, error) {
	options = options.withDefaults()
	found, problems, err := discover(options.Dir)
	if err != nil {
		return nil, err
	}
	h := &Host{log: options.Logger, problems: problems, providers: map[string]served{}}
	plugins := make([]*plugin, len(found))
	var starting sync.WaitGroup
	for i, m := range found {
		plugins[i] = newPlugin(m, options)
		starting.Go(func() { _, _ = plugins[i].running(ctx) })
	}
	starting.Wait()
	for _, p := range plugins {
		h.admit(p)
	}
	for _, problem := range h.problems {
		h.log.Error("plugin is not served", "plugin", problem.Name, "reason", problem.Reason)
	}
	return h, nil
}

func (o Options) withDefaults() Options {
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now //nolint:forbidigo // processes live on real time, but in tests
	}
	if o.StartTimeout == 0 {
		o.StartTimeout = 10 * time.Second
	}
	return o
}

// admit takes a started plugin into the catalogue, all of it or nothing.
func (h *Host) admit(p *plugin) {
	reason := p.lastError()
	if reason == nil {
		reason = h.clash(p)
	}
	if reason != nil {
		h.problems = append(h.problems, Problem{p.manifest.Name, reason})
		p.close(0)
		return
	}
	h.plugins = append(h.plugins, p)
	for _, info := range p.described().Providers {
		h.providers[info.ID] = served{p, info}
	}
}

// Problems are what was found and cannot be served, by name.
func (h *Host) Problems() []Problem { return h.problems }

// Close ends all plugins, after at most grace for the calls in flight.
func (h *Host) Close(grace time.Duration) {
	var closing sync.WaitGroup
	for _, p := range h.plugins {
		closing.Go(func() { p.close(grace) })
	}
	closing.Wait()
}
