package connecting

import (
	"context"

	"github.com/tributary-dev/tributary/core/app/access"
	"github.com/tributary-dev/tributary/core/app/vault"
	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/consent"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/synchronization"
	"github.com/tributary-dev/tributary/core/user"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
)

// ReplaceCredentials seals new credentials of one channel and queues a run. The
// plugin's old secrets (device trust) stay: they belong to the same user. A
// channel that the connection does not use yet is added to it.
func (s Service) ReplaceCredentials(ctx context.Context, p usecase.Principal, id string, channel usecase.NewChannel, terms string) (*connection.Connection, error) {
	return s.ReplaceAlong(ctx, p, id, []usecase.NewChannel{channel}, terms, func(store.Tx) error { return nil })
}

// ReplaceAlong is ReplaceCredentials of several channels, read by one run, with
// something that is stored along, or the credentials are not.
func (s Service) ReplaceAlong(ctx context.Context, p usecase.Principal, id string, channels []usecase.NewChannel, terms string, along func(store.Tx) error) (changed *connection.Connection, err error) {
	if err := access.Direct(p); err != nil {
		return nil, err
	}
	if terms != "" && consent.CheckTerms(terms) != nil {
		return nil, consent.ErrTerms.With(fault.At("body.terms_version", "is no version of terms"))
	}
	err = s.Store.Update(ctx, store.Fence{}, func(tx store.Tx) error {
		if err := lockRun(ctx, tx, id); err != nil {
			return err
		}
		if changed, err = find(ctx, tx, p, id); err != nil {
			return err
		}
		owner, err := tx.Users().Get(ctx, store.Owner{Client: changed.ClientID}, changed.UserID)
		if err != nil {
			return err
		}
		if err := s.replace(ctx, tx, p, owner, changed, channels, terms); err != nil {
			return err
		}
		return along(tx)
	})
	if err != nil {
		return nil, err
	}
	return changed, nil
}

// lockRun locks what is at work on a connection before the connection itself, as
// its worker does.
func lockRun(ctx context.Context, tx store.Tx, connectionID string) error {
	id, err := ident.Parse[ident.Connection](connectionID)
	if err != nil {
		return connection.ErrNotFound
	}
	if _, err := tx.Runs().Active(ctx, id); err != nil && !fault.IsNotFound(err) {
		return err
	}
	return nil
}

// replace takes credentials over, of channels that are used and of others. A run
// of all channels reads these too, so that one is enough.
func (s Service) replace(ctx context.Context, tx store.Tx, p usecase.Principal, owner *user.User, c *connection.Connection, channels []usecase.NewChannel, terms string) error {
	var used, added []string
	for _, channel := range channels {
		fresh, err := s.take(ctx, tx, p, owner, c, channel, terms)
		switch {
		case err != nil:
			return err
		case fresh:
			added = append(added, channel.DefinitionID)
		default:
			used = append(used, channel.DefinitionID)
		}
	}
	if len(used) > 0 {
		return s.resume(ctx, tx, p, c, used, terms)
	}
	for _, definition := range added {
		if err := s.Runs.Join(ctx, tx, c, p, definition); err != nil {
			return err
		}
	}
	return nil
}

// take seals the credentials of a channel, which is fresh where the connection did
// not use it.
func (s Service) take(ctx context.Context, tx store.Tx, p usecase.Principal, owner *user.User, c *connection.Connection, channel usecase.NewChannel, terms string) (fresh bool, err error) {
	bank, err := s.Catalogue.Provider(ctx, c.ProviderID)
	if err != nil {
		return false, err
	}
	definition, err := bank.Channel(channel.DefinitionID)
	if err != nil {
		return false, connection.ErrChannelNotFound
	}
	if err := checkCredentials(definition, channel.Credentials); err != nil {
		return false, err
	}
	if err := chosen(ctx, tx, c.ClientID, definition.Plugin, channel.Credentials, "body.credentials"); err != nil {
		return false, err
	}
	sealed, err := vault.For(s.Box, owner, c, definition.ID, definition.Plugin).SealCredentials(channel.Credentials)
	if err != nil {
		return false, err
	}
	if fresh = c.Add(definition.ID, definition.Type) == nil; fresh {
		agreed := s.Runs.Give(p, c, definition.ID, terms)
		if err := c.Agree(definition.ID, agreed.ID, agreed.ValidUntil); err != nil {
			return fresh, err
		}
		if err := tx.Consents().Put(ctx, agreed); err != nil {
			return fresh, err
		}
	}
	known, err := c.Channel(definition.ID)
	if err != nil {
		return fresh, err
	}
	known.SealedCredentials = sealed
	return fresh, c.Renew(definition.ID)
}

// resume queues a run with new credentials. They are given to be used: where a
// channel's consent has ended, that is a new one.
func (s Service) resume(ctx context.Context, tx store.Tx, p usecase.Principal, c *connection.Connection, definitions []string, terms string) error {
	run, err := s.Runs.QueueUnder(ctx, tx, c, p, terms, synchronization.Manual, synchronization.All)
	if err != nil {
		return err
	}
	for _, definition := range definitions {
		live, err := s.Runs.Agreed(ctx, tx, c, definition)
		if err != nil {
			return err
		}
		if live || run.Leg(definition).ConsentID != "" {
			continue
		}
		if err := s.Runs.Renew(ctx, tx, p, c, run, definition, terms); err != nil {
			return err
		}
	}
	if err := tx.Connections().Put(ctx, c); err != nil {
		return err
	}
	return tx.Runs().Put(ctx, run)
}
