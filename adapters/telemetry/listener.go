package telemetry

import (
	"context"
	"errors"
	"net"
	"net/http"
	"time"
)

// Serve answers the scraper on a listener until ctx ends, and closes it.
func (i *Instruments) Serve(ctx context.Context, listener net.Listener) error {
	server := &http.Server{
		Handler: i.Handler(), ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 10 * time.Second, WriteTimeout: 30 * time.Second,
		IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 16 << 10,
	}
	stop := context.AfterFunc(ctx, func() { _ = server.Close() })
	defer stop()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
