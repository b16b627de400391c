package synchronizing

import (
	"context"
	"reflect"
	"slices"
	"time"

	"github.com/tributary-dev/tributary/core/app/ruling"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/core/synchronization"
	"github.com/tributary-dev/tributary/ports/provider"
	"github.com/tributary-dev/tributary/ports/store"
)

// books enters what one fetch read into the ledger, inside one transaction.
type books struct {
	*visit
	tx     store.Tx
	at     place
	now    time.Time
	counts counts
	failed int
	// retryAt is when the first account that failed is tried again, older how many
	// accounts have rows that this session goes on to read.
	retryAt time.Time
	older   int
	read    *reading
	// describe makes of a row what people read, under the rules of its user.
	describe func(ledger.Row) ledger.Description
	// fresh are the rows that this fetch added or changed.
	fresh []ledger.Transaction
}

// counts are what the events tell.
type counts struct {
	accountsAdded, accountsUpdated, accountsClosed int
	added, modified, removed                       int
}

// open reads the rules of the user, and the accounts that are known.
func (b *books) open(ctx context.Context) (known []ledger.Account, err error) {
	if b.describe, err = ruling.Describe(ctx, b.tx, b.owner()); err != nil {
		return nil, err
	}
	return b.tx.Accounts().OfConnection(ctx, b.run.ConnectionID)
}

// enter recognises the accounts and enters each with its rows.
func (b *books) enter(ctx context.Context, read *reading) error {
	b.read = read
	known, err := b.open(ctx)
	if err != nil {
		return err
	}
	reports := make([]ledger.Report, 0, len(read.order))
	for _, ref := range read.order {
		reports = append(reports, read.items[ref].report)
	}
	seen := map[ident.Account]bool{}
	for i, match := range b.match(known, reports, read.cut != nil) {
		if match.By == ledger.Awaited {
			continue
		}
		seen[match.Account] = true
		account, entered, err := b.unearth(ctx, recognised(known, match.Account))
		if err != nil {
			return err
		}
		if !entered {
			continue
		}
		if err := b.one(ctx, account, read.items[read.order[i]]); err != nil {
			return err
		}
	}
	for _, account := range known {
		if !seen[account.ID] && !account.Deleted {
			if err := b.unseen(ctx, account); err != nil {
				return err
			}
		}
	}
	if err := b.joint(ctx); err != nil {
		return err
	}
	return b.transfers(ctx)
}

// match recognises accounts; where the fetch was cut short, by their names alone.
func (v *visit) match(known []ledger.Account, reports []ledger.Report, cut bool) []ledger.Match {
	if cut {
		return ledger.MatchSome(known, v.leg.ChannelDefinition, reports)
	}
	return ledger.MatchAccounts(known, v.leg.ChannelDefinition, reports)
}

// unearth decides about an account that was deleted: a list of accounts brings
// it back, under a new id; any other run leaves it where it is.
func (b *books) unearth(ctx context.Context, account ledger.Account) (ledger.Account, bool, error) {
	if !account.Deleted {
		return account, true, nil
	}
	if b.run.Type != synchronization.ListAccounts || account.Offered() {
		return account, false, nil
	}
	owner := store.Owner{Client: account.ClientID, User: account.UserID}
	return ledger.Account{Supersedes: account.ID}, true, b.tx.Accounts().Delete(ctx, owner, account.ID)
}

// recognised gives the known account, or one without an id where there is none.
func recognised(known []ledger.Account, id ident.Account) ledger.Account {
	at := slices.IndexFunc(known, func(a ledger.Account) bool { return id != "" && a.ID == id })
	if at < 0 {
		return ledger.Account{}
	}
	return known[at]
}

// one enters an account. Where another channel feeds it, this one only says
// that it shows it too.
func (b *books) one(ctx context.Context, before ledger.Account, item *item) error {
	account := before
	if account.ID == "" {
		fresh := ident.New[ident.Account](b.IDs)
		if err := b.inherit(ctx, b.tx, account.Supersedes, fresh); err != nil {
			return err
		}
		account.ID, account.FirstSeenAt = fresh, b.now
		account.ClientID, account.UserID, account.ConnectionID = b.run.ClientID, b.run.UserID, b.run.ConnectionID
		describe(&account, item.report, b.now)
		if b.at.connection.Selective || b.at.run.Offers {
			return b.offer(ctx, account, item.report)
		}
		if err := b.tx.Accounts().Put(ctx, account); err != nil { // its rows refer to it
			return err
		}
	}
	if !account.ShownBy(b.leg.ChannelDefinition) {
		account.SharedBy = append(slices.Clone(account.SharedBy), b.leg.ChannelDefinition)
	}
	if id := item.report.BankID; id != "" && account.KnownAs[b.leg.ChannelDefinition] != id {
		account.KnownAs = named(account.KnownAs, b.leg.ChannelDefinition, id)
	}
	outcome := synchronization.AccountOutcome{AccountID: account.ID, Outcome: synchronization.OutcomeSkipped, Integrity: string(ledger.NotComputable)}
	if b.feeds(account, item.report) {
		if err := b.feed(ctx, &account, item, &outcome); err != nil {
			return err
		}
	}
	if account.FedBy == b.leg.ChannelDefinition {
		b.say(outcome)
	}
	b.count(before, account)
	return b.tx.Accounts().Put(ctx, account)
}

// offer keeps what its user needs to decide about an account, and nothing else.
func (b *books) offer(ctx context.Context, account ledger.Account, report ledger.Report) error {
	channel := b.leg.ChannelDefinition
	account.FedBy, account.SharedBy = channel, []string{channel}
	if report.BankID != "" {
		account.KnownAs = named(nil, channel, report.BankID)
	}
	return b.tx.Accounts().Put(ctx, account.Offer())
}

// named is a copy of what channels call an account, with one more name.
func named(names map[string]string, channel, id string) map[string]string {
	copied := map[string]string{channel: id}
	for other, name := range names {
		if other != channel {
			copied[other] = name
		}
	}
	return copied
}

// say adds what the run did for an account; of two channels that one after the
// other came to feed it, the last speaks.
func (b *books) say(outcome synchronization.AccountOutcome) {
	run := b.at.run
	at := slices.IndexFunc(run.Accounts, func(o synchronization.AccountOutcome) bool { return o.AccountID == outcome.AccountID })
	if at < 0 {
		run.Accounts = append(run.Accounts, outcome)
		return
	}
	run.Accounts[at] = outcome
}

// feed takes over what the bank told of an account, and its rows.
func (b *books) feed(ctx context.Context, account *ledger.Account, item *item, outcome *synchronization.AccountOutcome) error {
	before := *account
	account.FedBy, account.LastAttemptAt = b.leg.ChannelDefinition, b.now
	describe(account, item.report, b.now)
	elsewhere := before.FedBy != "" && before.FedBy != account.FedBy
	changes, err := b.rows(ctx, *account, item.report, elsewhere)
	if err != nil {
		return err
	}
	account.NextTryAt = time.Time{}
	if failure := b.failureOf(item); failure != nil {
		b.fail(account, before.Status, failure)
		outcome.Problem = problemWith(failure)
		outcome.Outcome = synchronization.Unread(outcome.Problem)
		return b.record(ctx, *account, ledger.Integrity{State: ledger.NotComputable})
	}
	outcome.Outcome = synchronization.OutcomeSuccess
	if !item.report.Read { // a list of accounts reads no rows, and mends none
		if before.Status == ledger.Failing && account.Status == ledger.Active {
			account.Status = ledger.Failing
		}
		return b.record(ctx, *account, ledger.Integrity{State: ledger.NotComputable})
	}
	account.LastSuccessAt = b.now
	account.History = before.History.After(b.read.asked(item.report.BankID), item.report.From, elsewhere)
	if account.History.Missing() && b.read.cut == nil && b.deepens(b.at.leg) {
		b.older++
	}
	integrity, err := b.proof(ctx, before, item.report, changes)
	if err != nil {
		return err
	}
	outcome.Integrity, outcome.Gap = string(integrity.State), gapOf(integrity)
	return b.record(ctx, *account, integrity)
}

// fail notes that an account could not be read, and when it is tried again. One
// of which the bank gives no more for now is as good as before.
func (b *books) fail(account *ledger.Account, before ledger.AccountStatus, failure *provider.Failure) {
	b.failed++
	if account.NextTryAt = failure.RetryAt; failure.Code != provider.RateLimited || before == ledger.Failing {
		account.Status = ledger.Failing
	}
	b.retryAt = sooner(b.retryAt, failure.RetryAt)
}

// unseen is about an account that the channel did not tell. Where the fetch was
// cut short nobody knows whether it would have.
func (b *books) unseen(ctx context.Context, account ledger.Account) error {
	if b.read.cut == nil {
		return b.missing(ctx, account)
	}
	if account.FedBy != b.leg.ChannelDefinition || account.Status == ledger.Closed || account.Status == ledger.Missing {
		return nil
	}
	before := account
	account.LastAttemptAt = b.now
	b.fail(&account, account.Status, b.read.cut)
	problem := problemWith(b.read.cut)
	b.say(synchronization.AccountOutcome{
		AccountID: account.ID, Outcome: synchronization.Unread(problem), Integrity: string(ledger.NotComputable), Problem: problem,
	})
	b.count(before, account)
	return b.tx.Accounts().Put(ctx, account)
}

// missing tells that a channel no longer shows an account. Its rows stay:
// nothing is deleted because a bank forgot it.
func (b *books) missing(ctx context.Context, account ledger.Account) error {
	before := account
	account.SharedBy = slices.DeleteFunc(slices.Clone(account.SharedBy), func(c string) bool { return c == b.leg.ChannelDefinition })
	if account.FedBy == b.leg.ChannelDefinition && account.Status != ledger.Missing && account.Status != ledger.Closed {
		account.Status, account.LastAttemptAt, account.NextTryAt = ledger.Missing, b.now, time.Time{}
	}
	if account.Status == before.Status && len(account.SharedBy) == len(before.SharedBy) {
		return nil
	}
	b.count(before, account)
	return b.tx.Accounts().Put(ctx, account)
}

func (b *books) count(before, after ledger.Account) {
	switch {
	case before.ID == "":
		b.counts.accountsAdded++
	case before.Status != ledger.Closed && after.Status == ledger.Closed:
		b.counts.accountsClosed++
	case !reflect.DeepEqual(timeless(before), timeless(after)):
		b.counts.accountsUpdated++
	}
}

// timeless is an account without the times of our own attempts: that we looked
// is no news about the account.
func timeless(a ledger.Account) ledger.Account {
	a.LastAttemptAt, a.LastSuccessAt, a.BalanceAsOf, a.NextTryAt = time.Time{}, time.Time{}, time.Time{}, time.Time{}
	a.History, a.Balances = ledger.Unread, slices.Clone(a.Balances)
	for i := range a.Balances {
		a.Balances[i].AsOf = time.Time{}
	}
	return a
}
