package oidc

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"encoding/base64"
	"errors"
	"net/url"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"github.com/tributary-dev/tributary/plugins/psd2/operator"
)

const (
	// RequestLife is how long a signed request is good. FAPI bounds it by an hour.
	RequestLife = 55 * time.Minute
	// statementLife is how long it is believed who we are.
	statementLife = 5 * time.Minute
	// before is how much a server's clock may be behind ours.
	before = 30 * time.Second
)

// Signer signs what we say to a server, as one of its clients.
type Signer struct {
	clientID string
	jose     jose.Signer
}

// NewSigner makes a signer of the operator's seal. The server knows the key by the name that it was registered by; the
// thumbprint (RFC 7638) where it has none.
func NewSigner(clientID string, seal *operator.Seal) (*Signer, error) {
	if seal == nil {
		return nil, errors.New("requests are signed: the operator's identity needs a seal")
	}
	algorithm, err := algorithmOf(seal.Key)
	if err != nil {
		return nil, err
	}
	key := jose.JSONWebKey{Key: seal.Key, KeyID: seal.KeyID}
	if key.KeyID == "" {
		thumb, err := key.Thumbprint(crypto.SHA256)
		if err != nil {
			return nil, err
		}
		key.KeyID = base64.RawURLEncoding.EncodeToString(thumb)
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: algorithm, Key: key}, (&jose.SignerOptions{}).WithType("JWT"))
	return &Signer{clientID, signer}, err
}

func algorithmOf(key crypto.Signer) (jose.SignatureAlgorithm, error) {
	switch own := key.(type) {
	case *rsa.PrivateKey:
		if own.Size() >= 256 {
			return jose.PS256, nil
		}
	case *ecdsa.PrivateKey:
		if own.Curve == elliptic.P256() {
			return jose.ES256, nil
		}
	}
	return "", errors.New("the seal's key signs neither PS256 (RSA, 2048 bits) nor ES256 (P-256)")
}

// Statement says who we are (private_key_jwt, RFC 7523): good for one call of one address.
func (s *Signer) Statement(address, id string, now time.Time) (string, error) {
	return s.sign(map[string]any{
		"iss": s.clientID, "sub": s.clientID, "aud": address, "jti": id, "iat": now.Unix(), "exp": now.Add(statementLife).Unix(),
	})
}

// Request signs an authorization request (RFC 9101): everything that its address says becomes a claim, so that nothing
// of it can be exchanged in the browser. claims are said beside it.
func (s *Signer) Request(page, issuer, id string, now time.Time, claims map[string]any) (string, error) {
	address, err := url.Parse(page)
	if err != nil {
		return "", err
	}
	query := address.Query()
	said := map[string]any{
		"iss": s.clientID, "aud": issuer, "jti": id, "iat": now.Unix(), "nbf": now.Add(-before).Unix(), "exp": now.Add(RequestLife).Unix(), "claims": claims,
	}
	for name := range query {
		said[name] = query.Get(name)
	}
	signed, err := s.sign(said)
	if err != nil {
		return "", err
	}
	query.Set("request", signed)
	address.RawQuery = query.Encode()
	return address.String(), nil
}

func (s *Signer) sign(claims map[string]any) (string, error) {
	return jwt.Signed(s.jose).Claims(claims).Serialize()
}
