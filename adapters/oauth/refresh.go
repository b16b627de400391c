package oauth

import (
	"context"
	"slices"

	"github.com/ory/fosite"

	"github.com/tributary-dev/tributary/core/client"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/ports/store"
)

// refresh renews a user's tokens (RFC 6749, section 6). The presented token is
// judged, superseded and replaced in one transaction that holds the record of
// its grant, so that parallel requests come one after the other.
func (s *Server) refresh(ctx context.Context, request fosite.AccessRequester) (issued, error) {
	hash := digest(request.GetRequestForm().Get("refresh_token"))
	family, err := s.familyOf(ctx, hash)
	if err != nil {
		return issued{}, err
	}
	out := issued{access: s.newToken(accessTokenPrefix), life: s.accessLife, refresh: s.newToken(refreshTokenPrefix)}
	reused := ""
	err = s.store.Update(ctx, store.Fence{}, func(tx store.Tx) (err error) {
		t, err := s.turn(ctx, tx, family, hash)
		if err != nil {
			return err
		}
		t.client = ident.Client(request.GetClient().GetID())
		if reused = t.reused(); reused != "" {
			return t.end(ctx, reused) // and commit that
		}
		out.scopes, err = t.renew(ctx, scopes(request.GetRequestedScopes()), out)
		return err
	})
	switch {
	case fault.IsNotFound(err):
		return issued{}, errRefresh
	case err != nil:
		return issued{}, err
	case reused != "":
		s.logger.WarnContext(ctx, "refresh token used again, its family is revoked", "reason", reused)
		return issued{}, errRefresh
	}
	return out, nil
}

// familyOf finds the family of a refresh token. It looks before anything is
// locked: the family's record comes first, always.
func (s *Server) familyOf(ctx context.Context, hash string) (string, error) {
	var found store.Token
	err := s.store.View(ctx, func(tx store.Tx) (err error) {
		found, err = tx.Tokens().Get(ctx, hash)
		return err
	})
	if fault.IsNotFound(err) || err == nil && found.Kind != store.RefreshToken {
		return "", errRefresh
	}
	return found.Family, err
}

// narrowed is what a renewed access token may do: at most what was granted (RFC
// 6749, section 6), and what the client may still have of it.
func narrowed(c client.Client, granted, asked []client.Scope) ([]client.Scope, error) {
	allowed := grantable(c, true, granted)
	if len(asked) == 0 {
		asked = allowed
	}
	var out []client.Scope
	for _, scope := range asked {
		if !slices.Contains(allowed, scope) {
			return nil, fosite.ErrInvalidScope
		}
		if !slices.Contains(out, scope) {
			out = append(out, scope)
		}
	}
	if len(out) == 0 {
		return nil, fosite.ErrInvalidScope
	}
	return out, nil
}
