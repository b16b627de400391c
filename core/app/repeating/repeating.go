// Package repeating lets a call that is sent again have one effect and one
// answer. It knows nothing of what the calls do.
//
// Invariants: of all who send one call, one works on it at a time; once it had
// its effect it never has it again, whatever was killed between; a request is
// kept as a hash only, whose key is the caller's own.
package repeating

import (
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"time"

	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/ports/sealer"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
)

// Service implements usecase.Attempts. Now is real time.
type Service struct {
	Store store.Store
	Now   func() time.Time
	// Lease is how long one may work on a call; Lease unless given.
	Lease time.Duration
	// Box, if any, seals the answers that are kept: some tell a secret this once.
	Box sealer.Box
}

var _ usecase.Attempts = Service{}

// Life is how long an answer is kept.
const Life = 24 * time.Hour

// Lease is how long one may work on a call; an answer takes no longer.
const Lease = time.Minute

// Errors.
var (
	ErrInFlight = &fault.Error{
		Kind: fault.Conflict, Code: "idempotency_in_flight", RetryAfter: time.Second,
		Message: "The first call with this Idempotency-Key is still at work.",
	}
	ErrMismatch = fault.New(fault.Invalid, "idempotency_mismatch", "This Idempotency-Key was used for another request.").
			With(fault.At("header.Idempotency-Key", "belongs to another request"))
	ErrLost = fault.New(fault.Conflict, "idempotency_answer_lost",
		"The first call with this Idempotency-Key took effect, but its answer was lost. Look for what it made.")
)

// errRace says that another added the attempt between our look and our write.
var errRace = errors.New("repeating: another was first")

// Begin implements usecase.Attempts.
func (s Service) Begin(ctx context.Context, p usecase.Principal, sent usecase.Sending) (taken usecase.Attempt, err error) {
	for range 3 {
		err = s.Store.Update(ctx, store.Fence{}, func(tx store.Tx) (err error) {
			taken, err = s.begin(ctx, tx, p, sent)
			return err
		})
		if !errors.Is(err, errRace) {
			return taken, err
		}
	}
	return usecase.Attempt{}, ErrInFlight.Because(err)
}

func (s Service) begin(ctx context.Context, tx store.Tx, p usecase.Principal, sent usecase.Sending) (usecase.Attempt, error) {
	now := s.Now()
	if err := tx.Attempts().Sweep(ctx, now); err != nil {
		return usecase.Attempt{}, err
	}
	fresh := store.Attempt{
		Hash: name(p, sent.Key), Owner: p.Owner(), Fingerprint: fingerprint(p, sent),
		Epoch: 1, LeaseUntil: now.Add(cmp.Or(s.Lease, Lease)), ExpiresAt: now.Add(Life), CreatedAt: now,
	}
	found, err := tx.Attempts().Get(ctx, fresh.Hash)
	switch {
	case fault.IsNotFound(err):
		if err := tx.Attempts().Add(ctx, fresh); fault.KindOf(err) == fault.Conflict {
			return usecase.Attempt{}, errors.Join(errRace, err)
		} else if err != nil {
			return usecase.Attempt{}, err
		}
		return usecase.Attempt{ID: fresh.Hash, Epoch: fresh.Epoch}, nil
	case err != nil:
		return usecase.Attempt{}, err
	}
	return s.again(ctx, tx, found, fresh)
}

// again decides about a call that was sent before.
func (s Service) again(ctx context.Context, tx store.Tx, found, fresh store.Attempt) (usecase.Attempt, error) {
	switch {
	case found.Fingerprint != fresh.Fingerprint:
		return usecase.Attempt{}, ErrMismatch
	case found.Status != 0:
		body, err := s.open(found)
		return usecase.Attempt{ID: found.Hash, Epoch: found.Epoch, Earlier: &usecase.Answer{
			Status: found.Status, Location: found.Location, Body: body,
		}}, err
	case fresh.CreatedAt.Before(found.LeaseUntil):
		return usecase.Attempt{}, ErrInFlight
	case found.Done:
		return usecase.Attempt{}, ErrLost
	}
	found.Epoch, found.LeaseUntil = found.Epoch+1, fresh.LeaseUntil
	return usecase.Attempt{ID: found.Hash, Epoch: found.Epoch}, tx.Attempts().Put(ctx, found)
}

// Finish implements usecase.Attempts. A turn that another has taken since
// changes nothing.
func (s Service) Finish(ctx context.Context, a usecase.Attempt, answer usecase.Answer) error {
	return s.Store.Update(ctx, store.Fence{}, func(tx store.Tx) error {
		found, err := mine(ctx, tx, a)
		if err != nil {
			return err
		}
		if found.Body, err = s.seal(found, answer.Body); err != nil {
			return err
		}
		found.Status, found.Location, found.LeaseUntil = answer.Status, answer.Location, time.Time{}
		if answer.About != "" {
			found.Owner.User = answer.About
		}
		return tx.Attempts().Put(ctx, found)
	})
}

// Abandon implements usecase.Attempts. What had its effect is not forgotten.
func (s Service) Abandon(ctx context.Context, a usecase.Attempt) error {
	return s.Store.Update(ctx, store.Fence{}, func(tx store.Tx) error {
		found, err := mine(ctx, tx, a)
		if err != nil || found.Done {
			return err
		}
		return tx.Attempts().Delete(ctx, a.ID)
	})
}

// mine is the attempt, while nobody else works on it.
func mine(ctx context.Context, tx store.Tx, a usecase.Attempt) (store.Attempt, error) {
	found, err := tx.Attempts().Get(ctx, a.ID)
	if fault.IsNotFound(err) || (err == nil && (found.Epoch != a.Epoch || found.Status != 0)) {
		return found, ErrInFlight
	}
	return found, err
}

// name finds an attempt: a key belongs to a client.
func name(p usecase.Principal, key string) string {
	sum := sha256.Sum256([]byte(string(p.Client) + "\x00" + key))
	return hex.EncodeToString(sum[:])
}

// fingerprint covers who asks, for what, and the body. It is keyed with the
// caller's key, which is not kept: a password in the body cannot be guessed
// from it.
func fingerprint(p usecase.Principal, sent usecase.Sending) string {
	mac := hmac.New(sha256.New, []byte(sent.Key))
	for _, part := range []string{string(p.Client), string(p.User), sent.Route, string(sent.Body)} {
		sum := sha256.Sum256([]byte(part))
		mac.Write(sum[:])
	}
	return hex.EncodeToString(mac.Sum(nil))
}
