package synchronizing

import (
	"context"

	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/secret"
	"github.com/tributary-dev/tributary/ports/provider"
	"github.com/tributary-dev/tributary/ports/store"
)

// sendAgain has the bank send the challenge again, and waits on for its answer.
func (v *visit) sendAgain(ctx context.Context) (paused bool, err error) {
	next, err := v.resend(ctx)
	if err != nil {
		return false, err
	}
	if next != nil {
		return next(ctx)
	}
	return v.wait(ctx)
}

// resend asks the bank once more. Where the challenge still stands there is
// nothing next; else the session went on, or came to its end.
func (v *visit) resend(ctx context.Context) (next func(context.Context) (bool, error), err error) {
	request, err := v.continuation(nil, false)
	if err != nil {
		return nil, err
	}
	request.Resend = true
	step, failed, err := v.carryOn(ctx, request)
	switch {
	case err != nil:
		return nil, err
	case request.Survives(failed):
		return nil, v.unsent(ctx, provider.FailureOf(failed))
	case failed == nil && step.Challenge != nil && v.stands(step.Challenge.Asked):
		return nil, v.sent(ctx, *step.Challenge)
	}
	return func(ctx context.Context) (bool, error) { return v.take(ctx, step, request.ReturnState, failed) }, nil
}

// stands reports whether the bank still asks the same, so that a form which is
// open in a browser stays good.
func (v *visit) stands(asked connection.Challenge) bool {
	return asked.Ref == v.challenge.Ref && asked.Type == v.challenge.Type && asked.Live == v.challenge.Live
}

// sent keeps what the bank says of the challenge that it sent again.
func (v *visit) sent(ctx context.Context, again provider.Challenge) error {
	fresh, err := v.challengeOf(again, secret.String{})
	if err != nil {
		return err
	}
	return v.amend(ctx, func(c *connection.Challenge) { c.SentAgain(*fresh) })
}

// unsent lets the challenge stand as it was: what the bank sent before is good.
func (v *visit) unsent(ctx context.Context, failure *provider.Failure) error {
	v.Log.InfoContext(ctx, "challenge not sent again", "synchronization_id", v.run.ID, "channel", v.leg.ChannelDefinition,
		"code", failure.Code, "whose", failure.Whose, "cause", failure.Err)
	return v.amend(ctx, func(c *connection.Challenge) {
		left := 0
		if c.Resend != nil && failure.Code != provider.NotSupported {
			left = c.Resend.Left
		}
		c.NotSent(left, failure.RetryAt)
	})
}

// amend changes the challenge as it is now stored: it may have been answered
// while the bank was asked.
func (v *visit) amend(ctx context.Context, change func(*connection.Challenge)) error {
	return v.commit(ctx, func(tx store.Tx, _ place) error {
		challenge, err := tx.Challenges().Current(ctx, v.run.ID, v.leg.ChannelDefinition)
		if err != nil {
			return err
		}
		change(challenge)
		return tx.Challenges().Put(ctx, challenge)
	})
}
