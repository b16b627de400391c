package telemetry

import (
	"context"
	"log/slog"
	"slices"
)

// contextual adds what the context knows to each record.
type contextual struct {
	slog.Handler
	sources []func(context.Context) []slog.Attr
}

// Handle adds the attributes and passes the record on. What the record says by
// itself is not said twice.
func (h contextual) Handle(ctx context.Context, record slog.Record) error {
	var known []slog.Attr
	for _, source := range h.sources {
		known = append(known, source(ctx)...)
	}
	if len(known) > 0 {
		record = record.Clone() // others may hold the one we were given
		record.Attrs(func(said slog.Attr) bool {
			known = slices.DeleteFunc(known, func(a slog.Attr) bool { return a.Key == said.Key })
			return true
		})
		record.AddAttrs(known...)
	}
	return h.Handler.Handle(ctx, record)
}

// WithAttrs keeps the sources.
func (h contextual) WithAttrs(attrs []slog.Attr) slog.Handler {
	return contextual{h.Handler.WithAttrs(attrs), h.sources}
}

// WithGroup keeps the sources.
func (h contextual) WithGroup(name string) slog.Handler {
	return contextual{h.Handler.WithGroup(name), h.sources}
}
