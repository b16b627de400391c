package synchronizing

import (
	"context"
	"errors"
	"time"

	"github.com/tributary-dev/tributary/core/consent"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/synchronization"
	"github.com/tributary-dev/tributary/ports/provider"
	"github.com/tributary-dev/tributary/ports/store"
)

// takeLeave admits the end of the session with the commit that makes it
// superfluous, and before what that commit may say of the consent. Where none is
// live the bank is not told.
func (v *visit) takeLeave(ctx context.Context, tx store.Tx, at place) error {
	v.leaving = nil
	if v.held() == nil {
		return nil
	}
	access, err := v.admit(ctx, tx, at, consent.End)
	if errors.Is(err, errNoConsent) {
		return nil
	}
	v.leaving = &access
	return err
}

// end closes the session at the bank, if leave was taken, as a courtesy: its
// failure changes nothing.
func (v *visit) end(ctx context.Context) {
	if v.leaving == nil {
		return
	}
	access := *v.leaving
	v.leaving = nil
	state, err := v.vault.OpenState(v.held())
	if err != nil {
		return
	}
	failed := call{operation: consent.End, within: min(v.Limits.Step, 10*time.Second), ask: func(ctx context.Context) error {
		return v.Gateway.End(ctx, provider.End{Session: v.session, State: state})
	}}.make(ctx)
	access = access.Ended(endOf(ctx, failed), v.Now())
	v.access = &access
	if failed != nil {
		v.Log.InfoContext(ctx, "session not closed at the bank", "synchronization_id", v.run.ID, "code", provider.FailureOf(failed).Code)
	}
}

// held is the sealed state of the session that this visit came to.
func (v *visit) held() []byte {
	switch {
	case v.leg.Open():
		return v.leg.SealedState
	case v.challenge != nil:
		return v.challenge.SealedState
	}
	return nil
}

// part closes the session of a run that was cancelled. Whoever held the run does
// it, because a live session is in that process; so does the job that cancelling
// wakes, because of most runs that wait nobody is the holder. Twice is no harm.
func (w *Worker) part(ctx context.Context, id ident.Synchronization, lost error) {
	if !errors.Is(lost, synchronization.ErrOver) && !errors.Is(lost, synchronization.ErrFenced) {
		return
	}
	var left *visit
	err := w.Store.View(ctx, func(tx store.Tx) error {
		left = nil
		run, err := tx.Runs().Load(ctx, id)
		if err != nil || run.Status != synchronization.Cancelled || run.NextLeg() == nil {
			return err
		}
		v := &visit{Worker: w, run: run, leg: *run.NextLeg()}
		if err := v.load(ctx, tx); err != nil {
			return err
		}
		left = v
		return nil
	})
	if err != nil {
		w.Log.InfoContext(ctx, "session of a cancelled run not closed", "synchronization_id", id, "error", err)
		return
	}
	if left != nil && !left.gone {
		left.depart(ctx)
	}
}

// depart ends a session where nothing else is committed with that, without a
// fence: it changes nothing.
func (v *visit) depart(ctx context.Context) {
	defer v.note(ctx)
	err := v.Store.Update(ctx, store.Fence{}, func(tx store.Tx) error {
		return v.takeLeave(ctx, tx, place{v.run, &v.leg, v.connection, &v.channel})
	})
	if err != nil {
		v.Log.InfoContext(ctx, "session of a cancelled run not closed", "synchronization_id", v.run.ID, "error", err)
		return
	}
	v.end(ctx)
}
