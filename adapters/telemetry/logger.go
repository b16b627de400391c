package telemetry

import (
	"context"
	"io"
	"log/slog"

	"github.com/tributary-dev/tributary/core/fault"
)

// Config says what is logged and how.
type Config struct {
	// Level is "debug", "info", "warn" or "error"; "info" where it is empty.
	Level string
	// Format is "text" or "json"; "text" where it is empty.
	Format string
	// FromContext tells what each record says of the work it belongs to, such
	// as the ids of the request and the synchronization. Whoever puts them into
	// the context provides the function, so that nobody needs to know this
	// package.
	FromContext []func(context.Context) []slog.Attr
}

var (
	errLevel  = fault.New(fault.Invalid, "invalid_log_level", `The log level is "debug", "info", "warn" or "error".`)
	errFormat = fault.New(fault.Invalid, "invalid_log_format", `The log format is "text" or "json".`)
)

var levels = map[string]slog.Level{
	"": slog.LevelInfo, "debug": slog.LevelDebug, "info": slog.LevelInfo, "warn": slog.LevelWarn, "error": slog.LevelError,
}

// NewLogger gives a logger that writes to out. A level or format it does not
// know is a fault of kind Invalid.
func NewLogger(out io.Writer, config Config) (*slog.Logger, error) {
	level, known := levels[config.Level]
	if !known {
		return nil, errLevel
	}
	options := &slog.HandlerOptions{Level: level}
	var handler slog.Handler
	switch config.Format {
	case "", "text":
		handler = slog.NewTextHandler(lines{out}, options)
	case "json":
		handler = slog.NewJSONHandler(lines{out}, options)
	default:
		return nil, errFormat
	}
	return slog.New(contextual{Handler: handler, sources: config.FromContext}), nil
}
