package synchronizing

import (
	"context"
	"time"

	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/quota"
	"github.com/tributary-dev/tributary/core/synchronization"
	"github.com/tributary-dev/tributary/ports/provider"
	"github.com/tributary-dev/tributary/ports/store"
)

// waiting puts a time to a failure that is none: the bank takes no more calls
// for now. It is ahead, and no further than a bank counts.
func (v *visit) waiting(outcome connection.Outcome) connection.Outcome {
	if outcome.Status != connection.RateLimited {
		return outcome
	}
	now := v.Now()
	if latest := now.Add(quota.Window); !outcome.RetryAt.After(now) || outcome.RetryAt.After(latest) {
		outcome.RetryAt = latest
	}
	return outcome
}

// rest has a run wait of which there is nothing to tell but that. It goes on when
// the first of its channels can.
func (v *visit) rest(at place) error {
	var until time.Time
	for _, leg := range at.run.Legs {
		channel, err := at.connection.Channel(leg.ChannelDefinition)
		if err != nil {
			return err
		}
		if until.IsZero() || channel.RetryAt.Before(until) {
			until = channel.RetryAt
		}
	}
	return at.run.Rest(until)
}

// rise has the channels of a run that rested run again.
func (w *Worker) rise(ctx context.Context, tx store.Tx, run *synchronization.Synchronization) error {
	c, err := tx.Connections().Get(ctx, store.Owner{Client: run.ClientID, User: run.UserID}, run.ConnectionID)
	if err != nil {
		return err
	}
	var channels []string
	for _, leg := range run.Legs {
		channels = append(channels, leg.ChannelDefinition)
	}
	c.Start(run.ID, channels...)
	if err := w.Planner.Plan(ctx, c, w.Now()); err != nil {
		return err
	}
	return tx.Connections().Put(ctx, c)
}

// turnedAway reports whether nothing was read because the bank takes no more
// calls for now, and until when that is, where it is known.
func (r *reading) turnedAway() (until time.Time, away bool) {
	for _, item := range r.items {
		switch {
		case item.report.Read || len(item.report.Balances)+len(item.report.Rows) > 0 || (item.failure != nil && item.failure.Code != provider.RateLimited):
			return time.Time{}, false
		case item.failure != nil:
			if !away || item.failure.RetryAt.Before(until) {
				until = item.failure.RetryAt
			}
			away = true
		}
	}
	return until, away
}

// replace makes room for a run that somebody wants now: one that only waits for
// the bank gives its place up.
func (s Service) replace(ctx context.Context, tx store.Tx, c *connection.Connection) error {
	run, err := tx.Runs().Active(ctx, c.ID)
	if fault.IsNotFound(err) {
		return nil
	}
	if err != nil || !run.Rests() {
		return err // the store refuses a second one, and names the first
	}
	if err := run.Cancel(s.Now()); err != nil {
		return err
	}
	return tx.Runs().Put(ctx, run)
}
