package synchronizing

import (
	"context"
	"errors"
	"time"

	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/consent"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/ports/provider"
	"github.com/tributary-dev/tributary/ports/store"
)

// call is one call of the gateway, on the channel of a visit. Nobody else but
// make calls the gateway: what has to be true before a bank is asked anything is
// said here, once.
type call struct {
	operation consent.Operation
	// within bounds the call itself.
	within time.Duration
	// before, if any, is committed with the admission: what the call is told of in
	// the store, and what has to be reserved for it.
	before func(ctx context.Context, tx store.Tx, at place) error
	ask    func(ctx context.Context) error
}

// make admits a call in a fenced transaction, and then makes it. It fails where
// the call was not made; failed is what came of one that was. How it ended is
// written by the next commit of the visit, or when the visit is over.
func (v *visit) make(ctx context.Context, c call) (failed, err error) {
	var access consent.Access
	err = v.commit(ctx, func(tx store.Tx, at place) (err error) {
		if access, err = v.admit(ctx, tx, at, c.operation); err != nil || c.before == nil {
			return err
		}
		return c.before(ctx, tx, at)
	})
	if err != nil {
		return nil, err
	}
	failed = c.make(ctx)
	access = access.Ended(endOf(ctx, failed), v.Now())
	v.access = &access
	return failed, nil
}

func (c call) make(ctx context.Context) error {
	bounded, cancel := context.WithTimeout(ctx, c.within)
	defer cancel()
	return c.ask(bounded)
}

// admit lets a call pass that a live consent covers, on the clock that users see
// and banks count by, and writes down that it is about to be made.
func (v *visit) admit(ctx context.Context, tx store.Tx, at place, operation consent.Operation) (consent.Access, error) {
	covering, err := agreed(ctx, tx, at.under())
	if err != nil {
		return consent.Access{}, err
	}
	now := v.Now()
	if covering == nil || !covering.Live(now) {
		return consent.Access{}, refusalOf(covering)
	}
	access := consent.Access{
		ID: ident.New[ident.Access](v.IDs), ConsentID: covering.ID, ClientID: at.run.ClientID, UserID: at.run.UserID,
		ConnectionID: at.run.ConnectionID, ChannelDefinition: at.channel.DefinitionID, SynchronizationID: at.run.ID,
		Trigger: string(at.run.Trigger), Operation: operation, Attended: at.run.PSU != nil, At: now,
	}
	return access, tx.Accesses().Put(ctx, access)
}

// refusalOf says why no bank is called: the user gives a consent by signing in.
func refusalOf(c *consent.Consent) *provider.Failure {
	refusal := &provider.Failure{Code: provider.TokenExpired, Whose: provider.User, Err: errNoConsent}
	switch {
	case c == nil || c.Status == consent.Rejected:
		refusal.Code = provider.ChallengeRequired
	case c.Status == consent.Revoked:
		refusal.Message = connection.Withdrawal()
	}
	return refusal
}

var errNoConsent = errors.New("synchronizing: no live consent covers this call")

func endOf(ctx context.Context, failed error) string {
	switch {
	case failed == nil:
		return consent.Succeeded
	case ctx.Err() != nil:
		return consent.Interrupted
	}
	return string(provider.FailureOf(failed).Code)
}

// noted writes how the last call ended, with whatever is committed next.
func (v *visit) noted(ctx context.Context, tx store.Tx) error {
	if v.access == nil {
		return nil
	}
	return tx.Accesses().Put(ctx, *v.access)
}

// note is noted where nothing else is left to commit. It needs no fence: nobody
// else writes about this call.
func (v *visit) note(ctx context.Context) {
	if v.access == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
	defer cancel()
	if err := v.Store.Update(ctx, store.Fence{}, func(tx store.Tx) error { return v.noted(ctx, tx) }); err != nil {
		v.Log.InfoContext(ctx, "end of a bank call not written down", "synchronization_id", v.run.ID, "error", err)
		return
	}
	v.access = nil
}
