package synchronizing

import (
	"context"

	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/core/synchronization"
	"github.com/tributary-dev/tributary/ports/store"
)

// apply commits everything that was read, with the outcome and the events, in
// one transaction: as a whole, or not at all, and a second time to no effect.
//
// It may outlast the lease, which bounds what cannot be fenced. The transaction
// keeps the run from everybody until its end, our own renewals included: under
// the lease's time a large account would be read for ever and never entered.
func (v *visit) apply(ctx context.Context, read *reading) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), v.Limits.Enter)
	defer cancel()
	return v.commit(ctx, func(tx store.Tx, at place) error {
		at.run.Reach(synchronization.StageFinish, len(read.order), len(read.order))
		books := &books{visit: v, tx: tx, at: at, now: v.Now()}
		if err := books.enter(ctx, read); err != nil {
			return err
		}
		if err := books.tell(ctx); err != nil {
			return err
		}
		at.leg.SealedState = nil
		at.leg.Phase = synchronization.Done
		outcome := connection.Outcome{Status: connection.ChannelSuccess}
		switch {
		case books.failed > 0:
			at.leg.Phase, outcome.Status = synchronization.Incomplete, connection.ChannelPartial
		case len(read.order) == 0:
			outcome.Status = connection.ChannelEmpty
		}
		return v.close(at, outcome)
	})
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
