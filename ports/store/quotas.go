package store

import (
	"context"
	"time"

	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/quota"
)

// Quotas are the calls that banks count. They go with their connection.
type Quotas interface {
	// Of lists the calls of a connection that count from later than a time, the
	// first one first. It fails with connection.ErrNotFound. Inside Update nobody
	// else enters a call of this connection until the end: of two who look whether
	// one is free, the second sees what the first reserved.
	Of(ctx context.Context, owner Owner, id ident.Connection, after time.Time) ([]quota.Call, error)
	// Put inserts calls, or replaces those of the same ids.
	Put(ctx context.Context, calls ...quota.Call) error
	// Sweep deletes calls that count from before a time and, in real time, were made
	// before another.
	Sweep(ctx context.Context, at, made time.Time) error
}
