package usecase

import (
	"context"

	"github.com/tributary-dev/tributary/ports/store"
)

// Feed tells what changed among transactions. Whoever takes over one page after
// another has, at the end, what the principal can see.
type Feed interface {
	// Changes reads on from a place; the zero Place is the beginning.
	Changes(ctx context.Context, p Principal, from store.Place, limit int) (store.Changes, error)
	// Head is the place from which all is told that is still to come.
	Head(ctx context.Context, p Principal) (store.Place, error)
}
