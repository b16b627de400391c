package oauth

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"io"
	"strings"

	"github.com/tributary-dev/tributary/core/secret"
)

// Prefixes let people and secret scanners tell what they have found.
const (
	secretPrefix       = "trs_"
	accessTokenPrefix  = "tra_"
	refreshTokenPrefix = "trr_"
	familyPrefix       = "trf_"
)

// randomLength is 256 bits: nothing to guess, so that a fast hash is enough.
const randomLength = 32

// NewSecret makes a client secret and what is kept of it.
func NewSecret(rand io.Reader) (client secret.String, hash string) {
	text := random(rand, secretPrefix)
	return secret.New(text), digest(text)
}

func random(rand io.Reader, prefix string) string {
	raw := make([]byte, randomLength)
	if _, err := io.ReadFull(rand, raw); err != nil {
		panic("oauth: no randomness: " + err.Error()) // nothing safe can go on
	}
	return prefix + base64.RawURLEncoding.EncodeToString(raw)
}

// wellFormed reports whether a text could be one that random made.
func wellFormed(text, prefix string) bool {
	body, ok := strings.CutPrefix(text, prefix)
	return ok && len(body) == base64.RawURLEncoding.EncodedLen(randomLength)
}

// digest is what is kept of a random text: its SHA-256, in hex.
func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}
