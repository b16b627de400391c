package visiting

import (
	"context"
	"slices"

	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/core/synchronization"
	"github.com/tributary-dev/tributary/core/widget"
	"github.com/tributary-dev/tributary/ports/store"
)

// batch is how many visits are settled at a time.
const batch = 100

// Sweep clears up after visits that ended by time, and forgets sessions whose
// outcome nobody can ask for any more.
func (s Service) Sweep(ctx context.Context) error {
	var lapsed []ident.WidgetSession
	err := s.Store.View(ctx, func(tx store.Tx) (err error) {
		lapsed, err = tx.WidgetSessions().Lapsed(ctx, s.Now(), batch)
		return err
	})
	if err != nil {
		return err
	}
	for _, id := range lapsed {
		if err := s.settle(ctx, id); err != nil {
			return err
		}
	}
	return s.Store.Update(ctx, store.Fence{}, func(tx store.Tx) error {
		return tx.WidgetSessions().Sweep(ctx, s.Now().Add(-widget.Retention))
	})
}

// settle forgets the accounts that a visit offered, where its user closed the
// browser at the choice: they are not kept for nobody. While a run is at work it
// is tried again later.
func (s Service) settle(ctx context.Context, id ident.WidgetSession) error {
	session, waits, err := s.left(ctx, id)
	if err != nil || session == nil {
		return err
	}
	mark := func(tx store.Tx) error {
		now, err := tx.WidgetSessions().Load(ctx, id)
		if err != nil || !now.Lapsed(s.Now()) {
			return ignoreGone(err)
		}
		now.Settled = true
		return tx.WidgetSessions().Put(ctx, now)
	}
	if !waits {
		return s.Store.Update(ctx, store.Fence{}, mark)
	}
	err = s.Accounts.Lapse(ctx, store.Owner{Client: session.ClientID, User: session.UserID}, session.Progress.ConnectionID, mark)
	if synchronization.ErrRunning.Is(err) {
		return nil
	}
	return ignoreGone(err)
}

// left is a visit that ended by time, and whether accounts still wait for the
// choice that its user was to make, and nobody else is there to make.
func (s Service) left(ctx context.Context, id ident.WidgetSession) (session *widget.Session, waits bool, err error) {
	err = s.Store.View(ctx, func(tx store.Tx) error {
		session, waits = nil, false
		found, err := tx.WidgetSessions().Load(ctx, id)
		if err != nil || !found.Lapsed(s.Now()) {
			return ignoreGone(err)
		}
		session = found
		at := found.Progress.ConnectionID
		if at == "" {
			return nil
		}
		newest, err := tx.WidgetSessions().At(ctx, at)
		if err != nil || !newest.Over(s.Now()) { // somebody is there again
			return ignoreGone(err)
		}
		accounts, err := tx.Accounts().OfConnection(ctx, at)
		waits = slices.ContainsFunc(accounts, ledger.Account.Offered)
		return err
	})
	return session, waits, err
}

func ignoreGone(err error) error {
	if fault.IsNotFound(err) {
		return nil
	}
	return err
}
