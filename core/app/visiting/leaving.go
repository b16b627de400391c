package visiting

import (
	"context"

	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/synchronization"
	"github.com/tributary-dev/tributary/core/widget"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
)

func working(run *synchronization.Synchronization) bool { return run != nil && !run.Status.Final() }

// abandon leaves, and cancels the run that was begun in this visit for this visit
// alone: to connect a bank, to add a channel, to look for accounts, to extend a
// consent. Nobody else waits for it, and until its question is too old it would
// hold a page of the bank open and refuse every other run.
//
// A run that the connection needs stays: new credentials are tried, or another try
// was wanted, of a connection that was there before the visit. What it asks can be
// answered elsewhere, by a visit to user_input or by the API, for as long as the
// bank waits.
func (s Service) abandon(ctx context.Context, p usecase.Principal, visit usecase.Visit, given widget.Given) error {
	at := visit.Session.Progress.ConnectionID
	return s.Store.Update(ctx, store.Fence{}, func(tx store.Tx) error {
		if _, err := tx.Runs().Active(ctx, at); err != nil && !fault.IsNotFound(err) { // locked before all, as by its worker
			return err
		}
		c, err := tx.Connections().Get(ctx, p.Owner(), at)
		if err != nil && !fault.IsNotFound(err) {
			return err
		}
		if err == nil {
			if err := s.Runs.Stop(ctx, tx, c); err != nil {
				return err
			}
			if err := tx.Connections().Put(ctx, c); err != nil {
				return err
			}
			given.Status = string(c.Status)
		}
		return s.changeIn(ctx, tx, visit, func(session *widget.Session) error {
			return session.Take(widget.Leave, given, visit.Seen, s.Now())
		})
	})
}
