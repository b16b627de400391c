package jobqueue

import (
	"context"
	"errors"
	"log/slog"
	"strings"
)

// quiet lets River's warnings through; what it tells below that is of use only
// to its own developers.
func quiet(logger *slog.Logger) *slog.Logger { return slog.New(warnings{logger.Handler()}) }

type warnings struct{ slog.Handler }

func (h warnings) Enabled(ctx context.Context, level slog.Level) bool {
	return level >= slog.LevelWarn && h.Handler.Enabled(ctx, level)
}

func (h warnings) WithAttrs(attrs []slog.Attr) slog.Handler {
	return warnings{h.Handler.WithAttrs(attrs)}
}

func (h warnings) WithGroup(name string) slog.Handler { return warnings{h.Handler.WithGroup(name)} }

// Handle keeps quiet about what a shutdown interrupts: River logs a look-up that
// our own cancelling ended as an error.
func (h warnings) Handle(ctx context.Context, record slog.Record) error {
	interrupted := false
	record.Attrs(func(attr slog.Attr) bool {
		if err, ok := attr.Value.Any().(error); ok && errors.Is(err, context.Canceled) {
			interrupted = true
		}
		if attr.Value.Kind() == slog.KindString && strings.HasSuffix(attr.Value.String(), context.Canceled.Error()) {
			interrupted = true
		}
		return !interrupted
	})
	if interrupted {
		return nil
	}
	return h.Handler.Handle(ctx, record)
}
