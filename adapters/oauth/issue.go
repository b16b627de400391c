package oauth

import (
	"context"
	"log/slog"

	"github.com/ory/fosite"

	"github.com/tributary-dev/tributary/core/client"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/secret"
	"github.com/tributary-dev/tributary/ports/store"
)

// begin issues the first tokens of a grant, in one transaction. A client's own
// token renews itself by its secret: it has neither a refresh token nor a family
// (RFC 6749, section 4.4.3).
func (s *Server) begin(ctx context.Context, request fosite.AccessRequester) (issued, error) {
	owner := store.Owner{Client: ident.Client(request.GetClient().GetID()), User: ident.User(request.GetSession().GetSubject())}
	out := issued{access: s.newToken(accessTokenPrefix), life: s.accessLife, scopes: scopes(request.GetGrantedScopes())}
	rows := []store.Token{s.accessToken("", owner, out)}
	if owner.User != "" {
		out.refresh = s.newToken(refreshTokenPrefix)
		rows = s.family(random(s.rand, familyPrefix), request.GetGrantTypes()[0], owner, out)
	}
	err := s.desk.keep(ctx, owner, rows)
	if err == nil && owner.User != "" {
		s.logger.InfoContext(ctx, "user tokens issued", slog.String("grant_type", request.GetGrantTypes()[0]),
			slog.String("client_id", string(owner.Client)), slog.String("user_id", string(owner.User)))
	}
	return out, err
}

// family is a new grant with its first tokens. The record of the grant is what
// all changes of the family lock first.
func (s *Server) family(name, grantType string, owner store.Owner, out issued) []store.Token {
	now := s.now().UTC()
	head := store.Token{
		Hash: digest(out.refresh.Reveal()), Kind: store.RefreshToken, Family: name, Owner: owner, Scopes: out.scopes,
		Data: record(link{Generation: 1}), ExpiresAt: now.Add(min(s.refreshLife, s.familyLife)), CreatedAt: now,
	}
	whole := head
	whole.Hash, whole.Kind = name, store.Grant
	whole.Data = record(lineage{GrantType: grantType, Generation: 1, Head: head.Hash})
	return []store.Token{whole, head, s.accessToken(name, owner, out)}
}

func (s *Server) accessToken(family string, owner store.Owner, out issued) store.Token {
	now := s.now().UTC()
	return store.Token{
		Hash: digest(out.access.Reveal()), Kind: store.AccessToken, Family: family, Owner: owner, Scopes: out.scopes,
		ExpiresAt: now.Add(s.accessLife), CreatedAt: now,
	}
}

func (s *Server) newToken(prefix string) secret.String { return secret.New(random(s.rand, prefix)) }

// gone is the answer to a grant whose client or user went while it was checked.
func gone(owner store.Owner) error {
	if owner.User == "" {
		return fosite.ErrInvalidClient
	}
	return fosite.ErrInvalidGrant
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
