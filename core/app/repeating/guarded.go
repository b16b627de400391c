package repeating

import (
	"context"

	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
)

// Guarded is a store whose updates belong to the attempt of their context: the
// effect and the note that there was one are committed together, and who was
// late with a turn that another took since commits nothing.
type Guarded struct{ store.Store }

// Update implements store.Store.
func (g Guarded) Update(ctx context.Context, fence store.Fence, fn func(store.Tx) error) error {
	a, taken := usecase.AttemptOf(ctx)
	if !taken {
		return g.Store.Update(ctx, fence, fn)
	}
	return g.Store.Update(ctx, fence, func(tx store.Tx) error {
		found, err := mine(ctx, tx, a)
		if err != nil {
			return err
		}
		if err := fn(tx); err != nil {
			return err
		}
		found.Done = true
		return tx.Attempts().Put(ctx, found)
	})
}
