package point

import (
	"context"

	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/core/synchronization"
	"github.com/tributary-dev/tributary/ports/provider"
)

// Gateway puts a gate before and after each message to and from a plugin.
func Gateway(gate Gate, next provider.Gateway) provider.Gateway { return gatedGateway{next, gate} }

type gatedGateway struct {
	next provider.Gateway
	gate Gate
}

// around calls fn between two gates; what fails is an answer too.
func around[T any](gate Gate, name string, fn func() (T, error)) (T, error) {
	gate.Reach(name + "/before")
	out, err := fn()
	gate.Reach(name + "/after")
	return out, err
}

func pass(gate Gate, name string, fn func() error) error {
	_, err := around(gate, name, func() (struct{}, error) { return struct{}{}, fn() })
	return err
}

func (g gatedGateway) Begin(ctx context.Context, req provider.Begin) (provider.Step, error) {
	return around(g.gate, "Begin", func() (provider.Step, error) { return g.next.Begin(ctx, req) })
}

func (g gatedGateway) Continue(ctx context.Context, req provider.Continue) (provider.Step, error) {
	return around(g.gate, "Continue", func() (provider.Step, error) { return g.next.Continue(ctx, req) })
}

func (g gatedGateway) Refresh(ctx context.Context, req provider.Refresh) (provider.Ready, error) {
	return around(g.gate, "Refresh", func() (provider.Ready, error) { return g.next.Refresh(ctx, req) })
}

func (g gatedGateway) Fetch(ctx context.Context, req provider.Fetch, sink provider.Sink) error {
	return pass(g.gate, "Fetch", func() error { return g.next.Fetch(ctx, req, gatedSink{sink, g.gate}) })
}

func (g gatedGateway) End(ctx context.Context, req provider.End) error {
	return pass(g.gate, "End", func() error { return g.next.End(ctx, req) })
}

// gatedSink has a gate around each item of a stream.
type gatedSink struct {
	provider.Sink
	gate Gate
}

func (s gatedSink) Account(ref string, report ledger.Report) error {
	return pass(s.gate, "Account", func() error { return s.Sink.Account(ref, report) })
}

func (s gatedSink) Balances(ref string, balances []ledger.Balance) error {
	return pass(s.gate, "Balances", func() error { return s.Sink.Balances(ref, balances) })
}

func (s gatedSink) Rows(ref string, rows []ledger.Row) error {
	return pass(s.gate, "Rows", func() error { return s.Sink.Rows(ref, rows) })
}

func (s gatedSink) Done(ref string, from, to bank.Day) error {
	return pass(s.gate, "Done", func() error { return s.Sink.Done(ref, from, to) })
}

func (s gatedSink) Progress(stage synchronization.Stage, done, total int) error {
	return pass(s.gate, "Progress", func() error { return s.Sink.Progress(stage, done, total) })
}

func (s gatedSink) Used(usage provider.Usage) error {
	return pass(s.gate, "Used", func() error { return s.Sink.Used(usage) })
}
