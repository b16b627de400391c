package storetest

import (
	"context"
	"maps"
	"time"

	"github.com/tributary-dev/tributary/core/category"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/ports/store"
)

type fakeRules struct{ *fakeTx }

var byRuleCreation = byTime(false, func(r category.Rule) time.Time { return r.CreatedAt }, func(r category.Rule) ident.Rule { return r.ID })

func (r fakeRules) Get(_ context.Context, owner store.Owner, id ident.Rule) (category.Rule, error) {
	found, ok := r.state.rules[id]
	if !ok || !owns(owner, found.ClientID, found.UserID) {
		return category.Rule{}, category.ErrRuleNotFound
	}
	return tidy(found), nil
}

func (r fakeRules) Put(_ context.Context, rule category.Rule) error {
	if err := r.writable(); err != nil {
		return err
	}
	_, client := r.state.clients[rule.ClientID]
	if _, user := r.state.users[rule.UserID]; !client || (rule.UserID != "" && !user) {
		return errOrphan
	}
	r.state.rules[rule.ID] = tidy(rule)
	return nil
}

func (r fakeRules) Delete(ctx context.Context, owner store.Owner, id ident.Rule) error {
	if err := r.writable(); err != nil {
		return err
	}
	if _, err := r.Get(ctx, owner, id); err != nil {
		return err
	}
	delete(r.state.rules, id)
	return nil
}

func (r fakeRules) Over(_ context.Context, owner store.Owner) ([]category.Rule, error) {
	keep := func(rule category.Rule) bool {
		return rule.ClientID == owner.Client && (rule.UserID == "" || rule.UserID == owner.User)
	}
	all, err := paged(maps.Values(r.state.rules), keep, byRuleCreation, store.Page{Limit: len(r.state.rules) + 1})
	return all.Items, err
}

func (r fakeRules) List(_ context.Context, owner store.Owner, page store.Page) (store.Slice[category.Rule], error) {
	keep := func(rule category.Rule) bool { return owns(owner, rule.ClientID, rule.UserID) }
	return paged(maps.Values(r.state.rules), keep, byRuleCreation, page)
}
