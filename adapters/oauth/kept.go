package oauth

import (
	"context"

	"github.com/ory/fosite"
	"github.com/ory/fosite/handler/oauth2"

	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/ports/store"
)

// kept is the library's storage on ports/store. A request's id names the family
// of all tokens that come from one grant.
type kept struct{ *Server }

var _ oauth2.ResourceOwnerPasswordCredentialsGrantStorage = (*kept)(nil)

// CreateAccessTokenSession keeps an access token. The grant was checked a while
// ago, password hashing included, so the client and the user are looked at
// again in the transaction that keeps the token.
func (k *kept) CreateAccessTokenSession(ctx context.Context, hash string, request fosite.Requester) error {
	return k.put(ctx, store.AccessToken, hash, request.GetSession().GetExpiresAt(fosite.AccessToken).UTC(), request)
}

// CreateRefreshTokenSession keeps a refresh token.
func (k *kept) CreateRefreshTokenSession(ctx context.Context, hash, _ string, request fosite.Requester) error {
	return k.put(ctx, store.RefreshToken, hash, request.GetSession().GetExpiresAt(fosite.RefreshToken).UTC(), request)
}

// GetAccessTokenSession finds the grant of an access token.
func (k *kept) GetAccessTokenSession(ctx context.Context, hash string, session fosite.Session) (fosite.Requester, error) {
	return k.get(ctx, store.AccessToken, hash, session)
}

// GetRefreshTokenSession finds the grant of a refresh token. One that was used
// is told together with its grant, so that the family can be revoked.
func (k *kept) GetRefreshTokenSession(ctx context.Context, hash string, session fosite.Session) (fosite.Requester, error) {
	return k.get(ctx, store.RefreshToken, hash, session)
}

// DeleteAccessTokenSession revokes an access token.
func (k *kept) DeleteAccessTokenSession(ctx context.Context, hash string) error {
	return k.revoke(ctx, hash)
}

// DeleteRefreshTokenSession revokes a refresh token.
func (k *kept) DeleteRefreshTokenSession(ctx context.Context, hash string) error {
	return k.revoke(ctx, hash)
}

// RotateRefreshToken ends a refresh token and the access tokens given with it:
// the family so far. What replaces them is kept afterwards.
func (k *kept) RotateRefreshToken(ctx context.Context, family, _ string) error {
	return k.store.Update(ctx, store.Fence{}, func(tx store.Tx) error { return tx.Tokens().RevokeFamily(ctx, family) })
}

func (k *kept) revoke(ctx context.Context, hash string) error {
	return k.store.Update(ctx, store.Fence{}, func(tx store.Tx) error { return tx.Tokens().Revoke(ctx, hash) })
}

// owner is whom a request is about.
func owner(request fosite.Requester) store.Owner {
	return store.Owner{Client: ident.Client(request.GetClient().GetID()), User: ident.User(request.GetSession().GetSubject())}
}

// lost turns what no longer exists into the library's word for it.
func lost(err error) error {
	if fault.IsNotFound(err) {
		return fosite.ErrNotFound
	}
	return err
}
