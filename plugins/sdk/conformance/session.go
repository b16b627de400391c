package conformance

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/tributary-dev/tributary/plugins/sdk"
	"github.com/tributary-dev/tributary/plugins/sdk/internal/contract"
)

// maxSteps bounds how often one log-in may be challenged or polled.
const maxSteps = 40

// open begins a session and answers until it is ready.
func open(ctx context.Context, p sdk.Provider, c Case, session string) (sdk.Ready, error) {
	step, err := p.Begin(ctx, c.begin(session))
	for range maxSteps {
		if err != nil {
			return sdk.Ready{}, fmt.Errorf("the session does not open: %w", err)
		}
		if err := contract.Step(step); err != nil {
			return sdk.Ready{}, err
		}
		if step.Ready != nil {
			return *step.Ready, nil
		}
		step, err = proceed(ctx, p, c, session, *step.Challenge)
	}
	return sdk.Ready{}, errors.New("the session does not open: there is no end to the challenges")
}

func proceed(ctx context.Context, p sdk.Provider, c Case, session string, asked sdk.Challenge) (sdk.Step, error) {
	if c.Answer == nil {
		return sdk.Step{}, fmt.Errorf("the case has no answer to a %s challenge", asked.Type)
	}
	begun := c.begin(session)
	req := sdk.ContinueRequest{
		Session: begun.Session, PSU: begun.PSU, ChallengeID: asked.ID, Answers: c.Answer(asked), State: asked.State,
		Credentials: c.Credentials, ReturnURL: begun.ReturnURL, ReturnState: begun.ReturnState + "+",
	}
	if asked.Type == sdk.ChallengeDecoupled && req.Answers == nil {
		req.Poll = true
		select {
		case <-time.After(min(asked.PollAfter, time.Second)):
		case <-ctx.Done():
			return sdk.Step{}, ctx.Err()
		}
	}
	return p.Continue(ctx, req)
}

func opens(ctx context.Context, p sdk.Provider, c Case) error {
	_, err := open(ctx, p, c, "opens")
	return err
}

func wrongCredentials(ctx context.Context, p sdk.Provider, c Case) error {
	if c.Wrong == nil {
		return nil
	}
	req := c.begin("wrong")
	req.Credentials = c.Wrong
	_, err := p.Begin(ctx, req)
	failure, err := typed(err, sdk.AuthFailed)
	if err != nil {
		return err
	}
	known := map[string]bool{}
	for name := range c.Wrong {
		known[name] = true
	}
	for _, field := range failure.Fields {
		if !known[field] {
			return errors.New("AUTH_FAILED names a field that is no credential field")
		}
	}
	return nil
}

// nobodyThere begins without the user. The host turns a challenge into a
// failure of the plugin's, which is how it is told from the bank's own wish.
func nobodyThere(ctx context.Context, p sdk.Provider, c Case) error {
	req := c.begin("alone")
	req.PSU = nil
	step, err := p.Begin(ctx, req)
	if err == nil {
		return contract.Unattended(step)
	}
	failure, err := typed(err, sdk.ChallengeRequired)
	if err == nil && failure.Whose == sdk.Plugin {
		return errors.New("it challenges although nobody is there")
	}
	return err
}

// reuse begins unattended with the secrets of an earlier session: that works,
// or the bank wants the user again.
func reuse(ctx context.Context, p sdk.Provider, c Case) error {
	ready, err := open(ctx, p, c, "reuse")
	if err != nil {
		return err
	}
	req := c.begin("reuse-alone")
	req.PSU, req.Secrets = nil, ready.Secrets
	step, err := p.Begin(ctx, req)
	if err != nil {
		_, err = typed(err, sdk.ChallengeRequired, sdk.TokenExpired, sdk.SecretStale)
		return err
	}
	return contract.Unattended(step)
}

func ends(ctx context.Context, p sdk.Provider, c Case) error {
	ender, ok := p.(sdk.Ender)
	if !ok {
		return nil
	}
	ready, err := open(ctx, p, c, "ends")
	if err != nil {
		return err
	}
	for range 2 {
		if err := ender.End(ctx, sdk.EndRequest{Session: c.session("ends"), State: ready.State, Secrets: ready.Secrets}); err != nil {
			return fmt.Errorf("the session does not end, or not twice: %w", err)
		}
	}
	return nil
}

// typed wants a failure with one of the codes.
func typed(err error, codes ...sdk.Code) (*sdk.Failure, error) {
	if err == nil {
		return nil, fmt.Errorf("it succeeds, and should fail with a *sdk.Failure %v", codes)
	}
	failure, ok := errors.AsType[*sdk.Failure](err)
	if !ok {
		return nil, fmt.Errorf("it fails with a %T, and should fail with a *sdk.Failure", err)
	}
	if err := contract.Failure(*failure); err != nil {
		return nil, err
	}
	for _, code := range codes {
		if failure.Code == code {
			return failure, nil
		}
	}
	if len(codes) == 0 {
		return failure, nil
	}
	return nil, fmt.Errorf("it fails with %s, and should fail with %v", failure.Code, codes)
}
