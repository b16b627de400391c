package visiting

import (
	"context"

	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/core/synchronization"
	"github.com/tributary-dev/tributary/core/widget"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
)

// ErrNoneChosen says that a choice is empty: to leave is the way to share nothing.
var ErrNoneChosen = fault.New(fault.Invalid, "no_account_chosen", "Choose at least one account.")

// share keeps the accounts that a user chose, and has them read.
func (s Service) share(ctx context.Context, p usecase.Principal, visit usecase.Visit, move usecase.Move) error {
	var chosen []ident.Account
	for _, id := range move.Chosen {
		parsed, err := ident.Parse[ident.Account](id)
		if err != nil {
			return ledger.ErrAccountNotFound
		}
		chosen = append(chosen, parsed)
	}
	if len(chosen) == 0 {
		return ErrNoneChosen
	}
	err := s.Accounts.Choose(ctx, p, visit.Session.Progress.ConnectionID, chosen, func(tx store.Tx, c *connection.Connection) error {
		if _, err := s.Runs.Queue(ctx, tx, c, p, synchronization.Manual, synchronization.All); err != nil {
			return err
		}
		return s.changeIn(ctx, tx, visit, func(session *widget.Session) error {
			return session.Take(widget.Share, widget.Given{}, visit.Seen, s.Now())
		})
	})
	if fault.IsNotFound(err) { // somebody chose before, in another tab
		return widget.ErrMoved.Because(err)
	}
	return moved(err)
}

// decline leaves without a choice: nothing that was found is kept, and no
// connection of which nothing is shared.
func (s Service) decline(ctx context.Context, p usecase.Principal, visit usecase.Visit, given widget.Given) error {
	return s.Accounts.Choose(ctx, p, visit.Session.Progress.ConnectionID, nil, func(tx store.Tx, c *connection.Connection) error {
		given.Gone = c == nil
		return s.changeIn(ctx, tx, visit, func(session *widget.Session) error {
			return session.Take(widget.Leave, given, visit.Seen, s.Now())
		})
	})
}
