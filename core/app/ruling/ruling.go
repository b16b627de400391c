// Package ruling lets clients and users give rules for categories, and applies a
// user's to what is known of it. What is read later is the business of
// synchronizing, which asks the same rules.
//
// Invariants: what a person set stays; every row that a rule changes gets a
// revision and is told by an event, in the transaction that stores the rule.
package ruling

import (
	"context"
	"time"

	"github.com/tributary-dev/tributary/core/app/access"
	"github.com/tributary-dev/tributary/core/category"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
)

// Service implements usecase.Rules.
type Service struct {
	Store store.Store
	Now   func() time.Time
	IDs   ident.Source
	// Known bounds how many known transactions a new rule is tried on, newest
	// first; zero means 20,000.
	Known int
}

var _ usecase.Rules = Service{}

// Create stores a rule. A user's own decides at once about what is known.
func (s Service) Create(ctx context.Context, p usecase.Principal, order usecase.NewRule) (made category.Rule, err error) {
	err = s.Store.Update(ctx, store.Fence{}, func(tx store.Tx) error {
		made = category.Rule{
			ID: ident.New[ident.Rule](s.IDs), ClientID: p.Client, Name: order.Name, Text: order.Text, Direction: order.Direction,
			CategoryID: order.CategoryID, CreatedAt: s.Now(),
		}
		if p.User != "" || order.UserID != "" {
			owner, err := access.User(ctx, tx, p, order.UserID)
			if err != nil {
				return err
			}
			made.UserID = owner.ID
		}
		if err := made.Check(); err != nil {
			return err
		}
		rules, err := tx.Rules().Over(ctx, reach(made))
		if err != nil {
			return err
		}
		if full(rules, made.UserID) {
			return category.ErrTooManyRules
		}
		if err := tx.Rules().Put(ctx, made); err != nil || made.UserID == "" {
			return err
		}
		return s.apply(ctx, tx, made, category.Arrange(append(rules, made)))
	})
	return made, err
}

// reach is whose transactions a rule is for.
func reach(r category.Rule) store.Owner { return store.Owner{Client: r.ClientID, User: r.UserID} }

// full reports whether a user, or the client where there is none, has as many
// rules as it may have.
func full(rules []category.Rule, user ident.User) bool {
	count := 0
	for _, r := range rules {
		if r.UserID == user {
			count++
		}
	}
	return count >= category.MaxRules
}

// Get finds one.
func (s Service) Get(ctx context.Context, p usecase.Principal, id string) (found category.Rule, err error) {
	err = s.Store.View(ctx, func(tx store.Tx) error {
		found, err = find(ctx, tx, p, id)
		return err
	})
	return found, err
}

func find(ctx context.Context, tx store.Tx, p usecase.Principal, id string) (category.Rule, error) {
	parsed, err := ident.Parse[ident.Rule](id)
	if err != nil {
		return category.Rule{}, category.ErrRuleNotFound
	}
	return tx.Rules().Get(ctx, p.Owner(), parsed)
}

// List pages through them.
func (s Service) List(ctx context.Context, p usecase.Principal, page store.Page) (slice store.Slice[category.Rule], err error) {
	err = s.Store.View(ctx, func(tx store.Tx) error {
		slice, err = tx.Rules().List(ctx, p.Owner(), page)
		return err
	})
	return slice, err
}

// Delete takes a rule away. What a user's own decided is decided anew.
func (s Service) Delete(ctx context.Context, p usecase.Principal, id string) error {
	return s.Store.Update(ctx, store.Fence{}, func(tx store.Tx) error {
		gone, err := find(ctx, tx, p, id)
		if err != nil {
			return err
		}
		if err := tx.Rules().Delete(ctx, p.Owner(), gone.ID); err != nil || gone.UserID == "" {
			return err
		}
		left, err := tx.Rules().Over(ctx, reach(gone))
		if err != nil {
			return err
		}
		return s.withdraw(ctx, tx, gone, category.Arrange(left))
	})
}
