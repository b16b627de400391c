package oauth

import (
	"context"

	"github.com/ory/fosite"

	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/secret"
	"github.com/tributary-dev/tributary/core/user"
	"github.com/tributary-dev/tributary/ports/store"
)

// Authenticate implements the library's password grant: the subject is the id
// of the user with this e-mail and password, among those of the client that
// asks. Whether there is no such user, one without a password or another
// password, it reads as much, hashes as much and says the same.
func (k *kept) Authenticate(ctx context.Context, email, password string) (subject string, err error) {
	request, ok := ctx.Value(fosite.AccessRequestContextKey).(fosite.AccessRequester)
	if !ok {
		return "", errNoRequest
	}
	u, err := k.userByEmail(ctx, ident.Client(request.GetClient().GetID()), email)
	if err != nil {
		return "", err
	}
	matches, err := k.hasher.Verify(ctx, u.PasswordHash, secret.New(password))
	if err != nil {
		return "", err
	}
	if !matches {
		return "", fosite.ErrNotFound
	}
	return string(u.ID), nil
}

var errNoRequest = fault.New(fault.Internal, "oauth_request_missing", "The request could not be handled.")

// userByEmail gives a user without password where there is none.
func (k *kept) userByEmail(ctx context.Context, client ident.Client, email string) (u *user.User, err error) {
	err = k.store.View(ctx, func(tx store.Tx) error {
		u, err = tx.Users().ByEmail(ctx, client, user.EmailKey(email))
		return err
	})
	if fault.IsNotFound(err) {
		return &user.User{}, nil
	}
	return u, err
}
