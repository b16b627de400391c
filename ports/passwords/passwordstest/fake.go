package passwordstest

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"strings"
	"sync/atomic"

	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/secret"
	"github.com/tributary-dev/tributary/ports/passwords"
)

// Fake is a cheap hasher that counts its work, so that a test can ask whether
// two answers cost the same without looking at a clock.
type Fake struct{ work atomic.Int64 }

var _ passwords.Hasher = (*Fake)(nil)

// NewFake makes a fake.
func NewFake() *Fake { return &Fake{} }

// Work is how many hashes were computed, by Hash and Verify together.
func (f *Fake) Work() int64 { return f.work.Load() }

var errBusy = fault.New(fault.Unavailable, "busy", "The server is busy.")

// Hash implements passwords.Hasher.
func (f *Fake) Hash(ctx context.Context, password secret.String) (string, error) {
	if err := ctx.Err(); err != nil {
		return "", errBusy.Because(err)
	}
	return f.derive(rand.Text(), password), nil
}

// Verify implements passwords.Hasher.
func (f *Fake) Verify(ctx context.Context, hash string, password secret.String) (bool, error) {
	if err := ctx.Err(); err != nil {
		return false, errBusy.Because(err)
	}
	salt, _, _ := strings.Cut(strings.TrimPrefix(hash, "fake$"), "$")
	return subtle.ConstantTimeCompare([]byte(hash), []byte(f.derive(salt, password))) == 1, nil
}

func (f *Fake) derive(salt string, password secret.String) string {
	f.work.Add(1)
	sum := sha256.Sum256([]byte(salt + "$" + password.Reveal()))
	return "fake$" + salt + "$" + hex.EncodeToString(sum[:])
}
