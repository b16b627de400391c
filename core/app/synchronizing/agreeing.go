package synchronizing

import (
	"context"
	"time"

	"github.com/tributary-dev/tributary/core/app/withdrawing"
	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/consent"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/synchronization"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
)

// agreed finds the consent of a channel, or none.
func agreed(ctx context.Context, tx store.Tx, id ident.Consent) (*consent.Consent, error) {
	if id == "" {
		return nil, nil
	}
	found, err := tx.Consents().Load(ctx, id)
	if fault.IsNotFound(err) {
		return nil, nil
	}
	return found, err
}

// agree has a user who is there, and asks for a run, agree anew on the channels
// whose consent has ended. One that was withdrawn stays so: whoever withdrew it
// has to say expressly that it is to be renewed.
func (s Service) agree(ctx context.Context, tx store.Tx, p usecase.Principal, c *connection.Connection, run *synchronization.Synchronization, terms string) error {
	if run.PSU == nil || run.Trigger == synchronization.Scheduled {
		return nil
	}
	for i := range run.Legs {
		channel, err := c.Channel(run.Legs[i].ChannelDefinition)
		if err != nil {
			return err
		}
		before, err := agreed(ctx, tx, channel.ConsentID)
		if err != nil {
			return err
		}
		if before != nil && (before.Live(s.Now()) || before.Status == consent.Revoked) {
			continue
		}
		if err := s.Renew(ctx, tx, p, c, run, channel.DefinitionID, terms); err != nil {
			return err
		}
	}
	return nil
}

// Agreed reports whether a channel's own consent is live.
func (s Service) Agreed(ctx context.Context, tx store.Tx, c *connection.Connection, definition string) (bool, error) {
	channel, err := c.Channel(definition)
	if err != nil {
		return false, err
	}
	own, err := agreed(ctx, tx, channel.ConsentID)
	return own != nil && own.Live(s.Now()), err
}

// Renew has a run lead a channel under a new consent. It takes the place of the
// channel's own only when the bank has confirmed it; where there is none yet, it
// is the channel's own. An empty version keeps the words of the one before.
func (s Service) Renew(ctx context.Context, tx store.Tx, p usecase.Principal, c *connection.Connection, run *synchronization.Synchronization, definition, terms string) error {
	leg := run.Leg(definition)
	if leg == nil {
		return connection.ErrChannelNotFound
	}
	channel, err := c.Channel(definition)
	if err != nil {
		return err
	}
	before, err := agreed(ctx, tx, channel.ConsentID)
	if err != nil {
		return err
	}
	if terms == "" && before != nil {
		terms = before.Terms.Version
	}
	if earlier, err := agreed(ctx, tx, leg.ConsentID); err != nil {
		return err
	} else if earlier != nil && earlier.Reject(consent.ByTime, s.Now()) { // the run began with other words
		if err := tx.Consents().Put(ctx, earlier); err != nil {
			return err
		}
	}
	given := s.Give(p, c, definition, terms)
	leg.ConsentID = given.ID
	if before == nil {
		channel.ConsentID = given.ID
	}
	return tx.Consents().Put(ctx, given)
}

// Give makes the consent of a channel, which the bank has not confirmed yet.
func (s Service) Give(p usecase.Principal, c *connection.Connection, definition, terms string) *consent.Consent {
	return consent.New(consent.Order{
		ID: ident.New[ident.Consent](s.IDs), ClientID: c.ClientID, UserID: c.UserID, ConnectionID: c.ID, ProviderID: c.ProviderID,
		ChannelDefinition: definition, Terms: consent.Terms{Version: terms, Locale: p.Locale}, By: withdrawing.By(p),
	}, s.Now())
}

// forgo gives up a consent that never came to stand; another one stays.
func forgo(ctx context.Context, tx store.Tx, id ident.Consent, now time.Time) error {
	given, err := agreed(ctx, tx, id)
	if err != nil || given == nil || !given.Reject(consent.ByUser, now) {
		return err
	}
	return tx.Consents().Put(ctx, given)
}

// forgoRenewals gives up the consents that a run was to bring, when it ends
// before the bank confirmed them: the channels' own stay.
func forgoRenewals(ctx context.Context, tx store.Tx, c *connection.Connection, run *synchronization.Synchronization, now time.Time) error {
	for i := range run.Legs {
		leg := &run.Legs[i]
		channel, err := c.Channel(leg.ChannelDefinition)
		if err != nil || leg.ConsentID == "" || leg.ConsentID == channel.ConsentID {
			continue
		}
		if err := forgo(ctx, tx, leg.ConsentID, now); err != nil {
			return err
		}
		leg.ConsentID = ""
	}
	return nil
}
