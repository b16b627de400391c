package synchronizing

import (
	"context"
	"encoding/base64"
	"io"

	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/consent"
	"github.com/tributary-dev/tributary/core/secret"
	"github.com/tributary-dev/tributary/core/synchronization"
	"github.com/tributary-dev/tributary/ports/provider"
	"github.com/tributary-dev/tributary/ports/store"
)

// begin opens a session at the bank.
func (v *visit) begin(ctx context.Context) (paused bool, err error) {
	credentials, err := v.vault.OpenCredentials(v.channel.SealedCredentials)
	if err != nil {
		return false, err
	}
	secrets, err := v.vault.OpenSecrets(v.channel.SealedSecrets)
	if err != nil {
		return false, err
	}
	if v.anew {
		secrets = provider.State{} // with them the bank would let us in by the consent that is to be renewed
	}
	state, err := v.newState()
	if err != nil {
		return false, err
	}
	var step provider.Step
	failed, err := v.make(ctx, call{operation: consent.Begin, within: v.Limits.Step, before: v.beginning, ask: func(ctx context.Context) (err error) {
		step, err = v.Gateway.Begin(ctx, provider.Begin{
			Session: v.session, PSU: v.run.PSU, Credentials: credentials, Secrets: secrets, ReturnURL: v.ReturnURL, ReturnState: state,
		})
		return err
	}})
	if err != nil {
		return false, err
	}
	return v.take(ctx, step, state, failed)
}

// beginning is what comes before a session: where nobody is there, that it can
// read something.
func (v *visit) beginning(ctx context.Context, tx store.Tx, at place) error {
	if err := v.worth(ctx, tx, at); err != nil {
		return err
	}
	at.run.Reach(synchronization.StageConnect, 0, 0)
	return nil
}

// restart has the session begun anew.
func (v *visit) restart(ctx context.Context) error {
	return v.commit(ctx, func(_ store.Tx, at place) error {
		at.leg.Phase, at.leg.SealedState = synchronization.Waiting, nil
		return nil
	})
}

// proceed goes on after a challenge: with the answer, with a poll, or not at all.
func (v *visit) proceed(ctx context.Context) (paused bool, err error) {
	switch {
	case v.challenge.Live:
		// Its holder would not have let go: that process is gone.
		return false, &provider.Failure{Code: provider.SessionLost, Whose: provider.Host}
	case v.challenge.State == connection.Answered:
		return v.answer(ctx)
	case v.challenge.State != connection.Open || !v.Real().Before(v.challenge.ExpiresAt):
		return false, v.expire(ctx)
	case v.challenge.Wanted():
		return v.sendAgain(ctx)
	case v.challenge.Type == connection.Decoupled:
		return v.resume(ctx, nil, true)
	}
	return v.wait(ctx) // woken for nothing
}

func (v *visit) answer(ctx context.Context) (bool, error) {
	answers, err := v.vault.OpenAnswer(v.challenge.SealedAnswer)
	if err != nil {
		return false, err
	}
	return v.resume(ctx, answers, false)
}

func (v *visit) resume(ctx context.Context, answers secret.Values, poll bool) (bool, error) {
	request, err := v.continuation(answers, poll)
	if err != nil {
		return false, err
	}
	step, failed, err := v.carryOn(ctx, request)
	switch {
	case err != nil:
		return false, err
	case poll && failed == nil && step.Challenge != nil && step.Challenge.Asked.Ref == v.challenge.Ref:
		return v.wait(ctx)
	}
	return v.take(ctx, step, request.ReturnState, failed)
}

// carryOn has the bank told, or asked, of the present challenge.
func (v *visit) carryOn(ctx context.Context, request provider.Continue) (step provider.Step, failed, err error) {
	operation := consent.Continue
	switch {
	case request.Poll:
		operation = consent.Poll
	case request.Resend:
		operation = consent.Resend
	}
	failed, err = v.make(ctx, call{operation: operation, within: v.Limits.Step, ask: func(ctx context.Context) (err error) {
		step, err = v.Gateway.Continue(ctx, request)
		return err
	}})
	return step, failed, err
}

func (v *visit) continuation(answers secret.Values, poll bool) (request provider.Continue, err error) {
	request = provider.Continue{
		Session: v.session, PSU: v.run.PSU, Challenge: v.challenge.Ref, Answers: answers, Poll: poll, ReturnURL: v.ReturnURL,
	}
	if request.State, err = v.vault.OpenState(v.challenge.SealedState); err != nil {
		return request, err
	}
	if request.Secrets, err = v.vault.OpenSecrets(v.channel.SealedSecrets); err != nil {
		return request, err
	}
	if v.anew {
		request.Secrets = provider.State{}
	}
	if request.Credentials, err = v.vault.OpenCredentials(v.channel.SealedCredentials); err != nil {
		return request, err
	}
	request.ReturnState, err = v.newState()
	return request, err
}

// take commits what a step came to, before anything else happens.
func (v *visit) take(ctx context.Context, step provider.Step, state secret.String, err error) (paused bool, _ error) {
	switch {
	case err != nil:
		return false, v.answered(ctx, err)
	case step.Challenge != nil && v.run.Alone():
		// A plugin must not ask when nobody is there; the user is asked by status.
		return false, &provider.Failure{Code: provider.ChallengeRequired, Whose: provider.User}
	case step.Challenge != nil:
		return v.ask(ctx, *step.Challenge, state)
	case step.Ready != nil:
		return false, v.ready(ctx, *step.Ready)
	}
	return false, &provider.Failure{Code: provider.Technical, Whose: provider.Plugin}
}

// answered makes an error of a bank call a failure, unless our own context ended.
func (v *visit) answered(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return provider.FailureOf(err)
}

// ready commits the session, and above all the secrets a bank gives only once.
func (v *visit) ready(ctx context.Context, ready provider.Ready) error {
	state, err := v.vault.SealState(ready.State)
	if err != nil {
		return err
	}
	secrets, err := v.vault.SealSecrets(ready.Secrets)
	if err != nil {
		return err
	}
	return v.commit(ctx, func(tx store.Tx, at place) error {
		if err := v.settle(ctx, tx, at, connection.Answered); err != nil {
			return err
		}
		at.leg.Authenticated = at.leg.Authenticated || at.leg.Phase == synchronization.Challenged
		open := at.leg.Open()
		if state != nil || !open { // renewing secrets may leave the session as it is
			at.leg.SealedState, at.leg.StateUntil = state, ready.ExpiresAt
		}
		if !open {
			at.leg.Phase = synchronization.Ready
		}
		if secrets != nil {
			at.channel.SealedSecrets = secrets
		}
		if err := at.connection.Enter(at.leg.ChannelDefinition); err != nil {
			return err
		}
		return v.confirm(ctx, tx, at, ready.Consent)
	})
}

// newState makes the 256-bit state that a bank's return must carry.
func (v *visit) newState() (secret.String, error) {
	var raw [32]byte
	if _, err := io.ReadFull(v.Rand, raw[:]); err != nil {
		return secret.String{}, err
	}
	return secret.New(base64.RawURLEncoding.EncodeToString(raw[:])), nil
}
