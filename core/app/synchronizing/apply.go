package synchronizing

import (
	"context"

	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/core/synchronization"
	"github.com/tributary-dev/tributary/ports/provider"
	"github.com/tributary-dev/tributary/ports/store"
)

// apply commits everything that was read, with the outcome and the events, in
// one transaction: as a whole, or not at all, and a second time to no effect.
//
// deeper says that the session has older rows to give, which this run goes on to
// read: then only what is recent is entered, and the run does not end here.
func (v *visit) apply(ctx context.Context, read *reading) (deeper bool, err error) {
	if err := ctx.Err(); err != nil {
		return false, err
	}
	return deeper, v.outlast(ctx, read.rows(), func(ctx context.Context, tx store.Tx, at place) error {
		books := &books{visit: v, tx: tx, at: at, now: v.Now()}
		if err := v.settleRead(ctx, tx, read); err != nil {
			return err
		}
		if err := books.enter(ctx, read); err != nil {
			return err
		}
		if err := books.tell(ctx); err != nil {
			return err
		}
		if deeper = books.older > 0; deeper {
			at.leg.Phase = synchronization.Entered
			at.run.Progress()
			return at.connection.Stand(at.leg.ChannelDefinition, books.outcome(read).Status)
		}
		at.run.Reach(synchronization.StageFinish, len(read.order), len(read.order))
		return v.finish(ctx, tx, at, books.outcome(read))
	})
}

// finish ends the leg, with its session.
func (v *visit) finish(ctx context.Context, tx store.Tx, at place, outcome connection.Outcome) error {
	if !v.gone {
		if err := v.takeLeave(ctx, tx, at); err != nil {
			return err
		}
	}
	at.leg.SealedState, at.leg.Phase, at.leg.Code = nil, synchronization.Done, outcome.Cause
	if outcome.Status != connection.ChannelSuccess && outcome.Status != connection.ChannelEmpty {
		at.leg.Phase = synchronization.Incomplete
	}
	if outcome.Status == connection.RateLimited { // nothing was read
		at.leg.Phase = synchronization.Lost
	}
	return v.close(ctx, tx, at, outcome)
}

// outcome is what became of the channel. A failure that only the user can mend
// is told as what it is, however much was read before.
func (b *books) outcome(read *reading) connection.Outcome {
	until, away := read.turnedAway()
	switch {
	case away && read.cut == nil:
		return connection.Outcome{Status: connection.RateLimited, Cause: string(provider.RateLimited), RetryAt: until}
	case read.cut != nil && !connection.RuleOf(statusOf(read.cut.Code)).Retries:
		return outcomeOf(read.cut)
	case read.cut != nil:
		return connection.Outcome{Status: connection.ChannelPartial, Cause: string(read.cut.Code), RetryAt: read.cut.RetryAt}
	case b.failed > 0:
		return connection.Outcome{Status: connection.ChannelPartial, RetryAt: b.retryAt}
	case len(read.order) == 0:
		return connection.Outcome{Status: connection.ChannelEmpty}
	}
	return connection.Outcome{Status: connection.ChannelSuccess}
}

// tell records what changed, as counts: clients read the rows themselves.
func (b *books) tell(ctx context.Context) error {
	var drafts []event.Draft
	for _, change := range []struct {
		name  event.Name
		count int
	}{
		{event.AccountsAdded, b.counts.accountsAdded}, {event.AccountsUpdated, b.counts.accountsUpdated}, {event.AccountsClosed, b.counts.accountsClosed},
		{event.TransactionsAdded, b.counts.added}, {event.TransactionsModified, b.counts.modified}, {event.TransactionsRemoved, b.counts.removed},
	} {
		if change.count == 0 {
			continue
		}
		drafts = append(drafts, event.Draft{
			Name: change.name, Version: 1, UserID: b.run.UserID, ConnectionID: b.run.ConnectionID, ChannelDefinition: b.leg.ChannelDefinition,
			Data: event.Data{"synchronization_id": string(b.run.ID), "count": change.count},
		})
	}
	if len(drafts) == 0 {
		return nil
	}
	return b.tx.Events().Append(ctx, b.run.ClientID, drafts...)
}
