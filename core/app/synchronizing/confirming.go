package synchronizing

import (
	"context"
	"errors"
	"slices"

	"github.com/tributary-dev/tributary/core/app/withdrawing"
	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/consent"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/ports/provider"
	"github.com/tributary-dev/tributary/ports/store"
)

// under is the consent that covers the calls of a leg: the one that its run is
// to bring, else the channel's own.
func (at place) under() ident.Consent {
	if at.leg.ConsentID != "" {
		return at.leg.ConsentID
	}
	return at.channel.ConsentID
}

// confirm notes what the bank says of the consent under which it let us in.
func (v *visit) confirm(ctx context.Context, tx store.Tx, at place, said *provider.Consent) error {
	current, err := agreed(ctx, tx, at.under())
	if err != nil || current == nil {
		return err
	}
	record := recordOf(said)
	switch {
	case current.Status == consent.Pending:
		return v.stand(ctx, tx, at, current, record)
	case current.Another(record) && at.run.PSU != nil:
		// The user was there and agreed at the bank once more.
		return v.stand(ctx, tx, at, current.Renewal(ident.New[ident.Consent](v.IDs), consent.ByUser, v.Now()), record)
	}
	current.Heed(record, v.Now())
	if err := at.connection.Agree(at.channel.DefinitionID, current.ID, current.ValidUntil); err != nil {
		return err
	}
	return tx.Consents().Put(ctx, current)
}

// stand puts a consent in the place of the channel's own.
func (v *visit) stand(ctx context.Context, tx store.Tx, at place, next *consent.Consent, record consent.Record) error {
	before, err := agreed(ctx, tx, at.channel.ConsentID)
	if err != nil {
		return err
	}
	if before != nil && before.ID != next.ID {
		before.Replace(next, v.Now())
		if err := tx.Consents().Put(ctx, before); err != nil {
			return err
		}
	}
	next.Confirm(record, v.days, v.Now())
	at.leg.ConsentID = ""
	if err := at.connection.Agree(at.channel.DefinitionID, next.ID, next.ValidUntil); err != nil {
		return err
	}
	return tx.Consents().Put(ctx, next)
}

func recordOf(said *provider.Consent) consent.Record {
	if said == nil {
		return consent.Record{}
	}
	record := consent.Record{ID: said.ID, ValidUntil: said.ValidUntil, Accounts: slices.Clone(said.Accounts)}
	for _, scope := range said.Scopes {
		record.Scopes = append(record.Scopes, string(scope))
	}
	return record
}

// renewing reports whether a leg was to renew a consent that is still good: then
// its failure changes nothing.
func (v *visit) renewing(ctx context.Context, tx store.Tx, at place) (bool, error) {
	if at.leg.ConsentID == "" || at.leg.ConsentID == at.channel.ConsentID {
		return false, nil
	}
	own, err := agreed(ctx, tx, at.channel.ConsentID)
	return own != nil && own.Live(v.Now()), err
}

// ended notes what the failure of a leg means for consents.
func (v *visit) ended(ctx context.Context, tx store.Tx, at place, failure *provider.Failure) error {
	own := at.leg.ConsentID == "" || at.leg.ConsentID == at.channel.ConsentID
	if !own || failure.Code == provider.Refused {
		given := at.under()
		at.leg.ConsentID = "" // what is still said to the bank is covered by the channel's own
		return forgo(ctx, tx, given, v.Now())
	}
	over := failure.Code == provider.TokenExpired || failure.Code == provider.SecretStale // and nothing renews it
	if !over || at.channel.Type != bank.Redirect {
		return nil
	}
	current, err := agreed(ctx, tx, at.channel.ConsentID)
	if err != nil || current == nil || current.Status != consent.Active {
		return err
	}
	current.End(v.Now())
	if err := tx.Consents().Put(ctx, current); err != nil || !worthless(failure) {
		return err
	}
	return v.farewellTo(ctx, tx, at)
}

// worthless reports whether a channel's secrets are: the bank or the plugin says
// so, and not our own time for the consent.
func worthless(failure *provider.Failure) bool {
	return statusOf(failure.Code) == connection.TokenExpired && !errors.Is(failure.Err, errNoConsent)
}

// farewellTo has the bank told that a consent has ended of which it does not know
// it: where tokens died alone, the bank's own lives on, and nobody could end it
// once they are forgotten.
func (v *visit) farewellTo(ctx context.Context, tx store.Tx, at place) error {
	owner, err := tx.Users().Get(ctx, store.Owner{Client: at.run.ClientID}, at.run.UserID)
	if err != nil {
		return err
	}
	return withdrawing.Order(ctx, tx, owner.SealedKey, at.connection, at.channel, v.Real())
}

// lapsed is the outcome of a channel whose consent ended while it was read.
func (v *visit) lapsed(ctx context.Context, tx store.Tx, at place, outcome connection.Outcome) (connection.Outcome, error) {
	current, err := agreed(ctx, tx, at.channel.ConsentID)
	if err != nil || current == nil || current.Live(v.Now()) || connection.RuleOf(outcome.Status).Action != connection.ActionNone {
		return outcome, err
	}
	return outcomeOf(refusalOf(current)), nil
}
