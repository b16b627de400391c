// Package passwords is the port to password hashing. Its contract suite is
// passwordstest.Run.
package passwords

import (
	"context"

	"github.com/tributary-dev/tributary/core/secret"
)

// Hasher makes and checks password hashes. Both calls may wait for their turn,
// since memory-hard hashing is capped, and end with their context.
type Hasher interface {
	Hash(ctx context.Context, password secret.String) (string, error)
	// Verify takes as long for an empty or broken hash as for a real one, so
	// that nobody can tell which users exist.
	Verify(ctx context.Context, hash string, password secret.String) (bool, error)
}
