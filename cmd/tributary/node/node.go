// Package node puts one running server together: it is the only place that
// knows every adapter. What each does is not its business.
package node

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"sync"
	"time"

	"github.com/tributary-dev/tributary/adapters/bunstore"
	"github.com/tributary-dev/tributary/adapters/jobqueue"
	"github.com/tributary-dev/tributary/adapters/oauth"
	"github.com/tributary-dev/tributary/adapters/pluginhost"
	"github.com/tributary-dev/tributary/adapters/sealbox"
	"github.com/tributary-dev/tributary/adapters/telemetry"
	"github.com/tributary-dev/tributary/core/app/consenting"
	"github.com/tributary-dev/tributary/core/app/forgetting"
	"github.com/tributary-dev/tributary/core/app/notifying"
	"github.com/tributary-dev/tributary/core/app/rehearsing"
	"github.com/tributary-dev/tributary/core/app/scheduling"
	"github.com/tributary-dev/tributary/core/app/synchronizing"
	"github.com/tributary-dev/tributary/core/app/visiting"
	"github.com/tributary-dev/tributary/core/app/withdrawing"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/ports/bus"
	"github.com/tributary-dev/tributary/ports/jobs"
	"github.com/tributary-dev/tributary/ports/sealer"
	"github.com/tributary-dev/tributary/ports/store"
)

// Node is a server, opened and not yet serving.
type Node struct {
	config  Config
	log     *slog.Logger
	store   *bunstore.Store
	box     *sealbox.Box
	pair    *certificate
	bus     bus.Bus
	broker  broker // nil without one
	queue   *jobqueue.Queue
	plugins *pluginhost.Host
	worker  *synchronizing.Worker
	// scheduler queues the runs that nobody asked for.
	scheduler *scheduling.Scheduler
	consents  consenting.Sweeper
	forgetter forgetting.Sweeper
	// dispatcher sends events to webhooks.
	dispatcher *notifying.Dispatcher
	tokens     *oauth.Server
	visits     visiting.Service
	listener   net.Listener
	server     *http.Server
	ids        ident.Source
	closers    []func() error

	clock  *rehearsing.Clock
	keeper *rehearsing.Keeper // nil in production

	instruments *telemetry.Instruments
	metrics     net.Listener // nil without metrics
}

// Open opens everything; what fails closes what was opened before.
func Open(ctx context.Context, config Config) (*Node, error) {
	config = config.withDefaults()
	if err := config.refusals(); err != nil {
		return nil, err
	}
	log, err := telemetry.NewLogger(config.Log, telemetry.Config{Level: config.LogLevel, Format: config.LogFormat, FromContext: sources})
	if err != nil {
		return nil, err
	}
	hear(log)
	n := &Node{config: config, ids: ident.Real(), log: log, clock: &rehearsing.Clock{Real: time.Now}}
	for _, part := range []part{
		{"metrics and traces", n.openInstruments, startLimit}, {"master key", n.openKey, startLimit}, {"event bus", n.openBus, startLimit},
		{"database", n.openStore, schemaLimit}, {"master key", n.tryKey, startLimit}, {"sandbox", n.openSandbox, startLimit}, {"jobs", n.openJobs, startLimit},
		{"plugins", n.openPlugins, startLimit}, {"listener", n.listen, startLimit}, {"API", n.openAPI, startLimit},
	} {
		if err := part.begin(ctx); err != nil {
			n.Close()
			return nil, fmt.Errorf("%s: %w", part.name, err)
		}
	}
	return n, nil
}

// How long a part may take to open. A schema that is brought up to date may
// have long tables: whoever gave up would begin anew at the next start.
const (
	startLimit  = time.Minute
	schemaLimit = 12 * time.Hour
)

// part of a node that is to be opened.
type part struct {
	name  string
	open  func(context.Context) error
	limit time.Duration
}

func (p part) begin(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, p.limit)
	defer cancel()
	return p.open(ctx)
}

// Store is the node's state, for the commands that prepare it.
func (n *Node) Store() store.Store { return n.store }

// Box is the node's sealer.
func (n *Node) Box() sealer.Box { return n.box }

// URL is where the public reaches the node.
func (n *Node) URL() string {
	switch {
	case n.config.PublicURL != "":
		return n.config.PublicURL
	case n.pair != nil:
		return "https://" + n.listener.Addr().String()
	}
	return "http://" + n.listener.Addr().String()
}

func (n *Node) openStore(ctx context.Context) (err error) {
	if err := n.config.keepMark(); err != nil {
		return err
	}
	if found, err := n.config.Schema(ctx); err == nil && found.Current > 0 && len(found.Pending) > 0 {
		n.log.InfoContext(ctx, "bringing the database's schema up to date", "from", found.Current, "to", found.Newest)
	}
	n.store, err = n.config.OpenStore(ctx, bunstore.Config{
		IDs: n.ids, Clock: n.now, Hint: n.hint, Wake: n.wake,
	})
	if err == nil {
		n.watchLag()
		n.closers = append(n.closers, n.store.Close)
	}
	return err
}

func (n *Node) openJobs(ctx context.Context) (err error) {
	n.queue, err = n.config.OpenQueue(ctx, n.store, jobqueue.Config{Logger: n.log})
	return err
}

func (n *Node) openPlugins(ctx context.Context) (err error) {
	n.plugins, err = pluginhost.Open(ctx, pluginhost.Options{
		Dir: n.config.Plugins, Settings: n.config.Settings, Together: n.config.Together, Logger: n.log,
		Rescan: 30 * time.Second, Trace: telemetry.Headers,
	})
	if err == nil {
		n.watchPlugins()
		n.closers = append(n.closers, func() error { n.plugins.Close(2 * time.Second); return nil })
	}
	return err
}

func (n *Node) listen(context.Context) (err error) {
	if n.config.TLSCertFile != "" {
		if n.pair, err = openCertificate(n.config.TLSCertFile, n.config.TLSKeyFile); err != nil {
			return err
		}
	}
	n.listener, err = net.Listen("tcp", n.config.Listen)
	if err == nil {
		n.closers = append(n.closers, func() error { _ = n.listener.Close(); return nil })
	}
	return err
}

// Serve answers and works until ctx ends; ready is called once it answers. It
// goes on answering while users are in the middle of a live session, up to the
// worker's limit: their answers come through this API too.
func (n *Node) Serve(ctx context.Context, ready func() error) error {
	asked := ctx // to stop: what is live may end first
	ctx, stop := context.WithCancelCause(context.WithoutCancel(asked))
	defer stop(nil)
	var group sync.WaitGroup
	start := func(name string, work func(context.Context) error) {
		group.Go(func() {
			if err := work(ctx); err != nil && ctx.Err() == nil {
				stop(fmt.Errorf("%s: %w", name, err))
			}
		})
	}
	start("API", n.serveHTTP)
	start("jobs", func(ctx context.Context) error {
		defer n.worker.Drain.Close()
		return n.queue.Run(ctx, map[string]jobs.Handler{
			withdrawing.Job:   n.instruments.Job(withdrawing.Job, "consent_id", n.worker.Withdraw),
			synchronizing.Job: n.config.Seams.job(synchronizing.Job, n.instruments.Job(synchronizing.Job, "synchronization_id", n.worker.Handle)),
		})
	})
	start("metrics", n.serveMetrics)
	start("token sweep", n.sweepTokens)
	start("sandbox", n.keepSandbox)
	start("schedule", func(ctx context.Context) error { return n.scheduler.Run(ctx, looking) })
	start("outages", n.tellOutages)
	start("quota sweep", func(ctx context.Context) error { return n.worker.Forget(ctx, time.Hour) })
	start("consents", func(ctx context.Context) error { return n.consents.Sweep(ctx, 2*time.Second, n.queue) })
	start("sweep", func(ctx context.Context) error {
		return n.worker.Sweep(ctx, n.config.Seams.Pace.sweep(), through[jobs.Enqueuer](n.config.Seams.Queue, n.queue))
	})
	start("event retention", n.forgetter.Run)
	start("webhooks", n.dispatcher.Run)
	start("delivery sweep", n.dispatcher.Sweep)
	if err := ready(); err != nil {
		stop(err)
	}
	select {
	case <-ctx.Done():
	case <-asked.Done():
		n.drain(ctx)
		stop(context.Cause(asked))
	}
	group.Wait()
	if err := context.Cause(ctx); !errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}

// drain waits for the users in the middle of a live session.
func (n *Node) drain(ctx context.Context) {
	n.log.InfoContext(ctx, "shutting down", "live_sessions", n.worker.Drain.Live())
	n.worker.Drain.End(ctx)
}

func (n *Node) serveHTTP(ctx context.Context) error {
	failed := make(chan error, 1)
	go func() { failed <- n.accept() }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	patience, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	if n.server.Shutdown(patience) != nil {
		return n.server.Close()
	}
	return nil
}

// Close closes what Open opened, the last first.
func (n *Node) Close() {
	for i := len(n.closers) - 1; i >= 0; i-- {
		if err := n.closers[i](); err != nil {
			n.log.Warn("not closed cleanly", "error", err)
		}
	}
	n.closers = nil
}

// owner names this process in leases.
func owner() string {
	host, _ := os.Hostname()
	return fmt.Sprintf("%s/%d/%s", host, os.Getpid(), rand.Text())
}
