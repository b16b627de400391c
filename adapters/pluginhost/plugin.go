package pluginhost

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"reflect"
	"sync"
	"time"

	"github.com/tributary-dev/tributary/plugins/sdk"
	"github.com/tributary-dev/tributary/plugins/sdk/host"
)

// plugin keeps one process of a program. It starts it when somebody needs it.
type plugin struct {
	manifest installed
	config   host.Config
	now      func() time.Time
	log      *slog.Logger

	// turn is held by whoever looks at or changes what follows. It is a channel
	// because a caller waits for it no longer than its own deadline.
	turn    chan struct{}
	process *host.Process
	pause   backoff

	mu          sync.Mutex
	description *sdk.Description
	failed      error
	closed      bool
}

func newPlugin(m installed, options Options) *plugin {
	settings := maps.Clone(m.Settings)
	if settings == nil {
		settings = map[string]string{}
	}
	maps.Copy(settings, options.Settings[m.Name])
	log := options.Logger.With("plugin", m.Name)
	return &plugin{
		manifest: m, now: options.Now, log: log, turn: make(chan struct{}, 1),
		config: host.Config{
			Name: m.Name, Path: m.program, SHA256: m.Checksum(), Settings: settings,
			Logger: log, StartTimeout: options.StartTimeout, InFlight: options.InFlight,
		},
	}
}

var errClosed = errors.New("pluginhost: the plugins are being closed")

// running gives the process, and starts it when there is none. After repeated
// failures it waits out the back-off, or fails when ctx does not last that long.
func (p *plugin) running(ctx context.Context) (*host.Process, error) {
	select {
	case p.turn <- struct{}{}:
		defer func() { <-p.turn }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if p.isClosed() {
		return nil, errClosed
	}
	if p.process != nil {
		if p.process.Usable() {
			return p.process, nil
		}
		p.process.Close(0)
		p.log.Warn("plugin has ended by itself", "how", p.process.Ended())
		p.process = nil
		p.pause.ended(p.now())
	}
	if err := p.pause.wait(ctx, p.now()); err != nil {
		return nil, err
	}
	process, err := p.start(ctx)
	p.note(err)
	if err != nil {
		p.pause.failed(p.now())
		return nil, err
	}
	p.pause.started(p.now())
	p.process = process
	return process, nil
}

// start launches the program, and wants it to be what its manifest says.
func (p *plugin) start(ctx context.Context) (*host.Process, error) {
	process, err := host.Launch(ctx, p.config)
	if err != nil {
		p.log.Error("plugin does not start", "reason", err)
		return nil, err
	}
	if err := p.recognise(process.Description()); err != nil {
		process.Close(0)
		p.log.Error("plugin does not start", "reason", err)
		return nil, err
	}
	p.log.Info("plugin started", "version", p.manifest.Version, "pid", process.Pid())
	return process, nil
}

// recognise checks who a plugin says it is: on the first start against the
// manifest, on later ones against the first.
func (p *plugin) recognise(d sdk.Description) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case d.Plugin != p.manifest.Name || d.Version != p.manifest.Version:
		return fmt.Errorf("the manifest says %s %s, the program %s %s", p.manifest.Name, p.manifest.Version, d.Plugin, d.Version)
	case p.description != nil && !reflect.DeepEqual(*p.description, d):
		return errors.New("the program describes itself otherwise than at its first start")
	}
	p.description = &d
	return nil
}

// described is what the plugin told at its first start.
func (p *plugin) described() sdk.Description {
	p.mu.Lock()
	defer p.mu.Unlock()
	return *p.description
}

func (p *plugin) note(err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.failed = err
}

// lastError is why the last start failed; nil when it did not.
func (p *plugin) lastError() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.failed
}

func (p *plugin) isClosed() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.closed
}

// close ends the process for good.
func (p *plugin) close(grace time.Duration) {
	p.mu.Lock()
	p.closed = true
	p.mu.Unlock()
	p.turn <- struct{}{}
	defer func() { <-p.turn }()
	if p.process != nil {
		p.process.Close(grace)
		p.process = nil
	}
}
