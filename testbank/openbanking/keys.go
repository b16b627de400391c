package openbanking

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"sync"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"github.com/tributary-dev/tributary/testbank/thirdparty"
)

// keys are what the bank signs with: the newest first, and the one before it, with which tokens may still be signed that
// somebody has. They are made when they are needed.
type keys struct {
	mu   sync.Mutex
	list []jose.JSONWebKey
}

const keyBits = 2048

// another makes a key, that is the newest. The lock is held.
func (k *keys) another() error {
	private, err := rsa.GenerateKey(rand.Reader, keyBits)
	if err != nil {
		return err
	}
	key := jose.JSONWebKey{Key: private, Use: "sig"}
	name, err := key.Thumbprint(crypto.SHA256)
	if err != nil {
		return err
	}
	key.KeyID = base64.RawURLEncoding.EncodeToString(name)
	k.list = append([]jose.JSONWebKey{key}, k.list...)
	k.list = k.list[:min(2, len(k.list))]
	return nil
}

// public are the keys by which what the bank signed is verified.
func (k *keys) public() (jose.JSONWebKeySet, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if len(k.list) == 0 {
		if err := k.another(); err != nil {
			return jose.JSONWebKeySet{}, err
		}
	}
	out := jose.JSONWebKeySet{Keys: []jose.JSONWebKey{}}
	for _, key := range k.list {
		out.Keys = append(out.Keys, key.Public())
	}
	return out, nil
}

// sign makes a token of claims.
func (k *keys) sign(alg jose.SignatureAlgorithm, claims any) (string, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if len(k.list) == 0 {
		if err := k.another(); err != nil {
			return "", err
		}
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: alg, Key: k.list[0]}, nil)
	if err != nil {
		return "", err
	}
	return jwt.Signed(signer).Claims(claims).Serialize()
}

// half is how id tokens bind what comes with them (OpenID Connect Core, 3.3.2.11).
func half(text string) string {
	sum := sha256.Sum256([]byte(text))
	return base64.RawURLEncoding.EncodeToString(sum[:len(sum)/2])
}

func (x *Interface) keySet(w http.ResponseWriter, _ *http.Request) {
	set, err := x.keys.public()
	if err != nil {
		say(w, http.StatusInternalServerError, oauthError("server_error", "The bank made a mistake."))
		return
	}
	say(w, http.StatusOK, set)
}

// rotate gives the bank another key, for whoever watches the play.
func (x *Interface) rotate(w http.ResponseWriter, r *http.Request) {
	x.keys.mu.Lock()
	err := x.keys.another()
	x.keys.mu.Unlock()
	if err != nil {
		say(w, http.StatusInternalServerError, oauthError("server_error", "The bank made a mistake."))
		return
	}
	x.keySet(w, r)
}

// configuration describes the bank (OpenID Connect Discovery).
func (x *Interface) configuration(w http.ResponseWriter, r *http.Request) {
	issuer := x.issuer(r)
	say(w, http.StatusOK, map[string]any{
		"issuer": issuer, "authorization_endpoint": thirdparty.Pages(x.bank, r) + root + "/authorize", "token_endpoint": issuer + "/token",
		"jwks_uri": issuer + "/jwks", "registration_endpoint": issuer + "/register", "scopes_supported": []string{"openid", "accounts"},
		"response_types_supported": []string{"code id_token", "code"}, "response_modes_supported": []string{"fragment", "query"},
		"grant_types_supported":   []string{"client_credentials", "authorization_code", "refresh_token"},
		"subject_types_supported": []string{"public"}, "acr_values_supported": []string{acr, "urn:openbanking:psd2:ca"},
		"id_token_signing_alg_values_supported":            []string{string(x.switches().IDTokens)},
		"request_object_signing_alg_values_supported":      []string{string(jose.PS256)},
		"token_endpoint_auth_methods_supported":            []string{byKey, byCertificate},
		"token_endpoint_auth_signing_alg_values_supported": []string{string(jose.PS256)},
		"claims_supported":                                 []string{"acr", "openbanking_intent_id", "auth_time"},
		"claims_parameter_supported":                       true, "request_parameter_supported": true, "request_uri_parameter_supported": false,
		"require_signed_request_object": true, "code_challenge_methods_supported": []string{"S256"}, "tls_client_certificate_bound_access_tokens": true,
	})
}
