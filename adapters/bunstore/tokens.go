package bunstore

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"github.com/tributary-dev/tributary/core/client"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/ports/store"
)

type tokenRow struct {
	bun.BaseModel `bun:"table:tokens"`
	Hash          string       `bun:"hash,pk"`
	Kind          string       `bun:"kind"`
	Family        string       `bun:"family"`
	ClientID      ident.Client `bun:"client_id"`
	UserID        ident.User   `bun:"user_id,nullzero"`
	Scopes        text         `bun:"scopes,nullzero"`
	Data          []byte       `bun:"data,nullzero"`
	ExpiresAt     *int64       `bun:"expires_at"`
	Revoked       bool         `bun:"revoked"`
	CreatedAt     int64        `bun:"created_at"`
}

func tokenRowOf(t store.Token) tokenRow {
	return tokenRow{
		Hash: t.Hash, Kind: t.Kind, Family: t.Family, ClientID: t.Owner.Client, UserID: t.Owner.User, Scopes: toText(t.Scopes),
		Data: blob(t.Data), ExpiresAt: known(t.ExpiresAt), Revoked: t.Revoked, CreatedAt: micros(t.CreatedAt),
	}
}

func (r tokenRow) domain() (store.Token, error) {
	scopes, err := fromText[[]client.Scope](r.Scopes)
	return store.Token{
		Hash: r.Hash, Kind: r.Kind, Family: r.Family, Owner: store.Owner{Client: r.ClientID, User: r.UserID}, Scopes: scopes,
		Data: blob(r.Data), ExpiresAt: knownInstant(r.ExpiresAt), Revoked: r.Revoked, CreatedAt: instant(r.CreatedAt),
	}, err
}

type tokens struct{ *transaction }

var errNoToken = fault.New(fault.NotFound, "token_not_found", "There is no such token.")

func (t tokens) Put(ctx context.Context, tokens ...store.Token) error {
	return put(ctx, t.transaction, "hash", each(tokens, tokenRowOf)...)
}

func (t tokens) Get(ctx context.Context, hash string) (store.Token, error) {
	return first[tokenRow](ctx, t.transaction, errNoToken, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("hash = ?", hash)
	})
}

func (t tokens) Revoke(ctx context.Context, hash string) error {
	return t.revoke(ctx, "hash = ?", hash)
}

func (t tokens) RevokeFamily(ctx context.Context, family string) error {
	return t.revoke(ctx, "family = ? AND family <> ''", family) // tokens without a family are no family
}

func (t tokens) revoke(ctx context.Context, condition, value string) error {
	if t.readOnly {
		return errReadOnly
	}
	_, err := t.db.NewUpdate().Model((*tokenRow)(nil)).Set("revoked = ?", true).Where(condition, value).Exec(ctx)
	return t.store.fail(err)
}

func (t tokens) Sweep(ctx context.Context, before time.Time) error {
	_, err := remove[tokenRow](ctx, t.transaction, "expires_at < ?", micros(before))
	return err
}
