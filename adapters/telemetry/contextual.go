package telemetry

import (
	"context"
	"log/slog"
)

// contextual adds what the context knows to each record.
type contextual struct {
	slog.Handler
	sources []func(context.Context) []slog.Attr
}

// Handle adds the attributes and passes the record on.
func (h contextual) Handle(ctx context.Context, record slog.Record) error {
	if len(h.sources) > 0 {
		record = record.Clone() // others may hold the one we were given
	}
	for _, source := range h.sources {
		record.AddAttrs(source(ctx)...)
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
