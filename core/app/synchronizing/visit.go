package synchronizing

import (
	"context"
	"errors"
	"time"

	"github.com/tributary-dev/tributary/core/app/vault"
	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/consent"
	"github.com/tributary-dev/tributary/core/fault"
	domain "github.com/tributary-dev/tributary/core/provider"
	"github.com/tributary-dev/tributary/core/quota"
	"github.com/tributary-dev/tributary/core/synchronization"
	"github.com/tributary-dev/tributary/ports/provider"
	"github.com/tributary-dev/tributary/ports/store"
)

// visit is the way of one run through one channel, as it stood when loaded.
// Decisions are made on it; writes always load anew, under the fence.
type visit struct {
	*Worker
	lease      *lease
	run        *synchronization.Synchronization
	leg        synchronization.Leg
	channel    connection.Channel
	vault      vault.Vault
	session    provider.Session
	challenge  *connection.Challenge
	connection *connection.Connection
	// limit is how many calls the bank allows with nobody there; zero is none.
	limit int
	// zone is where the bank's days begin and end; nil means UTC.
	zone *time.Location
	// gone says that the catalogue has the channel no more, or not yet again.
	gone bool
	// days is how long a consent for the channel lasts at most; 0 has no end.
	days int
	// anew says that a consent which is still good is to be renewed, at the bank as well.
	anew bool
	// access is the last call, whose end is not written yet.
	access *consent.Access
	// leaving is the end of the session, admitted and not yet called.
	leaving *consent.Access
}

// visit loads the next leg that is not over; nil when the run is over, or rests.
func (w *Worker) visit(ctx context.Context, held *lease) (next *visit, err error) {
	err = w.Store.View(ctx, func(tx store.Tx) error {
		next = nil
		run, err := tx.Runs().Load(ctx, held.fence.Run)
		if err != nil || run.Status.Final() || run.Rests() || run.NextLeg() == nil {
			return err
		}
		v := &visit{Worker: w, lease: held, run: run, leg: *run.NextLeg()}
		if err := v.load(ctx, tx); err != nil {
			return err
		}
		next = v
		return nil
	})
	return next, err
}

func (v *visit) load(ctx context.Context, tx store.Tx) error {
	owner := store.Owner{Client: v.run.ClientID, User: v.run.UserID}
	c, err := tx.Connections().Get(ctx, owner, v.run.ConnectionID)
	if err != nil {
		return err
	}
	u, err := tx.Users().Get(ctx, owner, v.run.UserID)
	if err != nil {
		return err
	}
	channel, err := c.Channel(v.leg.ChannelDefinition)
	if err != nil {
		return err
	}
	if v.leg.Phase == synchronization.Challenged {
		if v.challenge, err = tx.Challenges().Current(ctx, v.run.ID, channel.DefinitionID); err != nil {
			return err
		}
	}
	bank, err := v.Catalogue.Provider(ctx, c.ProviderID)
	if err != nil && !fault.IsNotFound(err) {
		return err
	}
	definition, missing := bank.Channel(channel.DefinitionID)
	v.connection, v.channel, v.gone = c, *channel, missing != nil
	v.zone = bank.Zone
	v.limit = LimitOf(bank, *channel)
	v.days = consent.Days(channel.Type, definition.Limits.ConsentDays)
	if v.anew, err = v.renewing(ctx, tx, place{v.run, &v.leg, c, channel}); err != nil {
		return err
	}
	v.anew = v.anew && !definition.Limits.ConsentOutlives // the user's word to us is enough, unless the bank says otherwise
	v.vault = vault.For(v.Box, u, c, channel.DefinitionID, definition.Plugin)
	v.session = provider.Session{
		ID: string(v.run.ID) + "-" + channel.DefinitionID, ProviderID: c.ProviderID,
		ChannelID: channel.DefinitionID, Locale: v.run.Locale,
	}
	return nil
}

// LimitOf is the limit of a channel, whose definition may be gone.
func LimitOf(bank domain.Provider, channel connection.Channel) int {
	definition, err := bank.Channel(channel.DefinitionID)
	if err != nil {
		return quota.LimitOf(channel.Type, 0)
	}
	return quota.LimitOf(channel.Type, definition.Limits.UnattendedPerDay)
}

var errHopeless = errors.New("synchronizing: whoever worked on this run was lost")

// lead takes the leg as far as it goes; paused means that the user is asked.
func (v *visit) lead(ctx context.Context) (paused bool, err error) {
	if v.run.Hopeless() {
		return false, &provider.Failure{Code: provider.Technical, Whose: provider.Host, Err: errHopeless}
	}
	if v.gone {
		// No secret is opened for it, and none is thrown away: it may come back.
		return false, &provider.Failure{Code: provider.ProviderUnavailable, Whose: provider.Host}
	}
	switch v.leg.Phase {
	case synchronization.Waiting:
		return v.begin(ctx)
	case synchronization.Challenged:
		return v.proceed(ctx)
	}
	return false, v.fetch(ctx) // READY or ENTERED
}

// commit changes the run, its leg and the connection together, fenced.
func (v *visit) commit(ctx context.Context, change func(tx store.Tx, at place) error) error {
	err := v.Store.Update(ctx, v.lease.fence, func(tx store.Tx) error {
		run, err := tx.Runs().Load(ctx, v.run.ID)
		if err != nil {
			return err
		}
		c, err := tx.Connections().Get(ctx, store.Owner{Client: run.ClientID, User: run.UserID}, run.ConnectionID)
		if err != nil {
			return err
		}
		channel, err := c.Channel(v.leg.ChannelDefinition)
		if err != nil {
			return err
		}
		if err := change(tx, place{run, run.Leg(v.leg.ChannelDefinition), c, channel}); err != nil {
			return err
		}
		if err := v.noted(ctx, tx); err != nil {
			return err
		}
		if err := tx.Connections().Put(ctx, c); err != nil {
			return err
		}
		return tx.Runs().Put(ctx, run)
	})
	if err == nil {
		v.access = nil
	}
	return err
}

// place is where a commit writes.
type place struct {
	run        *synchronization.Synchronization
	leg        *synchronization.Leg
	connection *connection.Connection
	channel    *connection.Channel
}
