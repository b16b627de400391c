package connecting

import (
	"context"
	"time"

	"github.com/tributary-dev/tributary/core/app/access"
	"github.com/tributary-dev/tributary/core/app/vault"
	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/secret"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
)

// Current is the challenge that can be answered now.
func (s Service) Current(ctx context.Context, p usecase.Principal, connectionID string) (open *connection.Challenge, err error) {
	err = s.Store.View(ctx, func(tx store.Tx) error {
		c, err := find(ctx, tx, p, connectionID)
		if err != nil {
			return err
		}
		open, err = tx.Challenges().Open(ctx, p.Owner(), c.ID)
		return err
	})
	if err == nil && !s.Runs.RealTime().Before(open.ExpiresAt) {
		return nil, connection.ErrNoChallenge
	}
	return open, err
}

// Answer seals the answer as a row; whoever holds the run picks it up.
func (s Service) Answer(ctx context.Context, p usecase.Principal, connectionID, challengeID string, answers secret.Values) error {
	if err := access.Direct(p); err != nil {
		return err
	}
	return s.Store.Update(ctx, store.Fence{}, func(tx store.Tx) error {
		c, err := find(ctx, tx, p, connectionID)
		if err != nil {
			return err
		}
		asked, err := s.asked(ctx, tx, p, c, challengeID)
		if err != nil {
			return err
		}
		if err := asked.Check(answers, s.Runs.RealTime()); err != nil {
			return err
		}
		box, err := s.vaultOf(ctx, tx, c, asked.ChannelDefinition)
		if err != nil {
			return err
		}
		sealed, err := box.SealAnswer(answers)
		if err != nil {
			return err
		}
		asked.Answer(sealed)
		return s.pickUp(ctx, tx, asked)
	})
}

func (s Service) asked(ctx context.Context, tx store.Tx, p usecase.Principal, c *connection.Connection, id string) (*connection.Challenge, error) {
	parsed, err := ident.Parse[ident.Challenge](id)
	if err != nil {
		return nil, connection.ErrNoChallenge
	}
	asked, err := tx.Challenges().Get(ctx, p.Owner(), parsed)
	if err != nil {
		return nil, err
	}
	if asked.ConnectionID != c.ID {
		return nil, connection.ErrNoChallenge
	}
	return asked, nil
}

func (s Service) vaultOf(ctx context.Context, tx store.Tx, c *connection.Connection, channel string) (vault.Vault, error) {
	owner, err := tx.Users().Get(ctx, store.Owner{Client: c.ClientID}, c.UserID)
	if err != nil {
		return vault.Vault{}, err
	}
	bank, err := s.Catalogue.Provider(ctx, c.ProviderID)
	if err != nil {
		return vault.Vault{}, err
	}
	definition, err := bank.Channel(channel)
	if err != nil {
		return vault.Vault{}, connection.ErrChannelNotFound
	}
	return vault.For(s.Box, owner, c, channel, definition.Plugin), nil
}

// pickUp stores a challenge about which the user said something, and wakes its run.
func (s Service) pickUp(ctx context.Context, tx store.Tx, changed *connection.Challenge) error {
	if err := tx.Challenges().Put(ctx, changed); err != nil {
		return err
	}
	run, err := tx.Runs().Load(ctx, changed.SynchronizationID)
	if err != nil {
		return err
	}
	if run.Status.Final() {
		return connection.ErrChallengeOver
	}
	return s.Runs.Wake(ctx, tx, run)
}

// Return takes the user back from a bank. The state is single-use: it finds an
// open challenge or nothing.
func (s Service) Return(ctx context.Context, state secret.String, answers secret.Values) (back usecase.Returned, err error) {
	err = s.Store.Update(ctx, store.Fence{}, func(tx store.Tx) error {
		asked, err := tx.Challenges().ByReturn(ctx, connection.HashReturn(state))
		if err != nil {
			return err
		}
		owner := store.Owner{Client: asked.ClientID, User: asked.UserID}
		c, err := tx.Connections().Get(ctx, owner, asked.ConnectionID)
		if err != nil {
			return err
		}
		box, err := s.vaultOf(ctx, tx, c, asked.ChannelDefinition)
		if err != nil {
			return err
		}
		sealed, err := box.SealAnswer(answers)
		if err != nil {
			return err
		}
		if err := asked.Return(sealed, s.Runs.RealTime()); err != nil {
			return err
		}
		if back, err = returned(ctx, tx, c, s.Runs.RealTime()); err != nil {
			return err
		}
		return s.pickUp(ctx, tx, asked)
	})
	return back, err
}

// returned sends the browser on to the visit that the connection was made in, or
// to the address that the client registered.
func returned(ctx context.Context, tx store.Tx, c *connection.Connection, now time.Time) (usecase.Returned, error) {
	application, err := tx.Clients().Get(ctx, c.ClientID)
	if err != nil {
		return usecase.Returned{}, err
	}
	back := usecase.Returned{ConnectionID: c.ID}
	visit, err := tx.WidgetSessions().At(ctx, c.ID)
	if err != nil && !fault.IsNotFound(err) {
		return back, err
	}
	if visit != nil && !visit.Over(now) {
		if visit.Order.Mode.Embedded() { // the bank had a window of its own, in which there is nothing more to do
			return back, nil
		}
		back.Visit = visit.ID
	}
	if len(application.RedirectURLs) > 0 {
		back.URL = application.RedirectURLs[0]
	}
	return back, nil
}
