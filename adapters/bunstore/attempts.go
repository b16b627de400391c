package bunstore

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/ports/store"
)

type attemptRow struct {
	bun.BaseModel `bun:"table:attempts"`
	Hash          string       `bun:"hash,pk"`
	ClientID      ident.Client `bun:"client_id"`
	UserID        ident.User   `bun:"user_id,nullzero"`
	Fingerprint   string       `bun:"fingerprint"`
	Epoch         int64        `bun:"epoch"`
	LeaseUntil    *int64       `bun:"lease_until"`
	Done          bool         `bun:"done"`
	Status        int          `bun:"status"`
	Location      string       `bun:"location"`
	Body          []byte       `bun:"body,nullzero"`
	ExpiresAt     int64        `bun:"expires_at"`
	CreatedAt     int64        `bun:"created_at"`
}

func attemptRowOf(a store.Attempt) attemptRow {
	return attemptRow{
		Hash: a.Hash, ClientID: a.Owner.Client, UserID: a.Owner.User, Fingerprint: a.Fingerprint, Epoch: a.Epoch, LeaseUntil: known(a.LeaseUntil),
		Done: a.Done, Status: a.Status, Location: a.Location, Body: blob(a.Body), ExpiresAt: micros(a.ExpiresAt), CreatedAt: micros(a.CreatedAt),
	}
}

func (r attemptRow) domain() (store.Attempt, error) {
	return store.Attempt{
		Hash: r.Hash, Owner: store.Owner{Client: r.ClientID, User: r.UserID}, Fingerprint: r.Fingerprint, Epoch: r.Epoch,
		LeaseUntil: knownInstant(r.LeaseUntil), Done: r.Done, Status: r.Status, Location: r.Location, Body: blob(r.Body),
		ExpiresAt: instant(r.ExpiresAt), CreatedAt: instant(r.CreatedAt),
	}, nil
}

// Attempts implements store.Tx.
func (tx *transaction) Attempts() store.Attempts { return keptAttempts{tx} }

type keptAttempts struct{ *transaction }

var errNoAttempt = fault.New(fault.NotFound, "attempt_not_found", "There is no such attempt.")

func (t keptAttempts) Add(ctx context.Context, a store.Attempt) error {
	if t.readOnly {
		return errReadOnly
	}
	row := attemptRowOf(a)
	return t.attempt(ctx, func() error {
		_, err := t.db.NewInsert().Model(&row).Exec(ctx)
		return t.store.fail(err)
	})
}

func (t keptAttempts) Get(ctx context.Context, hash string) (store.Attempt, error) {
	return first[attemptRow](ctx, t.transaction, errNoAttempt, func(q *bun.SelectQuery) *bun.SelectQuery { return q.Where("hash = ?", hash) })
}

func (t keptAttempts) Put(ctx context.Context, a store.Attempt) error {
	return put(ctx, t.transaction, "hash", attemptRowOf(a))
}

func (t keptAttempts) Delete(ctx context.Context, hash string) error {
	_, err := remove[attemptRow](ctx, t.transaction, "hash = ?", hash)
	return err
}

func (t keptAttempts) Sweep(ctx context.Context, before time.Time) error {
	_, err := remove[attemptRow](ctx, t.transaction, "expires_at < ?", micros(before))
	return err
}
