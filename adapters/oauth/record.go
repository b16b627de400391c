package oauth

import (
	"context"
	"time"

	"github.com/ory/fosite"

	"github.com/tributary-dev/tributary/core/client"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/ports/store"
)

func (k *kept) put(ctx context.Context, kind, hash string, expires time.Time, request fosite.Requester) error {
	token := store.Token{
		Hash: hash, Kind: kind, Family: request.GetID(), Owner: owner(request),
		Scopes: scopes(request.GetGrantedScopes()), ExpiresAt: expires, CreatedAt: k.now().UTC(),
	}
	return k.store.Update(ctx, store.Fence{}, func(tx store.Tx) error {
		if _, err := bearer(ctx, tx, token.Owner); fault.IsNotFound(err) {
			return gone(token.Owner)
		} else if err != nil {
			return err
		}
		return tx.Tokens().Put(ctx, token)
	})
}

// gone is the answer to a grant whose client or user went while it was checked.
func gone(owner store.Owner) error {
	if owner.User == "" {
		return fosite.ErrInvalidClient
	}
	return fosite.ErrInvalidGrant
}

// get builds the library's request from a record.
func (k *kept) get(ctx context.Context, kind, hash string, session fosite.Session) (fosite.Requester, error) {
	var token store.Token
	var c client.Client
	err := k.store.View(ctx, func(tx store.Tx) (err error) {
		if token, err = tx.Tokens().Get(ctx, hash); err != nil {
			return err
		}
		c, err = bearer(ctx, tx, token.Owner)
		return err
	})
	if err != nil {
		return nil, lost(err)
	}
	if token.Kind != kind {
		return nil, fosite.ErrNotFound
	}
	request := restore(token, c, session)
	if token.Revoked {
		return request, fosite.ErrInactiveToken
	}
	return request, nil
}

func restore(token store.Token, c client.Client, session fosite.Session) *fosite.Request {
	grantType, expires := clientCredentials, fosite.AccessToken
	if token.Owner.User != "" {
		grantType = passwordGrant
	}
	if token.Kind == store.RefreshToken {
		expires = fosite.RefreshToken
	}
	session.SetExpiresAt(expires, token.ExpiresAt)
	if s, ok := session.(*fosite.DefaultSession); ok {
		s.SetSubject(string(token.Owner.User))
	}
	request := fosite.NewRequest()
	request.ID, request.RequestedAt, request.Session = token.Family, token.CreatedAt, session
	request.Client = forLibrary(c, grantType)
	request.RequestedScope, request.GrantedScope = texts(token.Scopes), texts(token.Scopes)
	return request
}

// bearer is the client of an owner, where the client may still act and the
// user, if there is one, still exists; a NotFound fault otherwise.
func bearer(ctx context.Context, tx store.Tx, owner store.Owner) (client.Client, error) {
	c, err := tx.Clients().Get(ctx, owner.Client)
	if err != nil {
		return client.Client{}, err
	}
	if c.Disabled {
		return client.Client{}, errDisabled
	}
	if owner.User != "" {
		if _, err := tx.Users().Get(ctx, owner, owner.User); err != nil {
			return client.Client{}, err
		}
	}
	return c, nil
}

var errDisabled = fault.New(fault.NotFound, "client_disabled", "There is no such client.")
