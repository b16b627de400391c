package oauth

import (
	"context"
	"crypto/subtle"
	"net/http"
	"net/url"

	"github.com/ory/fosite"

	"github.com/tributary-dev/tributary/core/client"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/secret"
	"github.com/tributary-dev/tributary/ports/store"
)

// authenticateClient stands in for the library's strategy, which hashes secrets
// with bcrypt and also takes signed assertions.
func (s *Server) authenticateClient(ctx context.Context, r *http.Request, form url.Values) (fosite.Client, error) {
	c, err := s.authenticated(ctx, r, form)
	if err != nil {
		return nil, err
	}
	return forLibrary(c, form.Get("grant_type")), nil
}

// authenticated is the client that a request comes from. Client secrets are 256
// random bits: SHA-256 keeps them, at thousands of tokens a second where bcrypt
// allows some twenty.
func (s *Server) authenticated(ctx context.Context, r *http.Request, form url.Values) (client.Client, error) {
	id, presented, err := credentials(r, form)
	if err != nil {
		return client.Client{}, err
	}
	c, err := s.client(ctx, id)
	if err != nil {
		return client.Client{}, err
	}
	// An unknown client has an empty hash, which nothing equals.
	equal := subtle.ConstantTimeCompare([]byte(digest(presented.Reveal())), []byte(c.SecretHash)) == 1
	if !equal || c.Disabled {
		return client.Client{}, fosite.ErrInvalidClient
	}
	return c, nil
}

// client is the client of an id from outside, or a zero one.
func (s *Server) client(ctx context.Context, text string) (client.Client, error) {
	id, err := ident.Parse[ident.Client](text)
	if err != nil {
		return client.Client{}, nil //nolint:nilerr // what cannot be an id is no client's
	}
	c, err := s.clients.get(ctx, text, func(ctx context.Context) (client.Client, error) { return store.PeekOf(s.store).Client(ctx, id) })
	if fault.IsNotFound(err) {
		return client.Client{}, nil
	}
	return c, err
}

// credentials takes them from the Authorization header or from the form, but
// not from both (RFC 6749, section 2.3).
func credentials(r *http.Request, form url.Values) (id string, password secret.String, err error) {
	if r.Header.Get("Authorization") == "" {
		return form.Get("client_id"), secret.New(form.Get("client_secret")), nil
	}
	name, word, ok := r.BasicAuth()
	if !ok {
		return "", secret.String{}, fosite.ErrInvalidClient
	}
	// Both are form-encoded inside the header (RFC 6749, section 2.3.1).
	id, idErr := url.QueryUnescape(name)
	word, wordErr := url.QueryUnescape(word)
	if idErr != nil || wordErr != nil {
		return "", secret.String{}, fosite.ErrInvalidClient
	}
	if form.Has("client_secret") || form.Has("client_id") && form.Get("client_id") != id {
		return "", secret.String{}, errTwoMethods
	}
	return id, secret.New(word), nil
}

// forLibrary is a client as the library sees it for one grant.
func forLibrary(c client.Client, grantType string) *fosite.DefaultClient {
	out := &fosite.DefaultClient{ID: string(c.ID), Scopes: texts(grantable(c, forUser(grantType), client.Scopes()))}
	for _, offered := range grantTypes() {
		if entitled(c, offered) {
			out.GrantTypes = append(out.GrantTypes, offered)
		}
	}
	return out
}
