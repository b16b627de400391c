// Package argon owns password hashing with Argon2id. It knows nothing of users
// or of the rule for passwords.
//
// Invariants: an answer of no costs as much for a hash that is missing or
// broken as for a wrong password; never more hashes run at once than allowed,
// so that memory stays bounded; a stored hash never makes it do more work than
// its bounds allow.
package argon

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"io"
	"runtime"
	"time"

	"golang.org/x/crypto/argon2"

	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/secret"
	"github.com/tributary-dev/tributary/ports/passwords"
)

// Config of a hasher. The zero Config is a good one.
type Config struct {
	// Concurrency is how many hashes run at once, each with 19 MiB; 0 is one
	// per processor.
	Concurrency int
	// Rand gives salts; nil is crypto/rand.
	Rand io.Reader
}

// Hasher implements passwords.Hasher.
type Hasher struct {
	rand  io.Reader
	turns chan struct{}
	// derive is argon2id; tests count and hold it.
	derive func(password []byte, e encoded) []byte
	// decoy is what is computed where there is nothing to compare with.
	decoy encoded
}

var _ passwords.Hasher = (*Hasher)(nil)

// ErrBusy says that the caller's time ended before its turn came.
var ErrBusy = &fault.Error{
	Kind: fault.Unavailable, Code: "busy", Message: "The server is busy. Try again in a moment.", RetryAfter: time.Second,
}

var errSalt = fault.New(fault.Internal, "hashing_failed", "The password could not be hashed.")

// New makes a hasher.
func New(config Config) *Hasher {
	if config.Concurrency <= 0 {
		config.Concurrency = runtime.NumCPU()
	}
	if config.Rand == nil {
		config.Rand = rand.Reader //nolint:forbidigo // the source where cmd names none
	}
	return &Hasher{
		rand: config.Rand, turns: make(chan struct{}, config.Concurrency), derive: derive,
		decoy: encoded{settings: current, salt: make([]byte, saltLength), key: make([]byte, keyLength)},
	}
}

// Hash implements passwords.Hasher: a PHC string of Argon2id with the current
// settings and a salt of its own.
func (h *Hasher) Hash(ctx context.Context, password secret.String) (string, error) {
	e := encoded{settings: current, salt: make([]byte, saltLength), key: make([]byte, keyLength)}
	if _, err := io.ReadFull(h.rand, e.salt); err != nil {
		return "", errSalt.Because(err)
	}
	key, err := h.inTurn(ctx, password, e)
	if err != nil {
		return "", err
	}
	e.key = key
	return e.String(), nil
}

// Verify implements passwords.Hasher. A hash keeps the settings it was made
// with, as long as they are within bounds.
func (h *Hasher) Verify(ctx context.Context, hash string, password secret.String) (bool, error) {
	stored, known := parse(hash)
	if !known {
		stored = h.decoy
	}
	key, err := h.inTurn(ctx, password, stored)
	if err != nil {
		return false, err
	}
	equal := subtle.ConstantTimeCompare(key, stored.key) == 1
	return equal && known, nil
}

func (h *Hasher) inTurn(ctx context.Context, password secret.String, e encoded) ([]byte, error) {
	if err := ctx.Err(); err != nil { // select would choose at random
		return nil, ErrBusy.Because(err)
	}
	select {
	case h.turns <- struct{}{}:
		defer func() { <-h.turns }()
		return h.derive([]byte(password.Reveal()), e), nil
	case <-ctx.Done():
		return nil, ErrBusy.Because(ctx.Err())
	}
}

func derive(password []byte, e encoded) []byte {
	return argon2.IDKey(password, e.salt, e.passes, e.memory, e.lanes, uint32(len(e.key))) //nolint:gosec // bounded when it was read
}
