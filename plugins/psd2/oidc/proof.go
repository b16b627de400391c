package oidc

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"github.com/tributary-dev/tributary/plugins/sdk"
)

// algorithms are those of FAPI, and what banks signed with that have not come so far. All of them hash with SHA-256.
var algorithms = []jose.SignatureAlgorithm{jose.PS256, jose.ES256, jose.RS256}

// leeway is how far a server's clock may be from ours.
const leeway = time.Minute

// Wanted is what an id_token has to say.
type Wanted struct {
	ClientID string
	Nonce    string
	// Intent is the consent that was agreed to.
	Intent string
	// Subject is who the one before was about; empty where there is none before.
	Subject string
	// State and Code came with the browser, and the token has to be of them; Access came with the token, which may tell.
	State, Code, Access string
	// Older takes RS256 as well.
	Older bool
}

// claims are what an id_token says.
type claims struct {
	jwt.Claims

	Party      string `json:"azp"`
	Nonce      string `json:"nonce"`
	Intent     string `json:"openbanking_intent_id"`
	StateHash  string `json:"s_hash"`
	CodeHash   string `json:"c_hash"`
	AccessHash string `json:"at_hash"`
}

// Check holds an id_token to what is wanted, and gives the subject. The error is a *sdk.Failure.
func (s *Server) Check(ctx context.Context, token string, w Wanted) (subject string, err error) {
	taken := algorithms
	if !w.Older {
		taken = algorithms[:2]
	}
	parsed, err := jwt.ParseSigned(token, taken)
	if err != nil {
		return "", unproven("a form or a signature that is not taken")
	}
	keys, err := s.named(ctx, parsed.Headers[0].KeyID)
	if err != nil {
		return "", err
	}
	var said claims
	for _, key := range keys {
		if said = (claims{}); parsed.Claims(key.Key, &said) == nil {
			return said.Subject, said.check(s.Issuer, w, s.Now())
		}
	}
	return "", unproven("a signature of none of the server's keys")
}

func unproven(what string) error {
	return sdk.Fail(sdk.BadData, errors.New("an id_token with "+what))
}

func (c claims) check(issuer string, w Wanted, now time.Time) error {
	switch {
	case c.Expiry == nil || c.IssuedAt == nil:
		return unproven("no time")
	case c.ValidateWithLeeway(jwt.Expected{Issuer: issuer, AnyAudience: jwt.Audience{w.ClientID}, Time: now}, leeway) != nil:
		return unproven("another issuer, audience or time")
	case len(c.Audience) > 1 && c.Party == "", c.Party != "" && c.Party != w.ClientID:
		return unproven("another party")
	case c.Subject == "" || w.Subject != "" && c.Subject != w.Subject:
		return unproven("another subject")
	case !same(c.Nonce, w.Nonce):
		return unproven("another nonce")
	case !same(c.intent(), w.Intent):
		return unproven("another consent")
	case w.State != "" && !same(c.StateHash, Half(w.State)):
		return unproven("another state")
	case w.Code != "" && !same(c.CodeHash, Half(w.Code)):
		return unproven("another code")
	case w.Access != "" && c.AccessHash != "" && !same(c.AccessHash, Half(w.Access)):
		return unproven("another access token")
	}
	return nil
}

// intent is the consent; some servers tell it as the subject alone.
func (c claims) intent() string {
	if c.Intent != "" {
		return c.Intent
	}
	return c.Subject
}

func same(a, b string) bool { return a != "" && subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

// Half is the hash by which an id_token tells what it belongs to (OpenID Connect Core 1.0, section 3.3.2.11).
func Half(text string) string {
	sum := sha256.Sum256([]byte(text))
	return base64.RawURLEncoding.EncodeToString(sum[:len(sum)/2])
}
