// Package consenting shows users and clients what was agreed to, ends it and
// renews it, and does what time asks for: notices, and the end. It talks to no
// bank: an order or a run does.
//
// Invariant: a consent, its channel and the event that tells of both change in
// one transaction.
package consenting

import (
	"context"
	"time"

	"github.com/tributary-dev/tributary/core/app/synchronizing"
	"github.com/tributary-dev/tributary/core/app/withdrawing"
	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/consent"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/synchronization"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
)

// Service implements usecase.Consents.
type Service struct {
	Store store.Store
	Now   func() time.Time
	// Runs ends and begins the synchronizations that consents ask for.
	Runs synchronizing.Service
}

var _ usecase.Consents = Service{}

// Get finds one consent with its history.
func (s Service) Get(ctx context.Context, p usecase.Principal, id string) (found usecase.Consent, err error) {
	err = s.Store.View(ctx, func(tx store.Tx) error {
		found, err = s.show(ctx, tx, p, id)
		return err
	})
	return found, err
}

func (s Service) show(ctx context.Context, tx store.Tx, p usecase.Principal, id string) (found usecase.Consent, err error) {
	if found.Consent, err = find(ctx, tx, p, id); err != nil {
		return found, err
	}
	found.History, err = tx.Consents().History(ctx, p.Owner(), found.Consent.ID)
	return found, err
}

func find(ctx context.Context, tx store.Tx, p usecase.Principal, id string) (*consent.Consent, error) {
	parsed, err := ident.Parse[ident.Consent](id)
	if err != nil {
		return nil, consent.ErrNotFound
	}
	return tx.Consents().Get(ctx, p.Owner(), parsed)
}

// List pages through consents, newest first.
func (s Service) List(ctx context.Context, p usecase.Principal, filter store.ConsentFilter, page store.Page) (slice store.Slice[*consent.Consent], err error) {
	err = s.Store.View(ctx, func(tx store.Tx) error {
		slice, err = tx.Consents().List(ctx, p.Owner(), filter, page)
		return err
	})
	return slice, err
}

// Accesses pages through the calls that were made under a consent, newest first.
func (s Service) Accesses(ctx context.Context, p usecase.Principal, id string, page store.Page) (slice store.Slice[consent.Access], err error) {
	err = s.Store.View(ctx, func(tx store.Tx) error {
		found, err := find(ctx, tx, p, id)
		if err != nil {
			return err
		}
		slice, err = tx.Accesses().Of(ctx, p.Owner(), found.ID, page)
		return err
	})
	return slice, err
}

// Revoke ends a consent at once: no call follows, what the channel reads with is
// forgotten, and a run at work on the connection is cancelled. A consent that
// has ended stays as it is; where the channel is still able to go on with the
// bank's, which may have no end, it is not from then on.
func (s Service) Revoke(ctx context.Context, p usecase.Principal, id string) (revoked usecase.Consent, err error) {
	err = s.within(ctx, p, id, func(tx store.Tx, c *connection.Connection, agreed *consent.Consent) error {
		if agreed.Status.Final() && !lingers(c, agreed) {
			return nil
		}
		if c == nil || !current(c, agreed) {
			agreed.Revoke(withdrawing.By(p), s.Now())
			return tx.Consents().Put(ctx, agreed)
		}
		return s.withdraw(ctx, tx, p, c, agreed)
	}, &revoked)
	return revoked, err
}

// lingers reports whether a consent that ended by its time may live on at the bank.
func lingers(c *connection.Connection, agreed *consent.Consent) bool {
	if c == nil || agreed.Status != consent.Expired || !current(c, agreed) {
		return false
	}
	channel, err := c.Channel(agreed.ChannelDefinition)
	return err == nil && len(channel.SealedSecrets) > 0
}

func current(c *connection.Connection, agreed *consent.Consent) bool {
	channel, err := c.Channel(agreed.ChannelDefinition)
	return err == nil && channel.ConsentID == agreed.ID
}

func (s Service) withdraw(ctx context.Context, tx store.Tx, p usecase.Principal, c *connection.Connection, agreed *consent.Consent) error {
	if err := s.Runs.Stop(ctx, tx, c); err != nil {
		return err
	}
	owner, err := tx.Users().Get(ctx, store.Owner{Client: c.ClientID}, c.UserID)
	if err != nil {
		return err
	}
	why := withdrawing.Why(p, s.Now, s.Runs.RealTime)
	if err := withdrawing.Channel(ctx, tx, owner.SealedKey, c, agreed.ChannelDefinition, why); err != nil {
		return err
	}
	if err := c.Withdraw(agreed.ChannelDefinition); err != nil {
		return err
	}
	if err := s.Runs.Planner.Plan(ctx, c, s.Now()); err != nil {
		return err
	}
	return tx.Connections().Put(ctx, c)
}

var errCredentials = fault.New(fault.Conflict, "credentials_required", "The credentials were forgotten with the consent: replace them, which renews it.")

// Renew queues a run at which the user agrees at the bank anew.
func (s Service) Renew(ctx context.Context, p usecase.Principal, id, terms string) (run *synchronization.Synchronization, err error) {
	if terms != "" {
		if err := consent.CheckTerms(terms); err != nil {
			return nil, err
		}
	}
	err = s.within(ctx, p, id, func(tx store.Tx, c *connection.Connection, agreed *consent.Consent) error {
		if p.PSU == nil {
			return consent.ErrAbsent
		}
		if c == nil || !current(c, agreed) {
			return consent.ErrSuperseded
		}
		channel, err := c.Channel(agreed.ChannelDefinition)
		if err != nil {
			return err
		}
		if channel.Type == bank.Embedded && len(channel.SealedCredentials) == 0 {
			return errCredentials
		}
		if run, err = s.Runs.QueueUnder(ctx, tx, c, p, terms, synchronization.Manual, synchronization.All); err != nil {
			return err
		}
		if run.Leg(agreed.ChannelDefinition) != nil && run.Leg(agreed.ChannelDefinition).ConsentID != "" {
			return nil // it had ended, and was given anew
		}
		if err := s.Runs.Renew(ctx, tx, p, c, run, agreed.ChannelDefinition, terms); err != nil {
			return err
		}
		return tx.Runs().Put(ctx, run)
	}, nil)
	if err != nil {
		return nil, err
	}
	return run, nil
}

// within changes a consent and its connection, which may be gone. The connection
// is locked first, as whoever synchronizes does.
func (s Service) within(ctx context.Context, p usecase.Principal, id string, change func(store.Tx, *connection.Connection, *consent.Consent) error, after *usecase.Consent) error {
	var where ident.Connection
	err := s.Store.View(ctx, func(tx store.Tx) error {
		agreed, err := find(ctx, tx, p, id)
		if err == nil {
			where = agreed.ConnectionID
		}
		return err
	})
	if err != nil {
		return err
	}
	return s.Store.Update(ctx, store.Fence{}, func(tx store.Tx) error {
		c, agreed, err := lock(ctx, tx, p.Owner(), where, ident.Consent(id))
		if err != nil {
			return err
		}
		if err := change(tx, c, agreed); err != nil || after == nil {
			return err
		}
		*after, err = s.show(ctx, tx, p, id)
		return err
	})
}

// lock reads a connection, none where it is gone, and then a consent of it.
func lock(ctx context.Context, tx store.Tx, owner store.Owner, where ident.Connection, id ident.Consent) (*connection.Connection, *consent.Consent, error) {
	if _, err := tx.Runs().Active(ctx, where); err != nil && !fault.IsNotFound(err) { // locked before all, as by its worker
		return nil, nil, err
	}
	c, err := tx.Connections().Get(ctx, owner, where)
	if fault.IsNotFound(err) {
		c, err = nil, nil
	}
	if err != nil {
		return nil, nil, err
	}
	agreed, err := tx.Consents().Get(ctx, owner, id)
	return c, agreed, err
}
