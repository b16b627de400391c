package rehearsing

import (
	"context"

	"github.com/tributary-dev/tributary/core/app/access"
	"github.com/tributary-dev/tributary/core/sandbox"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
)

// Moving implements usecase.Clock.
type Moving struct {
	Store  store.Store
	Keeper *Keeper
}

var _ usecase.Clock = Moving{}

// Read tells what the clock shows, by the store.
func (m Moving) Read(ctx context.Context) (usecase.Time, error) {
	if _, err := m.Keeper.Clock.Follow(ctx, m.Store); err != nil {
		return usecase.Time{}, err
	}
	return m.shown(), nil
}

func (m Moving) shown() usecase.Time {
	clock := m.Keeper.Clock
	return usecase.Time{Now: clock.Now(), Offset: clock.Offset()}
}

// Move moves it for good, and then tells the test bank; a bank that cannot be
// told now is told before it is asked anything.
func (m Moving) Move(ctx context.Context, p usecase.Principal, movement sandbox.Movement) (usecase.Time, error) {
	if err := access.Control(p); err != nil {
		return usecase.Time{}, err
	}
	err := m.Store.Update(ctx, store.Fence{}, func(tx store.Tx) error {
		kept, err := tx.Clock().Get(ctx)
		if err != nil {
			return err
		}
		if err := kept.Move(movement, m.Keeper.Clock.Real()); err != nil {
			return err
		}
		return tx.Clock().Put(ctx, kept)
	})
	if err != nil {
		return usecase.Time{}, err
	}
	m.Keeper.try(ctx)
	return m.Read(ctx)
}
