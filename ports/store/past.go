package store

import (
	"context"
	"time"

	"github.com/tributary-dev/tributary/core/delivery"
	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/core/ident"
)

// Past is the old end of the logs, which is forgotten in order.
type Past interface {
	// Clients finds those whose oldest event occurred before a time.
	Clients(ctx context.Context, before time.Time, limit int) ([]ident.Client, error)
	// Events reads the oldest of a client up to the first that did not occur
	// before a time, at most limit. Inside Update, nobody else gets them until the
	// end; who appends does not wait.
	Events(ctx context.Context, client ident.Client, before time.Time, limit int) ([]event.Event, error)
	// Queues finds those of a client that have acknowledged a number from one on,
	// and less than another. Inside Update, it locks the rows.
	Queues(ctx context.Context, client ident.Client, from, below int64) ([]*delivery.Queue, error)
	// Forget deletes the events of a client up to a number. Numbers are not given
	// out again.
	Forget(ctx context.Context, client ident.Client, through int64) error
}
