package telemetry

import (
	"context"
	"crypto/rand"
	"crypto/sha256"

	"go.opentelemetry.io/otel/trace"
)

// traceOf is the trace of everything that is done about one thing: made from
// its id, it needs no column in a table, is the same on every node and after
// every restart, and whoever knows the id finds the trace.
func traceOf(kind, key string) trace.SpanContext {
	sum := sha256.Sum256([]byte("tributary trace\x00" + kind + "\x00" + key))
	config := trace.SpanContextConfig{TraceFlags: trace.FlagsSampled, Remote: true}
	copy(config.TraceID[:], sum[:])
	copy(config.SpanID[:], sum[len(config.TraceID):])
	return trace.NewSpanContext(config)
}

type traceKey struct{}

// withTrace has the next root span belong to a trace.
func withTrace(ctx context.Context, span trace.SpanContext) context.Context {
	return context.WithValue(ctx, traceKey{}, span.TraceID())
}

// identities draws ids at random, but takes the trace that withTrace named: so
// the sampler decides alike for all roots of a run.
type identities struct{}

// NewIDs implements the SDK's IDGenerator.
func (g identities) NewIDs(ctx context.Context) (id trace.TraceID, span trace.SpanID) {
	id, named := ctx.Value(traceKey{}).(trace.TraceID)
	if !named {
		draw(id[:])
	}
	return id, g.NewSpanID(ctx, id)
}

// NewSpanID implements the SDK's IDGenerator.
func (identities) NewSpanID(context.Context, trace.TraceID) (id trace.SpanID) {
	draw(id[:])
	return id
}

// draw fills id. It decides nothing and no answer shows it: tests have no use
// for a hand in it.
func draw(id []byte) { _, _ = rand.Read(id) } //nolint:forbidigo // see above; it never fails
