package reading

import (
	"context"

	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
)

var _ usecase.Feed = Service{}

// Changes implements usecase.Feed.
func (s Service) Changes(ctx context.Context, p usecase.Principal, from store.Place, limit int) (changes store.Changes, err error) {
	err = s.Store.View(ctx, func(tx store.Tx) error {
		changes, err = tx.Feed().After(ctx, p.Owner(), from, limit)
		return err
	})
	return changes, err
}

// Head implements usecase.Feed.
func (s Service) Head(ctx context.Context, p usecase.Principal) (place store.Place, err error) {
	err = s.Store.View(ctx, func(tx store.Tx) error {
		head, err := tx.Events().Head(ctx, p.Client)
		place.Seq = head + 1
		return err
	})
	return place, err
}
