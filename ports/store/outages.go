package store

import (
	"context"

	"github.com/tributary-dev/tributary/core/provider"
)

// Outages are the plugins that clients were told are given up. They belong to
// the server, not to a tenant. Of several who begin or end the same one, exactly
// one is told that it changed something.
type Outages interface {
	// Begin notes an outage, and reports whether nobody had.
	Begin(ctx context.Context, o provider.Outage) (bool, error)
	// End forgets it, and reports whether there was one.
	End(ctx context.Context, plugin string) (bool, error)
}
