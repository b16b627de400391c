package connecting

import (
	"context"

	"github.com/tributary-dev/tributary/core/app/withdrawing"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/synchronization"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
)

// GiveUp has a connection go on without some of its channels: what they read with
// is forgotten, their consents end. It is refused while a run is at work.
func (s Service) GiveUp(ctx context.Context, p usecase.Principal, id string, channels []string, along func(store.Tx) error) error {
	return s.Store.Update(ctx, store.Fence{}, func(tx store.Tx) error {
		c, err := find(ctx, tx, p, id)
		if err != nil {
			return err
		}
		if err := idle(ctx, tx, c.ID); err != nil {
			return err
		}
		owner, err := tx.Users().Get(ctx, store.Owner{Client: c.ClientID}, c.UserID)
		if err != nil {
			return err
		}
		for _, channel := range channels {
			if err := withdrawing.Channel(ctx, tx, owner.SealedKey, c, channel, withdrawing.Why(p, s.Now, s.Runs.RealTime)); err != nil {
				return err
			}
			if err := c.Drop(channel); err != nil {
				return err
			}
		}
		if err := s.Runs.Planner.Plan(ctx, c, s.Now()); err != nil {
			return err
		}
		if err := tx.Connections().Put(ctx, c); err != nil {
			return err
		}
		return along(tx)
	})
}

func idle(ctx context.Context, tx store.Tx, id ident.Connection) error {
	run, err := tx.Runs().Active(ctx, id)
	if fault.IsNotFound(err) {
		return nil
	}
	if err == nil {
		err = synchronization.ErrRunning.About(string(run.ID))
	}
	return err
}
