// Package withdrawing ends consents before their time, and leaves an order to
// tell the bank that outlives whatever happens next: the process, the
// connection, the user. It never talks to a bank itself.
//
// Invariant: consent, secrets and order change in one transaction.
package withdrawing

import (
	"context"
	"time"

	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/consent"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/user"
	"github.com/tributary-dev/tributary/ports/jobs"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
)

// Job is the kind of the job that tells a bank; its key is the consent's id.
const Job = "withdraw"

// Reason is who ends consents, and when: Now is the time that users see, Real
// what the bank is told by.
type Reason struct {
	By        consent.Actor
	Now, Real time.Time
}

// Why is the reason of a principal. A nil real is now, where the two are one.
func Why(p usecase.Principal, now, really func() time.Time) Reason {
	return Because(By(p), now, really)
}

// Because is Why of whoever, or whatever, ends them.
func Because(by consent.Actor, now, really func() time.Time) Reason {
	if really == nil {
		really = now
	}
	return Reason{By: by, Now: now(), Real: really()}
}

// By tells who a principal is.
func By(p usecase.Principal) consent.Actor {
	if p.User != "" {
		return consent.ByUser
	}
	return consent.ByClient
}

// Channel ends the consent of one channel. One that has ended stays as it is, but
// of one that ended by its time the bank is told: it may have no such time. The
// channel itself is left as it is.
func Channel(ctx context.Context, tx store.Tx, key []byte, c *connection.Connection, definition string, why Reason) error {
	channel, err := c.Channel(definition)
	if err != nil || channel.ConsentID == "" {
		return err
	}
	agreed, err := tx.Consents().Load(ctx, channel.ConsentID)
	if fault.IsNotFound(err) {
		return nil
	}
	if err != nil || !agreed.Revoke(why.By, why.Now) && agreed.Status != consent.Expired {
		return err
	}
	if err := tx.Consents().Put(ctx, agreed); err != nil {
		return err
	}
	return Order(ctx, tx, key, c, channel, why.Real)
}

// Order has the bank told that the consent of a channel has ended, as far as the
// channel still has what that takes.
func Order(ctx context.Context, tx store.Tx, key []byte, c *connection.Connection, channel *connection.Channel, at time.Time) error {
	if len(channel.SealedSecrets) == 0 {
		return nil
	}
	err := tx.Withdrawals().Put(ctx, consent.Withdrawal{
		ConsentID: channel.ConsentID, ClientID: c.ClientID, UserID: c.UserID, ConnectionID: c.ID, ProviderID: c.ProviderID,
		ChannelDefinition: channel.DefinitionID, SealedKey: key, SealedSecrets: channel.SealedSecrets, CreatedAt: at, DueAt: at,
	})
	if err != nil {
		return err
	}
	return tx.Wake(ctx, jobs.Job{Kind: Job, Key: string(channel.ConsentID)})
}

// Connection ends the consents of all channels of a connection that goes.
func Connection(ctx context.Context, tx store.Tx, u *user.User, c *connection.Connection, why Reason) error {
	for _, channel := range c.Channels {
		if err := Channel(ctx, tx, u.SealedKey, c, channel.DefinitionID, why); err != nil {
			return err
		}
	}
	return nil
}

// User ends the consents of all connections of a user who goes.
func User(ctx context.Context, tx store.Tx, u *user.User, why Reason) error {
	page := store.Page{Limit: 500}
	for {
		slice, err := tx.Connections().List(ctx, store.Owner{Client: u.ClientID, User: u.ID}, store.ConnectionFilter{}, page)
		if err != nil {
			return err
		}
		for _, c := range slice.Items {
			if err := Connection(ctx, tx, u, c, why); err != nil {
				return err
			}
		}
		if page.After = slice.Next; page.After == nil {
			return nil
		}
	}
}
