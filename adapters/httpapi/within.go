package httpapi

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/tributary-dev/tributary/core/fault"
)

// How long things may take. Each begins when the one before it has ended, so
// that a slow line is not held against a call.
const (
	// headTimeout and bodyTimeout bound the request; huma's own 5 seconds for a
	// body are few for a phone on a bad line.
	headTimeout, bodyTimeout = 10 * time.Second, 30 * time.Second
	// knowing is what finding out who calls has: one look, with which every call
	// begins. Where the database answers nobody, this is how soon callers are told.
	knowing = 4 * time.Second
	// ordinary is what a call has, and what each other step around it has: to look
	// up and keep an answer that may be asked for again.
	ordinary = 10 * time.Second
	// patient is what a call has that takes a whole life of data with it.
	patient = 30 * time.Second
	// slowest is when an answer has to be out: a body, and every step.
	slowest = bodyTimeout + 3*ordinary
)

// within gives a part of a call its time.
func within(ctx context.Context, limit time.Duration) (context.Context, context.CancelFunc) {
	if limit == 0 {
		limit = ordinary
	}
	return context.WithTimeout(ctx, limit)
}

// late says that a call failed because its time was over, whatever words the
// database had for that. A call is told to end, and waited for: nobody else
// knows whether it had its effect, which Idempotency-Key asks about.
func late(ctx context.Context, err error) error {
	if err == nil || !errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return err
	}
	if kind := fault.KindOf(err); kind == fault.Internal || kind == fault.Unavailable {
		return errTimeout.Because(err)
	}
	return err
}

// NewServer serves a handler to callers who may be slow on purpose: none holds
// a connection for longer than it takes to be answered.
func NewServer(handler http.Handler, logger *slog.Logger) *http.Server {
	drained, drain := context.WithCancel(context.Background())
	server := &http.Server{
		BaseContext: func(net.Listener) context.Context {
			return context.WithValue(context.Background(), drainKey{}, drained)
		},
		Handler: handler, ReadHeaderTimeout: headTimeout, ReadTimeout: bodyTimeout, WriteTimeout: slowest, IdleTimeout: 2 * time.Minute,
		MaxHeaderBytes: 64 << 10, ErrorLog: slog.NewLogLogger(logger.Handler(), slog.LevelWarn),
	}
	server.RegisterOnShutdown(drain)
	return server
}

type drainKey struct{}

// draining gives a context that ends when the server is about to: an open stream
// would keep it from ending.
func draining(ctx context.Context) context.Context {
	if drained, ok := ctx.Value(drainKey{}).(context.Context); ok {
		return drained
	}
	return context.Background()
}
