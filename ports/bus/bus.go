// Package bus is the port to hints between processes: "this client's log grew".
// A hint may be lost, doubled or late; whoever waits also looks at the store
// from time to time. Its contract suite is bustest.Run.
package bus

import (
	"context"

	"github.com/tributary-dev/tributary/core/ident"
)

// Hint says that a client's event log reaches Seq.
type Hint struct {
	Client ident.Client
	Seq    int64
}

// Bus carries hints to everybody who listens.
type Bus interface {
	// Publish never waits for listeners and never fails a caller's work: a
	// broker that is gone loses hints, not events.
	Publish(ctx context.Context, hint Hint)
	// Listen gives the hints of one client that come after the call, until ctx
	// ends; the channel is closed then. A slow listener misses hints.
	Listen(ctx context.Context, client ident.Client) (<-chan Hint, error)
}
