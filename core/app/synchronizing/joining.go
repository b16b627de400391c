package synchronizing

import (
	"context"

	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/synchronization"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
)

// Join has a channel read that its connection did not use before: by the run that
// is at work, after the other channels, or by one of its own. So the form of the
// second channel can be filled in while the first is read.
func (s Service) Join(ctx context.Context, tx store.Tx, c *connection.Connection, p usecase.Principal, definition string) error {
	kind := synchronization.All
	if c.Selective {
		kind = synchronization.ListAccounts
	}
	run, err := tx.Runs().Active(ctx, c.ID)
	if err != nil && !fault.IsNotFound(err) {
		return err
	}
	if err != nil || run.Rests() {
		_, err := s.Queue(ctx, tx, c, p, synchronization.Manual, kind, definition)
		return err
	}
	if run.Type != kind && run.Type == synchronization.ListAccounts { // it would read no rows of the channel
		return synchronization.ErrRunning.About(string(run.ID))
	}
	if err := run.Join(definition); err != nil {
		return err
	}
	c.Start(run.ID, definition)
	if err := s.Planner.Plan(ctx, c, s.Now()); err != nil {
		return err
	}
	if err := tx.Connections().Put(ctx, c); err != nil {
		return err
	}
	return tx.Runs().Put(ctx, run)
}
