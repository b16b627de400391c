package connecting

import (
	"context"

	"github.com/tributary-dev/tributary/core/app/access"
	"github.com/tributary-dev/tributary/core/app/vault"
	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/secret"
	"github.com/tributary-dev/tributary/core/synchronization"
	"github.com/tributary-dev/tributary/core/user"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
)

// ReplaceCredentials seals new credentials of one channel and queues a run. The
// plugin's old secrets (device trust) stay: they belong to the same user.
func (s Service) ReplaceCredentials(ctx context.Context, p usecase.Principal, id, channel string, credentials secret.Values) (changed *connection.Connection, err error) {
	if err := access.Direct(p); err != nil {
		return nil, err
	}
	err = s.Store.Update(ctx, store.Fence{}, func(tx store.Tx) error {
		if changed, err = find(ctx, tx, p, id); err != nil {
			return err
		}
		owner, err := tx.Users().Get(ctx, store.Owner{Client: changed.ClientID}, changed.UserID)
		if err != nil {
			return err
		}
		if err := s.replace(ctx, tx, owner, changed, channel, credentials); err != nil {
			return err
		}
		return s.resume(ctx, tx, p, changed, channel)
	})
	if err != nil {
		return nil, err
	}
	return changed, nil
}

func (s Service) replace(ctx context.Context, tx store.Tx, owner *user.User, c *connection.Connection, id string, credentials secret.Values) error {
	channel, err := c.Channel(id)
	if err != nil {
		return err
	}
	bank, err := s.Catalogue.Provider(ctx, c.ProviderID)
	if err != nil {
		return err
	}
	definition, err := bank.Channel(id)
	if err != nil {
		return err
	}
	if err := checkCredentials(definition, credentials); err != nil {
		return err
	}
	if err := chosen(ctx, tx, c.ClientID, bank.Plugin, credentials, "body.credentials"); err != nil {
		return err
	}
	if channel.SealedCredentials, err = vault.For(s.Box, owner, c, id, bank.Plugin).SealCredentials(credentials); err != nil {
		return err
	}
	return c.Renew(id)
}

// resume queues a run with new credentials. They are given to be used: where the
// channel's consent has ended, that is a new one.
func (s Service) resume(ctx context.Context, tx store.Tx, p usecase.Principal, c *connection.Connection, definition string) error {
	run, err := s.Runs.Queue(ctx, tx, c, p, synchronization.Manual, synchronization.All)
	if err != nil {
		return err
	}
	live, err := s.Runs.Agreed(ctx, tx, c, definition)
	if err != nil || live || run.Leg(definition).ConsentID != "" {
		return err
	}
	if err := s.Runs.Renew(ctx, tx, p, c, run, definition, ""); err != nil {
		return err
	}
	if err := tx.Connections().Put(ctx, c); err != nil {
		return err
	}
	return tx.Runs().Put(ctx, run)
}
