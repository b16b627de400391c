package oidc

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/tributary-dev/tributary/plugins/psd2/bankhttp"
	"github.com/tributary-dev/tributary/plugins/psd2/refusal"
	"github.com/tributary-dev/tributary/plugins/sdk"
)

const (
	// fresh is how long a server's description and keys are believed.
	fresh = time.Hour
	// rest is the least time between two readings of keys: an id_token that names no known key costs no more.
	rest = time.Minute
	// maxKeys bounds a set of keys.
	maxKeys = 64
)

// Server is a bank's authorisation server, by the name that it has. It is safe for concurrent use.
type Server struct {
	Issuer string
	Line   *bankhttp.Line
	Now    func() time.Time

	mu     sync.Mutex
	said   Description
	saidAt time.Time
	keys   []jose.JSONWebKey
	keysAt time.Time
}

// Description is what a server says of itself (OpenID Connect Discovery 1.0).
type Description struct {
	Issuer        string `json:"issuer"`
	Authorization string `json:"authorization_endpoint"`
	Token         string `json:"token_endpoint"`
	Keys          string `json:"jwks_uri"`
	// Aliases are where connections with our certificate go (RFC 8705, section 5).
	Aliases struct {
		Token string `json:"token_endpoint"`
	} `json:"mtls_endpoint_aliases"`
}

// TokenAddress is where tokens are given to us, who always show our certificate.
func (d Description) TokenAddress() string {
	if d.Aliases.Token != "" {
		return d.Aliases.Token
	}
	return d.Token
}

// Describe gives the server's description, read at most once an hour.
func (s *Server) Describe(ctx context.Context) (Description, error) {
	s.mu.Lock()
	said, known := s.said, !s.saidAt.IsZero() && s.Now().Before(s.saidAt.Add(fresh))
	s.mu.Unlock()
	if known {
		return said, nil
	}
	var read Description
	if err := s.read(ctx, strings.TrimSuffix(s.Issuer, "/")+"/.well-known/openid-configuration", &read); err != nil {
		return Description{}, err
	}
	if err := s.check(read); err != nil {
		return Description{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.said, s.saidAt = read, s.Now()
	return read, nil
}

// check holds a description to the bank: it is of the server that was asked, and leads to the bank's hosts alone.
func (s *Server) check(d Description) error {
	if d.Issuer != s.Issuer {
		return sdk.Fail(sdk.BadData, errors.New("the description of another authorisation server"))
	}
	if page, err := url.Parse(d.Authorization); err != nil || !s.Line.Shows(page) {
		return sdk.Fail(sdk.BadData, bankhttp.ErrHost)
	}
	for _, address := range []string{d.TokenAddress(), d.Keys} {
		if called, err := url.Parse(address); err != nil || !s.Line.Allows(called) {
			return sdk.Fail(sdk.BadData, bankhttp.ErrHost)
		}
	}
	return nil
}

func (s *Server) read(ctx context.Context, address string, out any) error {
	to, err := url.Parse(address)
	if err != nil {
		return sdk.Fail(sdk.BadData, errors.New("an address that is none"))
	}
	answer, err := s.Line.Send(ctx, bankhttp.Ask{Method: http.MethodGet, To: to, Header: http.Header{"Accept": {"application/json"}}}, nil)
	switch {
	case err != nil:
		return err
	case answer.Status >= 400:
		return refusal.Judge(&refusal.No{Status: answer.Status, Means: refusal.OfStatus(answer.Status, true)}, false)
	}
	return answer.Decode(out)
}

// named gives the keys that a signature may be of: the one it names, or all where it names none. A name that is not known
// has the keys read again, since banks change them without a word.
func (s *Server) named(ctx context.Context, kid string) ([]jose.JSONWebKey, error) {
	s.mu.Lock()
	keys, at := s.keys, s.keysAt
	s.mu.Unlock()
	found := pick(keys, kid)
	now := s.Now()
	if at.IsZero() || !now.Before(at.Add(fresh)) || len(found) == 0 && !now.Before(at.Add(rest)) {
		var err error
		if keys, err = s.load(ctx); err != nil {
			return nil, err
		}
		found = pick(keys, kid)
	}
	return found, nil
}

func pick(keys []jose.JSONWebKey, kid string) (found []jose.JSONWebKey) {
	for _, key := range keys {
		if kid == "" || key.KeyID == kid {
			found = append(found, key)
		}
	}
	return found
}

// load reads the server's keys. Those of a kind that is not known are left out.
func (s *Server) load(ctx context.Context) ([]jose.JSONWebKey, error) {
	said, err := s.Describe(ctx)
	if err != nil {
		return nil, err
	}
	var set struct {
		Keys []json.RawMessage `json:"keys"`
	}
	if err := s.read(ctx, said.Keys, &set); err != nil {
		return nil, err
	}
	var keys []jose.JSONWebKey
	for _, raw := range set.Keys[:min(len(set.Keys), maxKeys)] {
		var key jose.JSONWebKey
		if json.Unmarshal(raw, &key) == nil && key.IsPublic() && key.Use != "enc" {
			keys = append(keys, key)
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.keys, s.keysAt = keys, s.Now()
	return keys, nil
}
