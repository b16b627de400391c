package delivery

import (
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"strconv"
	"strings"
	"time"

	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/secret"
)

// Algorithm is how a webhook is signed, as Standard Webhooks 1.0.0 has it.
type Algorithm string

// Algorithms.
const (
	// HMACSHA256 has one secret for both sides.
	HMACSHA256 Algorithm = "HMAC_SHA256"
	// Ed25519 has a secret that only we know; the client knows the public key.
	Ed25519 Algorithm = "ED25519"
)

func (a Algorithm) known() bool { return a == HMACSHA256 || a == Ed25519 }

// KeySize is how many random bytes a secret has.
const KeySize = 32

// HMACSecret is how a client is told an HMAC secret.
func HMACSecret(key secret.Bytes) secret.String {
	return secret.New("whsec_" + base64.StdEncoding.EncodeToString(key.Reveal()))
}

// PublicKey is how a client is told what verifies an Ed25519 signature.
func PublicKey(seed secret.Bytes) string {
	public := ed25519.NewKeyFromSeed(seed.Reveal()).Public().(ed25519.PublicKey) //nolint:forcetypeassert,errcheck // so the package says
	return "whpk_" + base64.StdEncoding.EncodeToString(public)
}

// Signer signs with one secret.
type Signer struct {
	// Until is when the secret ends; the zero time is never.
	Until time.Time
	sign  func(text []byte) string
}

// NewSigner takes a secret of KeySize bytes.
func NewSigner(a Algorithm, key secret.Bytes, until time.Time) Signer {
	if a == Ed25519 {
		private := ed25519.NewKeyFromSeed(key.Reveal())
		return Signer{until, func(text []byte) string {
			return "v1a," + base64.StdEncoding.EncodeToString(ed25519.Sign(private, text))
		}}
	}
	return Signer{until, func(text []byte) string {
		mac := hmac.New(sha256.New, key.Reveal())
		mac.Write(text)
		return "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
	}}
}

// Sign is the header webhook-signature: one signature for each secret that did
// not end, the newest first.
func Sign(signers []Signer, id ident.Event, at time.Time, body []byte) string {
	text := make([]byte, 0, len(id)+len(body)+24)
	text = append(append(text, id...), '.')
	text = append(strconv.AppendInt(text, at.Unix(), 10), '.')
	text = append(text, body...)
	var all []string
	for _, s := range signers {
		if s.Until.IsZero() || at.Before(s.Until) {
			all = append(all, s.sign(text))
		}
	}
	return strings.Join(all, " ")
}
