package httpapi

import (
	"context"

	"github.com/tributary-dev/tributary/ports/usecase"
)

// UserParam narrows a list to one user.
type UserParam struct {
	UserID string `query:"user_id" doc:"Only what belongs to this user (client mode)." example:"usr_01j9z3k6f8q2v4x6z8b0d2f4h6"`
}

// reach narrows a principal to the user that it names, if it may see that one;
// a user out of reach is told with the words for one that does not exist.
func (a api) reach(ctx context.Context, p usecase.Principal, userID string) (usecase.Principal, error) {
	if userID == "" {
		return p, nil
	}
	found, err := a.Users.Get(ctx, p, userID)
	if err != nil {
		return p, err
	}
	p.User = found.ID
	return p, nil
}
