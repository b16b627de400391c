package aspsp

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"net/http"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

// token answers a token server's call. A code is proved where the user's request had a nonce (OpenID Connect).
func (b *Bank) token(r *http.Request) string {
	said := map[string]any{"access_token": "a", "token_type": "Bearer", "expires_in": 86_400}
	if r.PostFormValue("grant_type") != "client_credentials" {
		said["refresh_token"] = "r"
	}
	b.mu.Lock()
	nonce := b.nonce
	b.mu.Unlock()
	if b.proof != nil && r.PostFormValue("grant_type") == "authorization_code" {
		said["id_token"], _ = b.proof(b.URL, r.PostFormValue("client_id"), nonce) // without one the reader complains
	}
	text, _ := json.Marshal(said) // texts and a number
	return string(text)
}

// proving makes a key, and gives what the bank publishes of it and what signs with it.
func proving() (keys string, proof func(address, client, nonce string) (string, error), err error) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return "", nil, err
	}
	named := jose.JSONWebKey{Key: key, KeyID: "key", Algorithm: string(jose.PS256), Use: "sig"}
	public, err := json.Marshal(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{named.Public()}})
	if err != nil {
		return "", nil, err
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.PS256, Key: named}, nil)
	return string(public), func(address, client, nonce string) (string, error) {
		now := time.Now()
		return jwt.Signed(signer).Claims(map[string]any{
			"iss": address, "sub": "user", "aud": client, "iat": now.Unix(), "exp": now.Add(time.Hour).Unix(), "nonce": nonce, "openbanking_intent_id": "c",
		}).Serialize()
	}, err
}
