package oauth

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/tributary-dev/tributary/core/client"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/ports/store"
)

// introspection is what is told of a token (RFC 7662, section 2.2).
type introspection struct {
	Active    bool   `json:"active"`
	Scope     string `json:"scope,omitempty"`
	ClientID  string `json:"client_id,omitempty"`
	TokenType string `json:"token_type,omitempty"`
	ExpiresAt int64  `json:"exp,omitempty"`
	IssuedAt  int64  `json:"iat,omitempty"`
	Subject   string `json:"sub,omitempty"`
}

// introspect serves POST /oauth/introspect (RFC 7662) to clients, about their own
// tokens. Of everything else it says that it is not active, and not why.
func (s *Server) introspect(w http.ResponseWriter, r *http.Request) {
	c, token, err := s.named(w, r)
	var found introspection
	if err == nil && token.Owner.Client == c.ID {
		found, err = s.introspection(r.Context(), token, c)
	}
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	header := w.Header()
	header.Set("Content-Type", "application/json;charset=UTF-8")
	header.Set("Cache-Control", "no-store")
	header.Set("X-Content-Type-Options", "nosniff")
	_ = json.NewEncoder(w).Encode(found)
}

// introspection says of a client's token what using it would show. A refresh
// token that was used is not active, whatever the grace would forgive.
func (s *Server) introspection(ctx context.Context, token store.Token, c client.Client) (introspection, error) {
	if token.Revoked || !s.now().Before(token.ExpiresAt) {
		return introspection{}, nil
	}
	err := s.store.View(ctx, func(tx store.Tx) error {
		_, err := bearer(ctx, tx, token.Owner)
		return err
	})
	if fault.IsNotFound(err) {
		return introspection{}, nil
	}
	if err != nil {
		return introspection{}, err
	}
	out := introspection{
		Active: true, Scope: joined(grantable(c, token.Owner.User != "", token.Scopes)), ClientID: string(c.ID),
		ExpiresAt: token.ExpiresAt.Unix(), IssuedAt: token.CreatedAt.Unix(), Subject: string(token.Owner.User),
	}
	if token.Kind == store.AccessToken {
		out.TokenType = "bearer"
		return out, nil
	}
	place, err := recorded[link](token)
	if err != nil || place.SupersededAt != 0 {
		return introspection{}, err
	}
	return out, nil
}
