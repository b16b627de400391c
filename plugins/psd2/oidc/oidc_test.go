package oidc_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"net/url"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/plugins/psd2/oidc"
	"github.com/tributary-dev/tributary/plugins/psd2/operator"
)

// The examples of OpenID Connect Core 1.0, appendix A.
func TestPublishedHashes(t *testing.T) {
	t.Parallel()
	require.Equal(t, "77QmUPtjPfzWtF2AnpK9RQ", oidc.Half("jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y"))
	require.Equal(t, "LDktKdoQak3Pk0cnXxCltA", oidc.Half("Qcb0Orv1zh30vL1MPRsbm-diHiMwcLyZvn1arpZv-Jxf_11jnpEX3Tgfvk"))
}

// What is signed is read by another implementation, with either of FAPI's algorithms; nothing else signs.
func TestSigners(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 15, 10, 0, 0, 0, time.UTC)
	own, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	curve, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	for algorithm, key := range map[string]crypto.Signer{"PS256": own, "ES256": curve} {
		signer, err := oidc.NewSigner("me", &operator.Seal{Key: key, KeyID: "k"})
		require.NoError(t, err)
		said, err := signer.Statement("https://bank.example/token", "id", now)
		require.NoError(t, err)
		token, err := jwt.Parse(said, func(*jwt.Token) (any, error) { return key.Public(), nil }, jwt.WithValidMethods([]string{algorithm}),
			jwt.WithTimeFunc(func() time.Time { return now }), jwt.WithAudience("https://bank.example/token"), jwt.WithIssuer("me"), jwt.WithSubject("me"), jwt.WithExpirationRequired(), jwt.WithIssuedAt())
		require.NoError(t, err)
		require.Equal(t, "k", token.Header["kid"])
		_, err = jwt.Parse(said, func(*jwt.Token) (any, error) { return key.Public(), nil }, jwt.WithTimeFunc(func() time.Time { return now.Add(6 * time.Minute) }))
		require.ErrorIs(t, err, jwt.ErrTokenExpired)
	}
	unnamed, err := oidc.NewSigner("me", &operator.Seal{Key: own})
	require.NoError(t, err)
	page, err := unnamed.Request("https://bank.example/authorize?state=s&nonce=n&scope=openid+accounts", "https://bank.example", "id", now, nil)
	require.NoError(t, err)
	address, err := url.Parse(page)
	require.NoError(t, err)
	claims := jwt.MapClaims{}
	token, _, err := jwt.NewParser().ParseUnverified(address.Query().Get("request"), claims)
	require.NoError(t, err)
	thumb := sha256.Sum256([]byte(`{"e":"AQAB","kty":"RSA","n":"` + base64.RawURLEncoding.EncodeToString(own.N.Bytes()) + `"}`)) // RFC 7638, section 3
	require.Equal(t, base64.RawURLEncoding.EncodeToString(thumb[:]), token.Header["kid"])
	require.Equal(t, "s n openid accounts", claims["state"].(string)+" "+claims["nonce"].(string)+" "+claims["scope"].(string))

	weak, err := rsa.GenerateKey(rand.Reader, 1024)
	require.NoError(t, err)
	other, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	require.NoError(t, err)
	_, edwards, err := ed25519.GenerateKey(rand.Reader)
	require.NoError(t, err)
	for _, key := range []crypto.Signer{weak, other, edwards} {
		_, err = oidc.NewSigner("me", &operator.Seal{Key: key})
		require.ErrorContains(t, err, "neither PS256")
	}
	_, err = oidc.NewSigner("me", nil)
	require.ErrorContains(t, err, "needs a seal")
}
