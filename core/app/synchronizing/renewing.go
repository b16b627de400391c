package synchronizing

import (
	"context"

	"github.com/tributary-dev/tributary/core/consent"
	"github.com/tributary-dev/tributary/ports/provider"
	"github.com/tributary-dev/tributary/ports/store"
)

// tellWithFresh tells a bank again that found our secrets stale: they are
// renewed, and kept with the order before they are used, because a bank may take
// the old ones once only. access is the call that failed as stale; the one that
// is given back has not ended.
func (w *Worker) tellWithFresh(ctx context.Context, o consent.Withdrawal, access consent.Access, stale error) (consent.Withdrawal, consent.Access, error, error) {
	box, secrets, err := w.opened(ctx, o)
	if err != nil {
		return o, access, err, nil
	}
	renewal := w.farewell(o, consent.Refresh)
	if err := w.handOver(ctx, access.Ended(endOf(ctx, stale), w.Now()), renewal); err != nil {
		return o, access, nil, err
	}
	var ready provider.Ready
	failed := call{operation: consent.Refresh, within: w.Limits.Step, ask: func(ctx context.Context) (err error) {
		ready, err = w.Gateway.Refresh(ctx, provider.Refresh{Session: sessionOf(o), Secrets: secrets})
		return err
	}}.make(ctx)
	if failed != nil {
		return o, renewal, failed, nil
	}
	if o.SealedSecrets, err = box.SealSecrets(ready.Secrets); err != nil {
		return o, renewal, nil, err
	}
	o.DueAt = w.Real().Add(2 * w.Limits.Step) // nobody else takes it up meanwhile
	access = w.farewell(o, consent.Revoke)
	if err := w.handOver(context.WithoutCancel(ctx), renewal.Ended(endOf(ctx, nil), w.Now()), access, o); err != nil {
		return o, access, nil, err
	}
	return o, access, w.tell(ctx, o), nil
}

// handOver writes down that a call has ended and another one is about to be made,
// with what the order then holds.
func (w *Worker) handOver(ctx context.Context, ended, next consent.Access, with ...consent.Withdrawal) error {
	return w.Store.Update(ctx, store.Fence{}, func(tx store.Tx) error {
		if _, err := tx.Withdrawals().Get(ctx, next.ConsentID); err != nil {
			return err
		}
		for _, o := range with {
			if err := tx.Withdrawals().Put(ctx, o); err != nil {
				return err
			}
		}
		if err := noteFarewell(ctx, tx, ended); err != nil {
			return err
		}
		return noteFarewell(ctx, tx, next)
	})
}
