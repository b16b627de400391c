package synchronizing

import (
	"context"
	"slices"
	"time"

	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/consent"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/core/synchronization"
	"github.com/tributary-dev/tributary/ports/provider"
	"github.com/tributary-dev/tributary/ports/store"
)

// overlap is how far before the last success a window starts: late bookings
// and corrections come that far back (field note 10).
const overlap = 14

// recentDays are how many days of an account are read first: what banks give at
// any time, and what people look for.
const recentDays = 90

// fetch reads what is recent and commits it as a whole; then what is older,
// account by account, where that was never read. Banks give it only in the first
// minutes after an authentication, so it is done in the same session.
func (v *visit) fetch(ctx context.Context) error {
	if v.leg.Phase == synchronization.Entered {
		return v.deepen(ctx)
	}
	read, err := v.fresh(ctx, v.read)
	if err != nil && !read.keeps(err) {
		return err
	}
	deeper, err := v.apply(ctx, read)
	if err != nil {
		return err
	}
	if !deeper {
		v.end(ctx)
		return nil
	}
	if err := v.again(ctx); err != nil {
		return err
	}
	return v.deepen(ctx)
}

// failedWith reports whether a bank or plugin failed with a code.
func failedWith(err error, code provider.Code) bool { return provider.FailureOf(err).Code == code }

// fresh reads, and reads again with fresh secrets where the bank wants them. Where
// the plugin has no way to renew them the stale ones are the failure: the user
// signs in again.
func (v *visit) fresh(ctx context.Context, reads func(context.Context) (*reading, error)) (*reading, error) {
	read, stale := reads(ctx)
	if stale == nil || !failedWith(stale, provider.SecretStale) {
		return read, stale
	}
	err := v.refresh(ctx)
	if err != nil && failedWith(err, provider.NotSupported) {
		return read, stale
	}
	if err != nil {
		return read, err
	}
	return reads(ctx)
}

// refresh rotates secrets, and commits them before anything is read with them.
func (v *visit) refresh(ctx context.Context) error {
	secrets, err := v.vault.OpenSecrets(v.channel.SealedSecrets)
	if err != nil {
		return err
	}
	var ready provider.Ready
	failed, err := v.make(ctx, call{operation: consent.Refresh, within: v.Limits.Step, ask: func(ctx context.Context) (err error) {
		ready, err = v.Gateway.Refresh(ctx, provider.Refresh{Session: v.session, PSU: v.run.PSU, Secrets: secrets})
		return err
	}})
	switch {
	case err != nil:
		return err
	case failed != nil:
		return v.answered(ctx, failed)
	}
	if err := v.ready(ctx, ready); err != nil {
		return err
	}
	return v.again(ctx)
}

// again loads the visit anew, after a commit that changed what it goes by.
func (v *visit) again(ctx context.Context) error {
	fresh, err := v.visit(ctx, v.lease)
	if err != nil {
		return err
	}
	if fresh == nil {
		return synchronization.ErrOver
	}
	*v = *fresh
	return nil
}

// read asks for what is recent.
func (v *visit) read(ctx context.Context) (*reading, error) {
	read := newReading(synchronization.StageRecent, v.stages(ctx))
	return read, v.receive(ctx, read, func(tx store.Tx, known []ledger.Account, request *provider.Fetch) (err error) {
		request.Skip = v.skipped(known)
		request.Window, err = v.window(ctx, tx, known)
		read.window = request.Window
		return err
	})
}

// stages tells the stages of a fetch.
func (v *visit) stages(ctx context.Context) func(synchronization.Stage, int, int) error {
	return func(stage synchronization.Stage, done, total int) error { return v.stage(ctx, stage, done, total) }
}

// aim says which accounts are read, and from which day.
type aim func(tx store.Tx, known []ledger.Account, request *provider.Fetch) error

// receive fetches what is aimed at.
func (v *visit) receive(ctx context.Context, read *reading, at aim) error {
	request, err := v.request(ctx, at)
	if err != nil {
		return err
	}
	failed, err := v.make(ctx, call{operation: consent.Fetch, within: v.Limits.Fetch, before: func(ctx context.Context, tx store.Tx, _ place) (err error) {
		read.spent, err = v.reserve(ctx, tx, &request)
		return err
	}, ask: func(ctx context.Context) error {
		return v.Gateway.Fetch(ctx, request, read)
	}})
	switch {
	case err != nil:
		return err
	case read.broken != nil:
		return read.broken
	case failed != nil:
		return v.fetchFailed(ctx, read, failed)
	}
	return nil
}

func (v *visit) request(ctx context.Context, at aim) (request provider.Fetch, err error) {
	request = provider.Fetch{
		Session: v.session, PSU: v.run.PSU, Mode: v.run.Type, Deadline: v.Real().Add(v.Limits.Fetch),
	}
	if request.State, err = v.vault.OpenState(v.leg.SealedState); err != nil {
		return request, err
	}
	if request.Secrets, err = v.vault.OpenSecrets(v.channel.SealedSecrets); err != nil {
		return request, err
	}
	return request, v.Store.View(ctx, func(tx store.Tx) error {
		known, err := tx.Accounts().OfConnection(ctx, v.run.ConnectionID)
		if err != nil {
			return err
		}
		return at(tx, known, &request)
	})
}

// day is the banking day of an instant at the bank.
func (v *visit) day(t time.Time) bank.Day { return bank.DayIn(t, v.zone) }

// window starts at each account's last success less an overlap, never a fixed
// number of days, and not after its oldest pending row; of new accounts what is
// recent is read. Days are those of the bank's zone. It ends a day after today,
// because clocks differ, and the zone may not be known.
func (v *visit) window(ctx context.Context, tx store.Tx, known []ledger.Account) (provider.Window, error) {
	today, from := v.day(v.Now()), map[string]bank.Day{}
	for _, account := range shownLast(known, v.channel.DefinitionID) {
		if account.FedBy != v.channel.DefinitionID || account.BankID == "" || account.LastSuccessAt.IsZero() {
			continue
		}
		pending, err := oldestPending(ctx, tx, account, today)
		if err != nil {
			return provider.Window{}, err
		}
		from[account.BankID] = min(v.day(account.LastSuccessAt).AddDays(-overlap), pending)
	}
	return provider.Window{Default: today.AddDays(-recentDays), From: from, To: today.AddDays(1)}, nil
}

// shownLast puts the accounts that the channel shows behind those that it does
// not: where one of these has the id that another has now, the other's day counts.
func shownLast(known []ledger.Account, channel string) []ledger.Account {
	shown := func(a ledger.Account) int {
		if a.ShownBy(channel) {
			return 1
		}
		return 0
	}
	return slices.SortedStableFunc(slices.Values(known), func(a, b ledger.Account) int { return shown(a) - shown(b) })
}

// longestPending is how many days back a pending row may lie that is waited for:
// the deposit of a hotel stays for a month.
const longestPending = 90

// oldestPending is the day of an account's oldest pending row, else today. A row
// that fell out of the window would never be seen to vanish.
func oldestPending(ctx context.Context, tx store.Tx, account ledger.Account, today bank.Day) (bank.Day, error) {
	owner, page := store.Owner{Client: account.ClientID, User: account.UserID}, store.Page{Limit: 500}
	filter := store.TransactionFilter{Account: account.ID, Status: ledger.Pending, From: today.AddDays(-longestPending)}
	for oldest := today; ; {
		slice, err := tx.Transactions().List(ctx, owner, filter, page)
		if err != nil {
			return "", err
		}
		if last := len(slice.Items) - 1; last >= 0 {
			oldest = slice.Items[last].EffectiveDate
		}
		if page.After = slice.Next; page.After == nil {
			return oldest, nil
		}
	}
}

// stage tells how far the run is.
func (v *visit) stage(ctx context.Context, stage synchronization.Stage, done, total int) error {
	return v.commit(ctx, func(_ store.Tx, at place) error {
		at.run.Reach(stage, done, total)
		return nil
	})
}
