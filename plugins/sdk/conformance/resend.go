package conformance

import (
	"context"
	"errors"
	"fmt"

	"github.com/tributary-dev/tributary/plugins/sdk"
	"github.com/tributary-dev/tributary/plugins/sdk/internal/contract"
)

// sendsAgain asks for the first challenge that says so to be sent again, also
// when that is too early, and wants the session to open with what it is then.
func sendsAgain(ctx context.Context, p sdk.Provider, c Case) error {
	step, err := p.Begin(ctx, c.begin("again"))
	for asked, n := false, 0; n < maxSteps; n++ {
		if err != nil {
			return fmt.Errorf("the session does not open: %w", err)
		}
		if err := contract.Step(step); err != nil {
			return err
		}
		switch open := step.Challenge; {
		case open == nil:
			return nil
		case !asked && open.Resend != nil && open.Resend.Left > 0:
			asked = true
			step, err = again(ctx, p, c, *open)
		default:
			step, err = proceed(ctx, p, c, "again", *open)
		}
	}
	return errors.New("the session does not open: there is no end to the challenges")
}

// again gives the challenge as it stands after it was asked for again.
func again(ctx context.Context, p sdk.Provider, c Case, asked sdk.Challenge) (sdk.Step, error) {
	begun := c.begin("again")
	req := sdk.ContinueRequest{
		Session: begun.Session, PSU: begun.PSU, ChallengeID: asked.ID, Resend: true, State: asked.State,
		Credentials: c.Credentials, ReturnURL: begun.ReturnURL, ReturnState: begun.ReturnState + "+",
	}
	step, err := p.Continue(ctx, req)
	switch next := step.Challenge; {
	case req.Survives(err):
		return sdk.Step{Challenge: &asked}, nil
	case err != nil:
		return sdk.Step{}, fmt.Errorf("a challenge that can be sent again ends when that is asked: %w", err)
	case next == nil && asked.Type != sdk.ChallengeDecoupled:
		return sdk.Step{}, errors.New("a challenge counts as answered when it is sent again")
	case next != nil && next.ID == asked.ID && next.Resend != nil && next.Resend.Left > asked.Resend.Left:
		return sdk.Step{}, errors.New("a challenge can be sent more often after it was sent again")
	}
	return step, nil
}
