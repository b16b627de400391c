package synchronizing

import (
	"context"
	"time"

	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/ports/provider"
	"github.com/tributary-dev/tributary/ports/store"
)

// attend keeps a live session, and its lease, until the answer's row comes or
// the time is over. Answers come through the store, also from other nodes.
func (v *visit) attend(ctx context.Context) (paused bool, err error) {
	look := time.NewTicker(v.Limits.Look)
	defer look.Stop()
	polled := v.Real()
	for ending := false; ; {
		select {
		case <-ctx.Done():
			return false, context.Cause(ctx)
		case <-v.Drain.over():
			ending = true
		case <-look.C:
		}
		if err := v.reload(ctx); err != nil {
			return false, err
		}
		switch {
		case v.challenge.State == connection.Answered:
			return v.takeUp(ctx, v.answer)
		case v.challenge.State != connection.Open || !v.Real().Before(v.challenge.ExpiresAt):
			return false, v.expire(ctx)
		case ending:
			v.depart(ctx)
			return false, v.giveUp(ctx, provider.SessionLost, provider.Host)
		case v.challenge.Wanted():
			next, err := v.resend(ctx)
			if err != nil {
				return false, err
			}
			if next != nil {
				return v.takeUp(ctx, next)
			}
		case v.challenge.Type == connection.Decoupled && v.Real().Sub(polled) >= v.challenge.PollAfter:
			polled = v.Real()
			if gone, paused, err := v.approved(ctx); gone || err != nil {
				return paused, err
			}
		}
	}
}

func (v *visit) reload(ctx context.Context) error {
	return v.Store.View(ctx, func(tx store.Tx) (err error) {
		v.challenge, err = tx.Challenges().Current(ctx, v.run.ID, v.leg.ChannelDefinition)
		return err
	})
}

// takeUp makes the waiting run a running one before it goes on.
func (v *visit) takeUp(ctx context.Context, next func(context.Context) (bool, error)) (bool, error) {
	err := v.commit(ctx, func(_ store.Tx, at place) error { return at.run.Resume() })
	if err != nil {
		return false, err
	}
	return next(ctx)
}

// approved polls a live decoupled challenge; gone means that it is over.
func (v *visit) approved(ctx context.Context) (gone, paused bool, err error) {
	request, err := v.continuation(nil, true)
	if err != nil {
		return false, false, err
	}
	step, failed, err := v.carryOn(ctx, request)
	switch {
	case err != nil:
		return true, false, err
	case failed == nil && step.Challenge != nil && step.Challenge.Asked.Ref == v.challenge.Ref:
		return false, false, nil
	}
	paused, err = v.takeUp(ctx, func(ctx context.Context) (bool, error) { return v.take(ctx, step, request.ReturnState, failed) })
	return true, paused, err
}
