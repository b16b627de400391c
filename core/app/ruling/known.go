package ruling

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"github.com/tributary-dev/tributary/core/app/describing"
	"github.com/tributary-dev/tributary/core/category"
	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/ports/store"
)

const (
	// newest is how many known transactions a new rule is tried on.
	newest = 20_000
	batch  = 500
)

// apply gives a new rule's category to the known rows that it decides about,
// rules being all there are. The search of the store is no help: it does not
// look at counterparties.
func (s Service) apply(ctx context.Context, tx store.Tx, made category.Rule, rules category.Rules) error {
	left := s.Known
	if left == 0 {
		left = newest
	}
	return s.each(ctx, tx, made, store.TransactionFilter{}, left, func(t *ledger.Transaction) {
		if t.Category.Source == ledger.SourceUser {
			return
		}
		if rule, found := describing.Decider(rules, t.Told()); found && rule.ID == made.ID {
			t.Category = ledger.Category{ID: made.CategoryID, Source: ledger.SourceRule, Confidence: 1}
		}
	})
}

// withdraw has those that are left decide about what a rule that is gone may
// have decided about.
func (s Service) withdraw(ctx context.Context, tx store.Tx, gone category.Rule, left category.Rules) error {
	had, describe := category.Arrange([]category.Rule{gone}), describing.Under(left)
	return s.each(ctx, tx, gone, store.TransactionFilter{Categories: []string{gone.CategoryID}}, everything, func(t *ledger.Transaction) {
		if t.Category.Source != ledger.SourceRule {
			return
		}
		if _, found := describing.Decider(had, t.Told()); found {
			t.Category = describe(t.Told()).Category
		}
	})
}

const everything = int(^uint(0) >> 1)

// each takes known rows of a rule's user through change, newest first, and
// stores those that are different then. It waits for runs that are entering
// what they read under the rules as they were, by the lock of their connections.
func (s Service) each(ctx context.Context, tx store.Tx, r category.Rule, filter store.TransactionFilter, left int, change func(*ledger.Transaction)) error {
	if err := hold(ctx, tx, reach(r)); err != nil {
		return err
	}
	counts, page := map[place]int{}, store.Page{}
	for left > 0 {
		page.Limit = min(batch, left)
		slice, err := tx.Transactions().List(ctx, reach(r), filter, page)
		if err != nil {
			return err
		}
		if err := s.keep(ctx, tx, r, slice.Items, counts, change); err != nil {
			return err
		}
		left -= len(slice.Items)
		if page.After = slice.Next; page.After == nil {
			break
		}
	}
	return tell(ctx, tx, r, counts)
}

// hold locks all connections of a user.
func hold(ctx context.Context, tx store.Tx, owner store.Owner) error {
	page := store.Page{Limit: batch}
	for {
		slice, err := tx.Connections().List(ctx, owner, store.ConnectionFilter{}, page)
		if err != nil || slice.Next == nil {
			return err
		}
		page.After = slice.Next
	}
}

// place is what one event is about.
type place struct {
	connection ident.Connection
	account    ident.Account
}

// keep changes a page of rows, and counts what is different.
func (s Service) keep(ctx context.Context, tx store.Tx, r category.Rule, rows []ledger.Transaction, counts map[place]int, change func(*ledger.Transaction)) error {
	var changed []ledger.Transaction
	var revisions []ledger.Revision
	now := s.Now()
	for _, before := range rows {
		after := before
		change(&after)
		if revision, different := after.Changed(before, now); different {
			changed, revisions = append(changed, after), append(revisions, revision)
			counts[place{after.ConnectionID, after.AccountID}]++
		}
	}
	if len(changed) == 0 {
		return nil
	}
	if err := tx.Transactions().Put(ctx, changed...); err != nil {
		return err
	}
	return tx.Revisions().Add(ctx, reach(r), revisions...)
}

// tell appends an event for each account, in their order.
func tell(ctx context.Context, tx store.Tx, r category.Rule, counts map[place]int) error {
	if len(counts) == 0 {
		return nil
	}
	places := slices.SortedFunc(maps.Keys(counts), func(a, b place) int { return cmp.Compare(a.account, b.account) })
	drafts := make([]event.Draft, 0, len(places))
	for _, at := range places {
		drafts = append(drafts, event.Draft{
			Name: event.TransactionsModified, Version: 1, UserID: r.UserID, ConnectionID: at.connection,
			Data: event.Data{"count": counts[at], "account_id": string(at.account)},
		})
	}
	return tx.Events().Append(ctx, r.ClientID, drafts...)
}
