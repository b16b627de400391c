package synchronizing

import (
	"context"

	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/core/synchronization"
	"github.com/tributary-dev/tributary/ports/provider"
	"github.com/tributary-dev/tributary/ports/store"
)

// overlap is how far before the last success a window starts: late bookings
// and corrections come that far back (field note 10).
const overlap = 14

// fetch reads what the session shows and commits it as a whole.
func (v *visit) fetch(ctx context.Context) error {
	read, err := v.read(ctx)
	if err != nil && failedWith(err, provider.SecretStale) {
		read, err = v.renewed(ctx, err)
	}
	if err != nil {
		return err
	}
	if err := v.apply(ctx, read); err != nil {
		return err
	}
	v.end(ctx)
	return nil
}

func failedWith(err error, code provider.Code) bool { return provider.FailureOf(err).Code == code }

// renewed reads again with fresh secrets. Where the plugin has no way to renew
// them the stale ones are the failure: the user signs in again.
func (v *visit) renewed(ctx context.Context, stale error) (*reading, error) {
	err := v.refresh(ctx)
	if err != nil && failedWith(err, provider.NotSupported) {
		return nil, stale
	}
	if err != nil {
		return nil, err
	}
	return v.read(ctx)
}

// refresh rotates secrets, and commits them before anything is read with them.
func (v *visit) refresh(ctx context.Context) error {
	secrets, err := v.vault.OpenSecrets(v.channel.SealedSecrets)
	if err != nil {
		return err
	}
	call, cancel := context.WithTimeout(ctx, v.Limits.Step)
	defer cancel()
	ready, err := v.Gateway.Refresh(call, provider.Refresh{Session: v.session, PSU: v.run.PSU, Secrets: secrets})
	if err != nil {
		return v.answered(ctx, err)
	}
	if err := v.ready(ctx, ready); err != nil {
		return err
	}
	return v.again(ctx)
}

// again loads the visit anew, after a commit that changed what it goes by.
func (v *visit) again(ctx context.Context) error {
	fresh, err := v.visit(ctx, v.fence)
	if err != nil {
		return err
	}
	if fresh == nil {
		return synchronization.ErrOver
	}
	*v = *fresh
	return nil
}

func (v *visit) read(ctx context.Context) (*reading, error) {
	request, err := v.request(ctx)
	if err != nil {
		return nil, err
	}
	call, cancel := context.WithTimeout(ctx, v.Limits.Fetch)
	defer cancel()
	read := newReading(func(stage synchronization.Stage, done, total int) error { return v.stage(ctx, stage, done, total) })
	if err := v.Gateway.Fetch(call, request, read); err != nil && read.broken == nil {
		return nil, v.answered(ctx, err)
	}
	if read.broken != nil {
		return nil, read.broken
	}
	return read, nil
}

func (v *visit) request(ctx context.Context) (request provider.Fetch, err error) {
	request = provider.Fetch{
		Session: v.session, PSU: v.run.PSU, Mode: v.run.Type, Deadline: v.Real().Add(v.Limits.Fetch),
	}
	if request.State, err = v.vault.OpenState(v.leg.SealedState); err != nil {
		return request, err
	}
	if request.Secrets, err = v.vault.OpenSecrets(v.channel.SealedSecrets); err != nil {
		return request, err
	}
	known, err := v.known(ctx)
	request.Window = window(known, v.channel.DefinitionID, bank.DayOf(v.Now()))
	request.Skip = v.skipped(known)
	return request, err
}

func (v *visit) known(ctx context.Context) (known []ledger.Account, err error) {
	err = v.Store.View(ctx, func(tx store.Tx) error {
		known, err = tx.Accounts().OfConnection(ctx, v.run.ConnectionID)
		return err
	})
	return known, err
}

// window starts at each account's last success less an overlap, never a fixed
// number of days; new accounts are read as far back as the bank goes. It ends a
// day after ours, because the bank's day may have begun already.
func window(known []ledger.Account, channel string, today bank.Day) provider.Window {
	from := map[string]bank.Day{}
	for _, account := range known {
		if account.FedBy == channel && account.BankID != "" && !account.LastSuccessAt.IsZero() {
			from[account.BankID] = bank.DayOf(account.LastSuccessAt).AddDays(-overlap)
		}
	}
	return provider.Window{From: from, To: today.AddDays(1)}
}

// stage tells how far the run is.
func (v *visit) stage(ctx context.Context, stage synchronization.Stage, done, total int) error {
	return v.commit(ctx, func(_ store.Tx, at place) error {
		at.run.Reach(stage, done, total)
		return nil
	})
}
