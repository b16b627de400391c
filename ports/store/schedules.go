package store

import (
	"context"
	"time"

	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/schedule"
)

// Schedules find the connections whose turn it is, over all owners.
type Schedules interface {
	// Due lists connections whose next synchronization is not after now, the
	// longest waiting first, without those of some providers. It costs what it
	// lists and leaves out, however many connections there are.
	Due(ctx context.Context, now time.Time, except []string, limit int) ([]Turn, error)
	// Beyond lists those whose next synchronization is after a time, the soonest
	// first.
	Beyond(ctx context.Context, after time.Time, limit int) ([]Turn, error)
	// Load is Connections.Get for the scheduler, which serves all owners.
	Load(ctx context.Context, id ident.Connection) (*connection.Connection, error)
	// Plans tells when the channels of connections are read next, by definition;
	// those that are not read by themselves are left out.
	Plans(ctx context.Context, ids ...ident.Connection) (map[ident.Connection]Plan, error)
	// Busy counts, by provider, the runs that are queued or at work. It costs what
	// it counts.
	Busy(ctx context.Context) (map[string]Load, error)
}

// Turn names a connection whose turn it is.
type Turn struct {
	Connection ident.Connection
	Provider   string
}

// Plan is when channels are read next, by definition.
type Plan map[string]time.Time

// Load is what there is to do at a provider: runs that nobody has taken up yet,
// and those at work. One that waits for its user is neither.
type Load struct{ Queued, Running int }

// Breakers remember at which channels nobody answers: a bank's web site may be
// down while its interface is there. One that was never put is quiet.
type Breakers interface {
	// Get locks the row of a channel's definition inside Update, where there is one.
	Get(ctx context.Context, channel string) (schedule.Breaker, error)
	Put(ctx context.Context, channel string, b schedule.Breaker) error
	// All are those that are not quiet, by channel definition.
	All(ctx context.Context) (map[string]schedule.Breaker, error)
}
