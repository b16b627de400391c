package node

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"os"
	"time"

	"github.com/tributary-dev/tributary/adapters/bunstore"
	"github.com/tributary-dev/tributary/adapters/httpapi"
	"github.com/tributary-dev/tributary/adapters/pluginhost"
	"github.com/tributary-dev/tributary/adapters/telemetry"
	"github.com/tributary-dev/tributary/core/app/catalogue"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/ports/store"
)

// sources tell the log which request, job and trace a record belongs to.
var sources = []func(context.Context) []slog.Attr{httpapi.LogAttrs, telemetry.FromContext}

// openInstruments opens what measures and traces, and the listener of metrics.
func (n *Node) openInstruments(ctx context.Context) error {
	tracing, err := telemetry.OpenTracing(ctx, os.Getenv, n.config.Version, n.log)
	if err != nil {
		return err
	}
	n.closers = append(n.closers, func() error {
		last, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		return tracing.Close(last)
	})
	n.instruments = telemetry.NewInstruments(time.Now, tracing)
	if n.config.MetricsListen == "" {
		return nil
	}
	n.metrics, err = net.Listen("tcp", n.config.MetricsListen)
	if err == nil {
		n.closers = append(n.closers, func() error { _ = n.metrics.Close(); return nil })
	}
	return err
}

// serveMetrics answers the scraper, where one is expected.
func (n *Node) serveMetrics(ctx context.Context) error {
	if n.metrics == nil {
		return nil
	}
	return n.instruments.Serve(ctx, n.metrics)
}

// watchPlugins has the plugins told with the metrics.
func (n *Node) watchPlugins() {
	n.instruments.Plugins(func() (out []telemetry.Plugin) {
		for _, s := range n.plugins.Status() {
			out = append(out, telemetry.Plugin{Name: s.Name, State: string(s.Phase), Restarts: s.Restarts, InFlight: s.InFlight})
		}
		return out
	})
}

// watchBroker has the broker told with the metrics.
func (n *Node) watchBroker(b broker) {
	n.instruments.Broker(func() bool { return b.Answers(context.Background()) == nil })
}

// health is what the probes are told.
func (n *Node) health() httpapi.Health {
	told := httpapi.Health{
		Plugins: func() (out []httpapi.PluginState) {
			for _, s := range n.plugins.Status() {
				out = append(out, stateOf(s))
			}
			return out
		},
		Ready: map[string]func(context.Context) error{"database": n.databaseAnswers, "schema": n.schemaIsKnown, "plugins": n.plugins.Ready, "shutdown": n.goesOn},
	}
	if n.broker != nil {
		told.Slower = map[string]func(context.Context) error{"broker": n.brokerAnswers}
	}
	return told
}

// errEnding tells whoever distributes calls to leave this server out.
var errEnding = fault.New(fault.Unavailable, "ending", "This server is about to end.")

// goesOn fails while the server waits for live sessions to end with it.
func (n *Node) goesOn(context.Context) error {
	if n.worker.Drain.Begun() {
		return errEnding
	}
	return nil
}

func stateOf(s pluginhost.Status) httpapi.PluginState {
	state := httpapi.PluginState{Name: s.Name, Version: s.Version, State: string(s.Phase)}
	if !s.RetryAt.IsZero() {
		state.RetryAt = &s.RetryAt
	}
	return state
}

// outageLook is how often plugins are looked at for clients to be told.
const outageLook = time.Second

// tellOutages tells clients of plugins that are given up, until ctx ends.
func (n *Node) tellOutages(ctx context.Context) error {
	outages := catalogue.Outages{Store: n.store, Catalogue: catalogue.Service{Catalogue: n.plugins}, Now: n.now}
	tick := time.NewTicker(outageLook)
	defer tick.Stop()
	for {
		if err := outages.Look(ctx, watched(n.plugins.Status())); err != nil && ctx.Err() == nil {
			n.log.WarnContext(ctx, "clients not told of plugins", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// watched are the plugins that serve or should: not those being drained.
func watched(all []pluginhost.Status) (plugins []catalogue.Plugin) {
	for _, s := range all {
		if s.Phase != pluginhost.Draining {
			plugins = append(plugins, catalogue.Plugin{
				Name: s.Name, Up: s.Phase == pluginhost.Up, GivenUp: s.Phase == pluginhost.GivenUp, RetryAt: s.RetryAt,
			})
		}
	}
	return plugins
}

// databaseAnswers asks for a client that does not exist.
func (n *Node) databaseAnswers(ctx context.Context) error {
	err := n.store.View(ctx, func(tx store.Tx) error {
		_, err := tx.Clients().Get(ctx, "cli_probe")
		return err
	})
	if fault.KindOf(err) == fault.NotFound {
		return nil
	}
	return err
}

// What a probe is told of a schema that is not this program's.
var (
	errSchemaOlder = fault.New(fault.Unavailable, "schema_older", "The database's schema is older than this program: run tributary migrate up.")
	errSchemaNewer = fault.New(fault.Unavailable, "schema_newer", "A newer version ran here and changed the database's schema: use that version.")
)

// schemaIsKnown looks whether somebody changed the schema under this process: a
// newer node that started beside it, or a backup that was restored.
func (n *Node) schemaIsKnown(ctx context.Context) error {
	found, err := n.store.Schema(ctx)
	if err != nil {
		return err
	}
	switch err := found.Check(); {
	case errors.Is(err, bunstore.ErrOlder):
		return errSchemaOlder.Because(err)
	case errors.Is(err, bunstore.ErrNewer):
		return errSchemaNewer.Because(err)
	}
	return nil
}

// watchLag has the queues' lag, and what webhooks owe, told with the metrics.
func (n *Node) watchLag() {
	n.instruments.EventLag(func(ctx context.Context) (lag store.Lag, err error) {
		err = n.store.View(ctx, func(tx store.Tx) error {
			lag, err = tx.Queues().Lag(ctx)
			return err
		})
		return lag, err
	})
	n.instruments.Webhooks(func(ctx context.Context) (owed store.Backlog, err error) {
		err = n.store.View(ctx, func(tx store.Tx) error {
			owed, err = tx.Deliveries().Backlog(ctx)
			return err
		})
		return owed, err
	})
}
