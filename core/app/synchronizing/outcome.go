package synchronizing

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/synchronization"
	"github.com/tributary-dev/tributary/ports/provider"
	"github.com/tributary-dev/tributary/ports/store"
)

// statuses says what a failure means for a channel. Whatever is not here is a
// technical error.
var statuses = map[provider.Code]connection.ChannelStatus{
	provider.AuthFailed:             connection.AuthFailed,
	provider.AccountLocked:          connection.AccountLocked,
	provider.TokenExpired:           connection.TokenExpired,
	provider.PasswordChangeRequired: connection.PasswordChangeRequired,
	provider.ChallengeRequired:      connection.ChallengeRequired,
	provider.UserActionRequired:     connection.UserActionRequired,
	provider.RateLimited:            connection.RateLimited,
	provider.ProviderUnavailable:    connection.ProviderUnavailable,
	provider.Blocked:                connection.Blocked,
	// A secret of a version nobody reads, or one that cannot be renewed, is
	// never guessed: the user signs in again.
	provider.SecretStale:      connection.TokenExpired,
	provider.SecretUnreadable: connection.TokenExpired,
	provider.SessionLost:      connection.ChallengeRequired,
	provider.ChallengeExpired: connection.ChallengeRequired,
	provider.Refused:          connection.ChallengeRequired,
}

func statusOf(code provider.Code) connection.ChannelStatus {
	if status, ok := statuses[code]; ok {
		return status
	}
	return connection.TechnicalError
}

func outcomeOf(f *provider.Failure) connection.Outcome {
	return connection.Outcome{Status: statusOf(f.Code), Cause: string(f.Code), Message: f.Message, Fields: f.Fields, URL: f.URL, RetryAt: f.RetryAt}
}

// lossOf offers a session that was lost anew, once: the user is asked to begin
// again. Where that is lost too, something is wrong that asking does not mend.
func lossOf(failure *provider.Failure, before string) connection.Outcome {
	outcome := outcomeOf(failure)
	if failure.Code == provider.SessionLost && before == connection.CauseSessionLost {
		outcome.Status = connection.TechnicalError
	}
	return outcome
}

// lose ends the leg with a failure. The other legs go on, and what was entered
// stays.
func (v *visit) lose(ctx context.Context, failure *provider.Failure) error {
	if v.leg.Phase == synchronization.Entered {
		return v.conclude(ctx, failure)
	}
	v.Log.InfoContext(ctx, "channel failed", "synchronization_id", v.run.ID, "channel", v.leg.ChannelDefinition,
		"code", failure.Code, "whose", failure.Whose, "cause", failure.Err)
	err := v.commit(ctx, func(tx store.Tx, at place) error {
		if err := v.settle(ctx, tx, at, connection.Withdrawn); err != nil {
			return err
		}
		if failure.Code != provider.SessionLost && !v.gone {
			if err := v.takeLeave(ctx, tx, at); err != nil {
				return err
			}
		}
		at.leg.Phase, at.leg.Code, at.leg.SealedState = synchronization.Lost, string(failure.Code), nil
		renewing, err := v.renewing(ctx, tx, at)
		if err != nil {
			return err
		}
		if err := v.ended(ctx, tx, at, failure); err != nil {
			return err
		}
		if renewing {
			return v.stay(ctx, at)
		}
		if worthless(failure) {
			// A plugin that was handed them again would go on with them where it can ask
			// for new ones instead: a token that a bank gives once may have been lost with
			// the process that was to keep it.
			at.channel.SealedSecrets = nil
		}
		return v.close(ctx, tx, at, lossOf(failure, at.channel.Cause))
	})
	if err == nil {
		v.end(ctx)
	}
	return err
}

// settle ends a challenge that is still open: nobody answers it any more. It
// counts as answered where the session went on, in the bank's app for instance.
func (v *visit) settle(ctx context.Context, tx store.Tx, at place, state connection.ChallengeState) error {
	if at.leg.Phase != synchronization.Challenged {
		return nil
	}
	challenge, err := tx.Challenges().Current(ctx, at.run.ID, at.leg.ChannelDefinition)
	if err != nil {
		return err
	}
	if challenge.State == connection.Open && state == connection.Answered {
		challenge.Answer(nil)
	}
	challenge.Close(state)
	return tx.Challenges().Put(ctx, challenge)
}

// close sets the channel's outcome.
func (v *visit) close(ctx context.Context, tx store.Tx, at place, outcome connection.Outcome) error {
	outcome, err := v.lapsed(ctx, tx, at, outcome)
	if err != nil {
		return err
	}
	if err := at.connection.Finish(at.leg.ChannelDefinition, v.waiting(outcome), v.Now()); err != nil {
		return err
	}
	return v.onward(ctx, at)
}

// stay ends a leg that was to renew a consent which is still good: the channel
// is what it was.
func (v *visit) stay(ctx context.Context, at place) error {
	if err := at.connection.Stay(at.leg.ChannelDefinition); err != nil {
		return err
	}
	return v.onward(ctx, at)
}

// onward plans when the connection is read next, and goes on to the next leg, or
// ends the run, or has it wait for the bank.
func (v *visit) onward(ctx context.Context, at place) error {
	if err := v.Planner.Plan(ctx, at.connection, v.Now()); err != nil {
		return err
	}
	at.run.Progress()
	if at.run.NextLeg() != nil {
		return nil
	}
	if at.run.Limited() && waitsForBank(at) {
		return v.rest(at)
	}
	at.run.RetryAt = retryOf(at.run, at.connection)
	return at.run.Finish(v.Now(), problemOf(at.run, at.connection))
}

// waitsForBank reports whether all that the run's channels wait for is the bank: one
// that needs its user does not go on by itself.
func waitsForBank(at place) bool {
	return !slices.ContainsFunc(at.run.Legs, func(leg synchronization.Leg) bool {
		channel, err := at.connection.Channel(leg.ChannelDefinition)
		return err != nil || channel.Status != connection.RateLimited
	})
}

// retryOf is when the first channel of a run is tried again that was not read as
// it should have been.
func retryOf(run *synchronization.Synchronization, c *connection.Connection) (first time.Time) {
	for _, leg := range run.Legs {
		channel, err := c.Channel(leg.ChannelDefinition)
		if err == nil && channel.Status != connection.ChannelSuccess {
			first = sooner(first, c.Advise(*channel, nil).RetryAt)
		}
	}
	return first
}

// problemOf names the first leg that was lost or cut short, by what became of its
// channel: that is not always what the leg alone would say. One that only waits
// for the bank is named where no other is.
func problemOf(run *synchronization.Synchronization, c *connection.Connection) *synchronization.Problem {
	legs := slices.Clone(run.Legs)
	slices.SortStableFunc(legs, func(a, b synchronization.Leg) int { return cmp.Compare(patience(a), patience(b)) })
	for _, leg := range legs {
		if leg.Code == "" {
			continue
		}
		status := statusOf(provider.Code(leg.Code))
		problem := &synchronization.Problem{Code: string(status), Message: connection.Sentence(status)}
		channel, err := c.Channel(leg.ChannelDefinition)
		held := err == nil && connection.RuleOf(status).Retries && connection.NeedsUser(channel.Status) // the run came to nothing, the channel is what it was
		if err == nil && !held && channel.Status != connection.ChannelSuccess {
			problem.Message = channel.Message
			if channel.Status.Fails() {
				problem.Code = string(channel.Status)
			}
		}
		return problem
	}
	return nil
}

func patience(leg synchronization.Leg) int {
	if leg.Code == string(provider.RateLimited) {
		return 1
	}
	return 0
}
