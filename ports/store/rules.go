package store

import (
	"context"

	"github.com/tributary-dev/tributary/core/category"
	"github.com/tributary-dev/tributary/core/ident"
)

// Rules give categories. Get and Delete fail with category.ErrRuleNotFound. A
// user's rules go with the user.
type Rules interface {
	Get(ctx context.Context, owner Owner, id ident.Rule) (category.Rule, error)
	Put(ctx context.Context, r category.Rule) error
	Delete(ctx context.Context, owner Owner, id ident.Rule) error
	// Over lists the rules that apply to a user, its own and its client's; without
	// a user it lists the client's.
	Over(ctx context.Context, owner Owner) ([]category.Rule, error)
	// List is in the order of creation: a user's own rules, or without a user the
	// client's and those of all its users.
	List(ctx context.Context, owner Owner, page Page) (Slice[category.Rule], error)
}
