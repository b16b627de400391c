package bunstore

import (
	"context"
	"errors"

	"github.com/uptrace/bun"

	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/user"
	"github.com/tributary-dev/tributary/ports/store"
)

type userRow struct {
	bun.BaseModel `bun:"table:users"`
	ID            ident.User   `bun:"id,pk"`
	ClientID      ident.Client `bun:"client_id"`
	Email         string       `bun:"email"`
	EmailKey      string       `bun:"email_key"`
	ExternalID    string       `bun:"external_id"`
	PasswordHash  string       `bun:"password_hash"`
	SealedKey     []byte       `bun:"sealed_key,nullzero"`
	CreatedAt     int64        `bun:"created_at"`
}

func userRowOf(u *user.User) userRow {
	return userRow{
		ID: u.ID, ClientID: u.ClientID, Email: u.Email, EmailKey: u.EmailKey, ExternalID: u.ExternalID,
		PasswordHash: u.PasswordHash, SealedKey: blob(u.SealedKey), CreatedAt: micros(u.CreatedAt),
	}
}

func (r userRow) domain() (*user.User, error) {
	return &user.User{
		ID: r.ID, ClientID: r.ClientID, Email: r.Email, EmailKey: r.EmailKey, ExternalID: r.ExternalID,
		PasswordHash: r.PasswordHash, SealedKey: blob(r.SealedKey), CreatedAt: instant(r.CreatedAt),
	}, nil
}

func (r userRow) place() store.Key { return keyOf(r.CreatedAt, string(r.ID)) }

type users struct{ *transaction }

func (t users) Get(ctx context.Context, owner store.Owner, id ident.User) (*user.User, error) {
	if owner.User != "" && owner.User != id {
		return nil, user.ErrNotFound
	}
	return t.find(ctx, owner.Client, term{"id", string(id)})
}

func (t users) ByEmail(ctx context.Context, client ident.Client, emailKey string) (*user.User, error) {
	return t.find(ctx, client, term{"email_key", emailKey})
}

func (t users) ByExternalID(ctx context.Context, client ident.Client, externalID string) (*user.User, error) {
	return t.find(ctx, client, term{"external_id", externalID})
}

func (t users) find(ctx context.Context, client ident.Client, by term) (*user.User, error) {
	if by.value == "" {
		return nil, user.ErrNotFound
	}
	return first[userRow](ctx, t.transaction, user.ErrNotFound, func(q *bun.SelectQuery) *bun.SelectQuery {
		return identified(q.Where("client_id = ?", client), by)
	})
}

func (t users) Put(ctx context.Context, u *user.User) error {
	err := t.attempt(ctx, func() error { return put(ctx, t.transaction, "id", userRowOf(u)) })
	if errors.Is(err, errNotUnique) {
		return user.ErrTaken.Because(err)
	}
	if err != nil {
		return err
	}
	return t.record(u.ClientID, u.Drain())
}

func (t users) Delete(ctx context.Context, u *user.User) error {
	if err := t.vacate(ctx, u); err != nil {
		return err
	}
	count, err := remove[userRow](ctx, t.transaction, "id = ? AND client_id = ?", u.ID, u.ClientID)
	if err != nil {
		return err
	}
	if count == 0 {
		return user.ErrNotFound
	}
	return t.record(u.ClientID, u.Drain())
}

// vacate tells of all transactions of a user.
func (t users) vacate(ctx context.Context, u *user.User) error {
	if _, err := seal[userRow](ctx, t.transaction, "id = ? AND client_id = ?", u.ID, u.ClientID); err != nil {
		return err
	}
	if _, err := seal[connectionRow](ctx, t.transaction, "user_id = ? AND client_id = ?", u.ID, u.ClientID); err != nil {
		return err
	}
	return t.leave(ctx, "user_id = ? AND client_id = ?", u.ID, u.ClientID)
}

func (t users) List(ctx context.Context, client ident.Client, filter store.UserFilter, page store.Page) (store.Slice[*user.User], error) {
	return list[userRow](ctx, t.transaction, byTime[ident.User]("created_at", false), page,
		func(q *bun.SelectQuery) *bun.SelectQuery {
			return identified(q.Where("client_id = ?", client),
				term{"email_key", user.EmailKey(filter.Email)}, term{"external_id", filter.ExternalID})
		})
}

// identified is equal for the columns of the partial indices, which a planner
// uses only where their own condition is repeated.
func identified(q *bun.SelectQuery, by ...term) *bun.SelectQuery {
	for _, t := range by {
		if t.value != "" {
			q = q.Where("? <> ''", bun.Ident(t.column))
		}
	}
	return equal(q, by...)
}
