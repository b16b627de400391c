package store

import (
	"context"

	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/sandbox"
)

// Configurations are the banks that clients brought. Get and Delete fail with
// sandbox.ErrNotFound.
type Configurations interface {
	Get(ctx context.Context, client ident.Client, id ident.Configuration) (sandbox.Configuration, error)
	Put(ctx context.Context, c sandbox.Configuration) error
	Delete(ctx context.Context, client ident.Client, id ident.Configuration) error
	// List is in the order of creation, and leaves the texts out.
	List(ctx context.Context, client ident.Client, page Page) (Slice[sandbox.Configuration], error)
	// All is List for the server, which tells the test bank of every client's.
	All(ctx context.Context, page Page) (Slice[sandbox.Configuration], error)
}

// Clock is the sandbox's one clock. Inside Update, Get locks it, also before it
// was ever moved.
type Clock interface {
	Get(ctx context.Context) (sandbox.Clock, error)
	Put(ctx context.Context, c sandbox.Clock) error
}
