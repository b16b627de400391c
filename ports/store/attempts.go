package store

import (
	"context"
	"time"
)

// Attempts are calls that their callers may send again (Idempotency-Key), by
// hash. The store sees neither a key nor a request.
type Attempts interface {
	// Add fails with a Conflict fault where there is one of this hash.
	Add(ctx context.Context, a Attempt) error
	// Get fails with a NotFound fault. Inside Update, it locks the row.
	Get(ctx context.Context, hash string) (Attempt, error)
	// Put replaces one, or inserts it.
	Put(ctx context.Context, a Attempt) error
	// Delete forgets one; one that is not there is no error.
	Delete(ctx context.Context, hash string) error
	// Sweep deletes those that ended before a time.
	Sweep(ctx context.Context, before time.Time) error
}

// Attempt is what is known of one call. It goes with the user that its owner
// names.
type Attempt struct {
	Hash  string
	Owner Owner
	// Fingerprint tells another request from this one, and nothing of either.
	Fingerprint string
	// Epoch rises each time somebody starts to work on it, until LeaseUntil.
	Epoch      int64
	LeaseUntil time.Time
	// Done is set in the transaction of the effect, Status once there is an answer.
	Done      bool
	Status    int
	Location  string
	Body      []byte
	ExpiresAt time.Time
	CreatedAt time.Time
}
