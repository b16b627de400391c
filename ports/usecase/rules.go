package usecase

import (
	"context"

	"github.com/tributary-dev/tributary/core/category"
	"github.com/tributary-dev/tributary/ports/store"
)

// Rules give transactions their category. A user's apply at once to what is
// known of it, a client's to what is read from then on; none touches what a
// person set.
type Rules interface {
	Create(ctx context.Context, p Principal, order NewRule) (category.Rule, error)
	Get(ctx context.Context, p Principal, id string) (category.Rule, error)
	List(ctx context.Context, p Principal, page store.Page) (store.Slice[category.Rule], error)
	// Delete gives what a user's rule decided back to the other rules and the
	// engine; what a client's rule decided stays until it is described anew.
	Delete(ctx context.Context, p Principal, id string) error
}

// NewRule orders a rule. In client mode it is the client's unless it names a user.
type NewRule struct {
	UserID    string
	Name      string
	Text      string
	Direction category.Direction
	// CategoryID is what the rule gives.
	CategoryID string
}
