package oauth

import (
	"context"
	"slices"

	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/secret"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
)

// ErrInvalidToken says that a bearer token stands for nobody, and not why
// (RFC 6750, section 3.1).
var ErrInvalidToken = fault.New(fault.Unauthenticated, "invalid_token", "The access token is missing, unknown, expired or revoked.")

// Authenticate implements usecase.Authenticator. Token, client and user are
// read in one consistent state; a scope that the client has lost since is gone
// from its tokens too. The principal has the client's rights, and neither
// locale nor PSU, which are the request's.
func (s *Server) Authenticate(ctx context.Context, token secret.String) (usecase.Principal, error) {
	if !wellFormed(token.Reveal(), accessTokenPrefix) {
		return usecase.Principal{}, ErrInvalidToken
	}
	hash := digest(token.Reveal())
	found, err := s.bearers.get(ctx, hash, func(ctx context.Context) (store.Bearer, error) { return store.PeekOf(s.store).Bearer(ctx, hash) })
	if fault.IsNotFound(err) {
		return usecase.Principal{}, ErrInvalidToken
	}
	if err != nil {
		return usecase.Principal{}, err
	}
	record, c := found.Token, found.Client
	if c.Disabled || record.Kind != store.AccessToken || record.Revoked || !s.now().Before(record.ExpiresAt) {
		return usecase.Principal{}, ErrInvalidToken
	}
	return usecase.Principal{
		Client: record.Owner.Client, User: record.Owner.User,
		Scopes: grantable(c, record.Owner.User != "", record.Scopes), Rights: slices.Clone(c.Rights),
	}, nil
}

// Sweep deletes tokens that have ended.
func (s *Server) Sweep(ctx context.Context) error {
	return s.store.Update(ctx, store.Fence{}, func(tx store.Tx) error { return tx.Tokens().Sweep(ctx, s.now()) })
}
