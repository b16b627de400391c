package synchronizing

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/core/quota"
	"github.com/tributary-dev/tributary/ports/provider"
	"github.com/tributary-dev/tributary/ports/store"
)

// refusal is that nothing was read of a kind of data of an account.
type refusal struct {
	ref     string
	scope   provider.Scope
	failure *provider.Failure
}

// settleRead enters what a fetch spent that went well, and says when accounts of
// which nothing was left are tried again. It comes before what was read is
// entered, in the same transaction.
func (v *visit) settleRead(ctx context.Context, tx store.Tx, read *reading) error {
	if read.spent == nil {
		return nil
	}
	known, err := tx.Accounts().OfConnection(ctx, v.run.ConnectionID)
	if err != nil {
		return err
	}
	if !read.settled {
		if err := v.enterSpent(ctx, tx, read, known, nil); err != nil {
			return err
		}
	}
	book, err := v.book(ctx, tx)
	if err != nil {
		return err
	}
	for _, r := range read.refused {
		item := read.items[r.ref]
		if item == nil || item.failure != r.failure || r.failure.Code != provider.RateLimited || r.failure.RetryAt.After(v.Now()) {
			continue
		}
		dated := *r.failure
		dated.RetryAt = book.NextFree(read.key(v, known, r.ref, r.scope), read.spent.plan.Over)
		item.failure = &dated
	}
	return nil
}

// settleFailed enters what a fetch spent that failed. One that the bank turned
// away says when there is something to spend again.
func (v *visit) settleFailed(ctx context.Context, read *reading, failure *provider.Failure) error {
	return v.commit(ctx, func(tx store.Tx, _ place) error {
		if read.spent == nil {
			return nil
		}
		known, err := tx.Accounts().OfConnection(ctx, v.run.ConnectionID)
		if err != nil {
			return err
		}
		if err := v.enterSpent(ctx, tx, read, known, failure); err != nil || failure.Code != provider.RateLimited {
			return err
		}
		book, err := v.book(ctx, tx)
		if err == nil {
			failure.RetryAt = book.Wait(read.spent.plan)
		}
		return err
	})
}

// enterSpent settles the call. It is made anew from what was reserved, because a
// transaction may run twice.
func (v *visit) enterSpent(ctx context.Context, tx store.Tx, read *reading, known []ledger.Account, failure *provider.Failure) error {
	call := read.spent.call
	call.Lines = slices.Clone(call.Lines)
	report := quota.Report{Now: v.Now(), Told: v.told(read, known), Turned: failure != nil && failure.Code == provider.SecretStale}
	if failure != nil && failure.Code == provider.RateLimited && !slices.ContainsFunc(report.Told, func(l quota.Line) bool { return l.Until.After(v.Now()) }) {
		report.Told = append(report.Told, v.refused(quota.Key{Scope: quota.Accounts}, failure))
	}
	call.Settle(report)
	return tx.Quotas().Put(ctx, call)
}

// told is what the plugin said of the bank's calls. Of accounts that are not
// known yet it is the most of any one that counts.
func (v *visit) told(read *reading, known []ledger.Account) []quota.Line {
	var lines []quota.Line
	unknown := map[string]quota.Line{}
	for _, u := range read.used {
		line := quota.Line{Key: read.key(v, known, u.Account, u.Scope), Count: u.Count, Until: u.RetryAt}
		if u.Account == "" || line.Account != "" {
			lines = append(lines, line)
			continue
		}
		name := u.Account + " " + string(u.Scope)
		line.Count += unknown[name].Count
		unknown[name] = line
	}
	most := map[quota.Key]quota.Line{}
	for _, line := range unknown {
		if line.Count >= most[line.Key].Count {
			most[line.Key] = line
		}
	}
	for _, line := range most {
		lines = append(lines, line)
	}
	for _, r := range read.refused {
		if key := read.key(v, known, r.ref, r.scope); r.failure.Code == provider.RateLimited && !read.spent.denied(key) && key.Account != "" {
			lines = append(lines, v.refused(key, r.failure))
		}
	}
	return lines
}

// denied reports whether the plugin was told that nothing of a key is left: then
// it did not hear so from the bank.
func (s *spending) denied(k quota.Key) bool {
	return slices.Contains(s.allowed, quota.Allowance{Key: k})
}

// refused is a bank's word that nothing is left. One that does not say until when
// is left alone for as long as it counts: asking more often keeps it empty.
func (v *visit) refused(k quota.Key, failure *provider.Failure) quota.Line {
	line := quota.Line{Key: k, Until: failure.RetryAt}
	if !line.Until.After(v.Now()) {
		line.Until = v.Now().Add(quota.Window)
	}
	return line
}

// key is what the ledger calls a kind of data of an account that was read. A
// plugin names accounts by its own ref, or as the bank does.
func (r *reading) key(v *visit, known []ledger.Account, ref string, scope provider.Scope) quota.Key {
	name := ref
	if item := r.items[ref]; item != nil && item.report.BankID != "" {
		name = item.report.BankID
	}
	key := quota.Key{Scope: quota.Scope(scope)}
	at := slices.IndexFunc(known, func(a ledger.Account) bool { return name != "" && a.CalledBy(v.channel.DefinitionID) == name })
	if at >= 0 {
		key.Account = known[at].ID
	}
	return key
}

// inherit gives what a deleted account spent to the one that brings it back.
func (v *visit) inherit(ctx context.Context, tx store.Tx, from, to ident.Account) error {
	if from == "" {
		return nil
	}
	owner := store.Owner{Client: v.run.ClientID, User: v.run.UserID}
	calls, err := tx.Quotas().Of(ctx, owner, v.run.ConnectionID, time.Time{})
	if err != nil {
		return err
	}
	calls = slices.DeleteFunc(calls, func(c quota.Call) bool { return !c.Rename(from, to) })
	return tx.Quotas().Put(ctx, calls...)
}

// fetchFailed makes an error of a fetch a failure, once it is entered what the
// fetch spent. Where our own context ended all that was reserved was.
func (v *visit) fetchFailed(ctx context.Context, read *reading, failed error) error {
	failure, answered := errors.AsType[*provider.Failure](v.answered(ctx, failed))
	if !answered {
		return v.answered(ctx, failed)
	}
	read.settled = true
	dated := *failure
	if err := v.settleFailed(ctx, read, &dated); err != nil {
		return err
	}
	return &dated
}
