package telemetry

import (
	"context"
	"errors"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"

	"github.com/tributary-dev/tributary/ports/provider"
)

// Gateway measures and traces the calls of plugins. The catalogue tells which
// plugin serves a channel.
func (i *Instruments) Gateway(next provider.Gateway, catalogue provider.Catalogue) provider.Gateway {
	return gateway{i, next, catalogue}
}

type gateway struct {
	*Instruments
	next      provider.Gateway
	catalogue provider.Catalogue
}

// call measures one; run gets the context of its span.
func (g gateway) call(ctx context.Context, name string, session provider.Session, run func(context.Context) error) error {
	plugin := "none"
	if p, err := g.catalogue.Provider(ctx, session.ProviderID); err == nil {
		if c, err := p.Channel(session.ChannelID); err == nil {
			plugin = c.Plugin
		}
	}
	began := g.now()
	ctx, span := g.tracer.Start(ctx, "bank "+name, trace.WithSpanKind(trace.SpanKindClient),
		trace.WithAttributes(attribute.String("tributary.plugin", plugin), attribute.String("tributary.call", name)))
	defer span.End()
	err := run(ctx)
	code := codeOf(err)
	span.SetAttributes(attribute.String("tributary.code", code))
	if err != nil {
		span.SetStatus(codes.Error, code)
	}
	g.calls.WithLabelValues(plugin, name, code).Inc()
	g.callSeconds.WithLabelValues(plugin, name).Observe(g.since(began))
	return err
}

// codeOf is a word of a closed list: an error's text is the bank's or ours.
func codeOf(err error) string {
	switch {
	case err == nil:
		return "OK"
	case errors.Is(err, context.Canceled):
		return "CANCELLED"
	}
	return string(provider.FailureOf(err).Code)
}

// Begin implements the port.
func (g gateway) Begin(ctx context.Context, req provider.Begin) (step provider.Step, err error) {
	err = g.call(ctx, "begin", req.Session, func(ctx context.Context) (err error) {
		step, err = g.next.Begin(ctx, req)
		return err
	})
	return step, err
}

// Continue implements the port.
func (g gateway) Continue(ctx context.Context, req provider.Continue) (step provider.Step, err error) {
	err = g.call(ctx, "continue", req.Session, func(ctx context.Context) (err error) {
		step, err = g.next.Continue(ctx, req)
		return err
	})
	return step, err
}

// Refresh implements the port.
func (g gateway) Refresh(ctx context.Context, req provider.Refresh) (ready provider.Ready, err error) {
	err = g.call(ctx, "refresh", req.Session, func(ctx context.Context) (err error) {
		ready, err = g.next.Refresh(ctx, req)
		return err
	})
	return ready, err
}

// Fetch implements the port.
func (g gateway) Fetch(ctx context.Context, req provider.Fetch, sink provider.Sink) error {
	return g.call(ctx, "fetch", req.Session, func(ctx context.Context) error { return g.next.Fetch(ctx, req, sink) })
}

// End implements the port.
func (g gateway) End(ctx context.Context, req provider.End) error {
	return g.call(ctx, "end", req.Session, func(ctx context.Context) error { return g.next.End(ctx, req) })
}
