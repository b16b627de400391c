package synchronizing

import (
	"context"
	"errors"
	"time"

	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/secret"
	"github.com/tributary-dev/tributary/core/synchronization"
	"github.com/tributary-dev/tributary/ports/jobs"
	"github.com/tributary-dev/tributary/ports/provider"
	"github.com/tributary-dev/tributary/ports/store"
)

// ask stores the challenge and lets go of the run until somebody answers.
// A live session is kept: its answer is awaited here.
func (v *visit) ask(ctx context.Context, asked provider.Challenge, state secret.String) (paused bool, err error) {
	challenge, err := v.challengeOf(asked, state)
	if err != nil {
		return false, err
	}
	if challenge.Live && !v.Drain.hold(ctx, v.run.ID) {
		v.challenge = challenge
		v.depart(ctx)
		return false, &provider.Failure{Code: provider.SessionLost, Whose: provider.Host, Err: errCrowded}
	}
	if err := v.commit(ctx, func(tx store.Tx, at place) error { return v.post(ctx, tx, at, challenge) }); err != nil {
		return false, err
	}
	if challenge.Live {
		v.challenge = challenge
		return v.attend(ctx)
	}
	return true, nil
}

var errCrowded = errors.New("synchronizing: as many live sessions wait in this process as may")

func (v *visit) post(ctx context.Context, tx store.Tx, at place, challenge *connection.Challenge) error {
	if err := v.settle(ctx, tx, at, connection.Answered); err != nil {
		return err
	}
	if err := tx.Challenges().Put(ctx, challenge); err != nil {
		return err
	}
	at.leg.Phase = synchronization.Challenged
	if challenge.Live {
		return at.run.Await(v.leg.ChannelDefinition, told(challenge))
	}
	due := v.due(challenge)
	if err := at.run.Pause(v.leg.ChannelDefinition, told(challenge), due); err != nil {
		return err
	}
	return tx.Wake(ctx, jobs.Job{Kind: Job, Key: string(at.run.ID), At: due})
}

func told(c *connection.Challenge) event.Data {
	return event.Data{"challenge_id": string(c.ID), "type": string(c.Type), "expires_at": c.ExpiresAt.UTC().Format(time.RFC3339)}
}

func (v *visit) challengeOf(asked provider.Challenge, state secret.String) (*connection.Challenge, error) {
	now, c := v.Real(), asked.Asked
	c.ID = ident.New[ident.Challenge](v.IDs)
	c.ClientID, c.UserID, c.ConnectionID = v.run.ClientID, v.run.UserID, v.run.ConnectionID
	c.SynchronizationID, c.ChannelDefinition = v.run.ID, v.leg.ChannelDefinition
	c.State, c.CreatedAt = connection.Open, now
	if c.ExpiresAt.IsZero() || c.ExpiresAt.After(now.Add(v.Limits.Answer)) {
		c.ExpiresAt = now.Add(v.Limits.Answer)
	}
	if c.PollAfter == 0 {
		c.PollAfter = v.Limits.Poll
	}
	if c.Type == connection.Redirect {
		c.ReturnHash = connection.HashReturn(state)
	}
	if c.Message == nil {
		c.Message = bank.Text{}
	}
	sealed, err := v.vault.SealState(asked.State)
	c.SealedState = sealed
	return &c, err
}

// due is when the run is looked at although nobody answered.
func (v *visit) due(c *connection.Challenge) time.Time {
	now := v.Real()
	left := c.ExpiresAt.Sub(now)
	if c.Type == connection.Decoupled {
		left = min(left, c.PollAfter)
	}
	return now.Add(left)
}

// wait lets go of the run again, without telling anybody. What the user said
// meanwhile found the run held and its job did nothing: it is taken up here.
func (v *visit) wait(ctx context.Context) (paused bool, err error) {
	err = v.commit(ctx, func(tx store.Tx, at place) error {
		asked, err := tx.Challenges().Current(ctx, v.run.ID, v.leg.ChannelDefinition)
		if err != nil {
			return err
		}
		if paused = asked.State == connection.Open && !asked.Wanted(); !paused {
			return nil
		}
		due := v.due(asked)
		if err := at.run.Poll(due); err != nil {
			return err
		}
		return tx.Wake(ctx, jobs.Job{Kind: Job, Key: string(at.run.ID), At: due})
	})
	return paused, err
}

// expire ends a challenge that nobody answered in time.
func (v *visit) expire(ctx context.Context) error {
	return v.giveUp(ctx, provider.ChallengeExpired, provider.User)
}

// giveUp ends a challenge that cannot be answered any more.
func (v *visit) giveUp(ctx context.Context, code provider.Code, whose provider.Whose) error {
	err := v.commit(ctx, func(tx store.Tx, _ place) error {
		challenge, err := tx.Challenges().Current(ctx, v.run.ID, v.leg.ChannelDefinition)
		if err != nil {
			return err
		}
		challenge.Close(connection.Expired)
		return tx.Challenges().Put(ctx, challenge)
	})
	if err != nil {
		return err
	}
	return &provider.Failure{Code: code, Whose: whose}
}
