package oauth

import (
	"context"
	"log/slog"
	"net/http"

	"github.com/ory/fosite"

	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/secret"
	"github.com/tributary-dev/tributary/core/user"
	"github.com/tributary-dev/tributary/ports/store"
)

// password finds the user of a password grant (RFC 6749, section 4.3): the one
// with this e-mail and password, among those of the client that asks. Whoever
// guesses too often is stopped before anything is read or hashed.
func (s *Server) password(ctx context.Context, request fosite.AccessRequester) (ident.User, error) {
	if err := plain(ctx, request); err != nil {
		return "", err
	}
	from, ok := ctx.Value(fosite.RequestContextKey).(*http.Request)
	if !ok {
		return "", errNoRequest
	}
	address, err := userAddress(from)
	if err != nil {
		return "", err
	}
	client, form := ident.Client(request.GetClient().GetID()), request.GetRequestForm()
	key := user.EmailKey(form.Get("username"))
	ticket, err := s.throttle.admit(attemptOf(client, key, address), s.now())
	if err != nil {
		return "", err
	}
	id, err := s.verify(ctx, client, key, secret.New(form.Get("password")))
	switch {
	case err != nil:
		s.throttle.forget(ticket) // nobody learned anything by it
	case id == "":
		s.logger.InfoContext(ctx, "password refused", slog.String("client_id", string(client)))
		return "", errWrongPassword
	default:
		s.throttle.welcome(ticket, s.now())
	}
	return id, err
}

var errNoRequest = fault.New(fault.Internal, "oauth_request_missing", "The request could not be handled.")

// verify gives no user where e-mail and password do not belong together. Whether
// there is no such user, one without a password or another password, it reads
// as much and hashes as much.
func (s *Server) verify(ctx context.Context, client ident.Client, emailKey string, password secret.String) (ident.User, error) {
	u, err := s.userByEmail(ctx, client, emailKey)
	if err != nil {
		return "", err
	}
	matches, err := s.hasher.Verify(ctx, u.PasswordHash, password)
	if err != nil || !matches {
		return "", err
	}
	return u.ID, nil
}

// userByEmail gives a user without password where there is none.
func (s *Server) userByEmail(ctx context.Context, client ident.Client, emailKey string) (u *user.User, err error) {
	err = s.store.View(ctx, func(tx store.Tx) error {
		u, err = tx.Users().ByEmail(ctx, client, emailKey)
		return err
	})
	if fault.IsNotFound(err) {
		return &user.User{}, nil
	}
	return u, err
}
