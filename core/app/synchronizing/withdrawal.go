package synchronizing

import (
	"cmp"
	"context"

	"github.com/tributary-dev/tributary/core/app/vault"
	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/consent"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/user"
	"github.com/tributary-dev/tributary/ports/provider"
	"github.com/tributary-dev/tributary/ports/store"
)

// Withdraw tells a bank that a consent has ended. The order is a row that stays
// until the bank was told, or until it was tried for days: no crash loses it,
// and being told twice is no harm.
func (w *Worker) Withdraw(ctx context.Context, key string) error {
	id, err := ident.Parse[ident.Consent](key)
	if err != nil {
		return nil //nolint:nilerr // a key of ours is an id; no other job is one
	}
	var order consent.Withdrawal
	var access consent.Access
	err = w.Store.Update(ctx, store.Fence{}, func(tx store.Tx) (err error) {
		if order, err = tx.Withdrawals().Get(ctx, id); err != nil {
			return err
		}
		order.DueAt = w.Real().Add(2 * w.Limits.Step) // nobody else takes it up meanwhile
		access = w.farewell(order, consent.Revoke)
		if err := tx.Withdrawals().Put(ctx, order); err != nil {
			return err
		}
		return noteFarewell(ctx, tx, access)
	})
	if err != nil {
		return ignoreGone(err)
	}
	failed := w.tell(ctx, order)
	if failed != nil && failedWith(failed, provider.SecretStale) && ctx.Err() == nil {
		order, access, failed, err = w.tellWithFresh(ctx, order, access, failed)
	}
	if err := cmp.Or(ctx.Err(), err); err != nil {
		return ignoreGone(err)
	}
	return w.told(ctx, order, access, failed)
}

func (w *Worker) farewell(o consent.Withdrawal, operation consent.Operation) consent.Access {
	return consent.Access{
		ID: ident.New[ident.Access](w.IDs), ConsentID: o.ConsentID, ClientID: o.ClientID, UserID: o.UserID, ConnectionID: o.ConnectionID,
		ChannelDefinition: o.ChannelDefinition, Operation: operation, At: w.Now(),
	}
}

func (w *Worker) tell(ctx context.Context, o consent.Withdrawal) error {
	_, secrets, err := w.opened(ctx, o)
	if err != nil {
		return err
	}
	return call{operation: consent.Revoke, within: w.Limits.Step, ask: func(ctx context.Context) error {
		return w.Gateway.End(ctx, provider.End{Session: sessionOf(o), Secrets: secrets, Revoke: true})
	}}.make(ctx)
}

func sessionOf(o consent.Withdrawal) provider.Session {
	return provider.Session{ID: string(o.ConsentID), ProviderID: o.ProviderID, ChannelID: o.ChannelDefinition}
}

// opened gives an order's secrets, and what seals others in their place.
func (w *Worker) opened(ctx context.Context, o consent.Withdrawal) (box vault.Vault, secrets provider.State, err error) {
	bank, err := w.Catalogue.Provider(ctx, o.ProviderID)
	if err != nil {
		return box, secrets, &provider.Failure{Code: provider.ProviderUnavailable, Whose: provider.Host, Err: err}
	}
	definition, err := bank.Channel(o.ChannelDefinition)
	if err != nil {
		return box, secrets, &provider.Failure{Code: provider.ProviderUnavailable, Whose: provider.Host, Err: err}
	}
	box = vault.For(w.Box, &user.User{SealedKey: o.SealedKey},
		&connection.Connection{ID: o.ConnectionID, ClientID: o.ClientID, UserID: o.UserID}, o.ChannelDefinition, definition.Plugin)
	if secrets, err = box.OpenSecrets(o.SealedSecrets); err != nil {
		return box, secrets, failureOf(err)
	}
	return box, secrets, nil
}

// told forgets an order that was carried out or is hopeless, and plans another
// attempt where the bank could not be reached.
func (w *Worker) told(ctx context.Context, o consent.Withdrawal, access consent.Access, failed error) error {
	// Whose tokens are refused for good has nothing left to take back.
	again := failed != nil && !failedWith(failed, provider.TokenExpired) && o.Failed(w.Real())
	if failed != nil {
		w.Log.WarnContext(ctx, "bank not told that a consent has ended", "consent_id", o.ConsentID, "code", provider.FailureOf(failed).Code,
			"attempts", o.Attempts, "again", again)
	}
	return w.Store.Update(ctx, store.Fence{}, func(tx store.Tx) error {
		if err := noteFarewell(ctx, tx, access.Ended(endOf(ctx, failed), w.Now())); err != nil {
			return err
		}
		if again {
			return tx.Withdrawals().Put(ctx, o)
		}
		return tx.Withdrawals().Delete(ctx, o.ConsentID)
	})
}

// noteFarewell writes an access down, unless its consent went with its user: then
// nobody is left whose access it was.
func noteFarewell(ctx context.Context, tx store.Tx, access consent.Access) error {
	if _, err := tx.Consents().Load(ctx, access.ConsentID); err != nil {
		return ignoreGone(err)
	}
	return tx.Accesses().Put(ctx, access)
}

func ignoreGone(err error) error {
	if fault.IsNotFound(err) {
		return nil
	}
	return err
}
