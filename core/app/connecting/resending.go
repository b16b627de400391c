package connecting

import (
	"context"
	"errors"

	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
)

// Resend writes down the wish that what is asked be sent again; whoever holds
// the run picks it up. Nothing is answered, so it needs no right of its own.
func (s Service) Resend(ctx context.Context, p usecase.Principal, connectionID string) (open *connection.Challenge, err error) {
	err = s.Store.Update(ctx, store.Fence{}, func(tx store.Tx) error {
		c, err := find(ctx, tx, p, connectionID)
		if err != nil {
			return err
		}
		if open, err = tx.Challenges().Open(ctx, p.Owner(), c.ID); err != nil {
			return err
		}
		news, err := open.AskAgain(s.Runs.RealTime())
		if errors.Is(err, connection.ErrChallengeExpired) {
			return connection.ErrNoChallenge // as Current says
		}
		if err != nil || !news {
			return err
		}
		return s.pickUp(ctx, tx, open)
	})
	if err != nil {
		return nil, err
	}
	return open, nil
}
