package pluginhost

import (
	"context"
	"log/slog"
	"maps"
	"sync"

	"github.com/tributary-dev/tributary/plugins/sdk"
	"github.com/tributary-dev/tributary/plugins/sdk/host"
)

// plugin is one generation of a program: what lies in the folder, and the
// process that its supervisor keeps of it.
type plugin struct {
	installed installed
	config    host.Config
	options   Options
	log       *slog.Logger
	// admit takes the plugin into the catalogue, once, before it is up.
	admit func(*plugin, sdk.Description) error
	// after settles before this one is admitted, so that of two plugins with
	// the same provider it is always the same one that serves it.
	after *plugin

	// settled is closed when the first start has come to its end.
	settled chan struct{}
	settle  func()
	// over is closed when nobody starts or watches processes any more.
	over chan struct{}
	stop context.CancelFunc

	mu      sync.Mutex
	changed chan struct{} // closed and made anew with every change
	course  course
	tries   int // starts that came to their end
	process process
	users   int // calls that hold the process
	failed  error
	// description is what the program told at its first start; nil before.
	description *sdk.Description
}

// supervised makes a plugin and starts it.
func supervised(m installed, options Options, after *plugin, admit func(*plugin, sdk.Description) error) *plugin {
	settings := maps.Clone(m.Settings)
	if settings == nil {
		settings = map[string]string{}
	}
	maps.Copy(settings, options.Settings[m.Name])
	log := options.Logger.With("plugin", m.Name)
	ctx, stop := context.WithCancel(context.Background())
	p := &plugin{
		installed: m, options: options, log: log, admit: admit, after: after, stop: stop,
		settled: make(chan struct{}), over: make(chan struct{}), changed: make(chan struct{}),
		course: begun(options.Now()),
		config: host.Config{
			Name: m.Name, Path: m.program, SHA256: m.Checksum(), Settings: settings, Logger: log,
			StartTimeout: options.StartTimeout, InFlight: options.InFlight, MaxMessage: options.MaxMessage, MaxItems: options.MaxItems,
		},
	}
	p.settle = sync.OnceFunc(func() { close(p.settled) })
	go p.supervise(ctx)
	return p
}

// signal moves the course on and wakes who waits for it.
func (p *plugin) signal(s signal) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.move(s)
}

// move is signal for who holds the lock.
func (p *plugin) move(s signal) {
	before := p.course.phase
	p.course = p.options.policy.next(p.course, s, p.options.Now(), p.options.chance())
	p.wake()
	if p.course.phase == GivenUp && before != GivenUp {
		p.log.Error("plugin is given up", "reason", p.failed, "until", p.course.until)
	}
}

// wake tells all who wait that something changed. The lock is held.
func (p *plugin) wake() {
	close(p.changed)
	p.changed = make(chan struct{})
}

func (p *plugin) phase() Phase {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.course.phase
}

// lastError is why it does not serve now; nil when it does.
func (p *plugin) lastError() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.failed
}

// described is what the plugin told at its first start.
func (p *plugin) described() *sdk.Description {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.description
}

// status is what is told of it.
func (p *plugin) status() Status {
	p.mu.Lock()
	defer p.mu.Unlock()
	s := Status{
		Name: p.installed.Name, Version: p.installed.Version, Phase: p.course.phase, Since: p.course.since,
		RetryAt: p.course.until, Restarts: max(p.course.starts-1, 0), InFlight: p.users, Reason: p.failed,
	}
	if p.process != nil {
		s.Pid = p.process.Pid()
	}
	return s
}

// waitUntil returns when ready says so, or ctx ends. ready is asked after
// every change, with the lock held.
func (p *plugin) waitUntil(ctx context.Context, ready func() bool) error {
	for {
		p.mu.Lock()
		done, changed := ready(), p.changed
		p.mu.Unlock()
		if done {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
