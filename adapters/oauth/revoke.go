package oauth

import (
	"context"
	"net/http"

	"github.com/tributary-dev/tributary/core/client"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/ports/store"
)

// revoke serves POST /oauth/revoke (RFC 7009). A token that is unknown, or another
// client's, is answered like one that was revoked (section 2.2): nothing is
// told of what others hold. Hints are not needed to find a token.
func (s *Server) revoke(w http.ResponseWriter, r *http.Request) {
	c, token, err := s.named(w, r)
	if err == nil && token.Owner.Client == c.ID {
		err = s.end(r.Context(), token)
	}
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	header := w.Header()
	header.Set("Cache-Control", "no-store")
	header.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(http.StatusOK)
}

// end revokes a token; a refresh token takes its family along (RFC 7009, section
// 2.1). The record of the grant is locked first, so that no refresh goes on at
// the same time and outlives this.
func (s *Server) end(ctx context.Context, token store.Token) error {
	return s.store.Update(ctx, store.Fence{}, func(tx store.Tx) error {
		if token.Kind == store.AccessToken {
			return tx.Tokens().Revoke(ctx, token.Hash)
		}
		if _, err := tx.Tokens().Get(ctx, token.Family); err != nil && !fault.IsNotFound(err) {
			return err
		}
		return tx.Tokens().RevokeFamily(ctx, token.Family)
	})
}

// named reads a request about a token: the client that asks and what is kept of
// the token, or a zero one.
func (s *Server) named(w http.ResponseWriter, r *http.Request) (c client.Client, token store.Token, err error) {
	if err := readForm(w, r); err != nil {
		return c, token, err
	}
	if c, err = s.authenticated(r.Context(), r, r.PostForm); err != nil {
		return c, token, err
	}
	text := r.PostForm.Get("token")
	if text == "" {
		return c, token, errNoToken
	}
	if !wellFormed(text, accessTokenPrefix) && !wellFormed(text, refreshTokenPrefix) {
		return c, token, nil
	}
	err = s.store.View(r.Context(), func(tx store.Tx) (err error) {
		token, err = tx.Tokens().Get(r.Context(), digest(text))
		return err
	})
	if fault.IsNotFound(err) {
		return c, store.Token{}, nil
	}
	return c, token, err
}
