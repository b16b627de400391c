package bunstore

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/sandbox"
	"github.com/tributary-dev/tributary/ports/store"
)

type configurationRow struct {
	bun.BaseModel `bun:"table:configurations"`
	ID            ident.Configuration `bun:"id,pk"`
	ClientID      ident.Client        `bun:"client_id"`
	Bank          string              `bun:"bank"`
	Text          []byte              `bun:"content,nullzero"`
	CreatedAt     int64               `bun:"created_at"`
}

func (r configurationRow) domain() (sandbox.Configuration, error) {
	return sandbox.Configuration{ID: r.ID, ClientID: r.ClientID, Bank: r.Bank, Text: blob(r.Text), CreatedAt: instant(r.CreatedAt)}, nil
}

func (r configurationRow) place() store.Key { return keyOf(r.CreatedAt, string(r.ID)) }

// Configurations implements store.Tx.
func (tx *transaction) Configurations() store.Configurations { return configurations{tx} }

type configurations struct{ *transaction }

func (t configurations) Get(ctx context.Context, client ident.Client, id ident.Configuration) (sandbox.Configuration, error) {
	return first[configurationRow](ctx, t.transaction, sandbox.ErrNotFound, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("id = ?", id).Where("client_id = ?", client)
	})
}

func (t configurations) Put(ctx context.Context, c sandbox.Configuration) error {
	return put(ctx, t.transaction, "id", configurationRow{
		ID: c.ID, ClientID: c.ClientID, Bank: c.Bank, Text: blob(c.Text), CreatedAt: micros(c.CreatedAt),
	})
}

func (t configurations) Delete(ctx context.Context, client ident.Client, id ident.Configuration) error {
	count, err := remove[configurationRow](ctx, t.transaction, "id = ? AND client_id = ?", id, client)
	if err == nil && count == 0 {
		return sandbox.ErrNotFound
	}
	return err
}

func (t configurations) List(ctx context.Context, client ident.Client, page store.Page) (store.Slice[sandbox.Configuration], error) {
	return t.page(ctx, page, func(q *bun.SelectQuery) *bun.SelectQuery { return q.Where("client_id = ?", client) })
}

func (t configurations) All(ctx context.Context, page store.Page) (store.Slice[sandbox.Configuration], error) {
	return t.page(ctx, page, func(q *bun.SelectQuery) *bun.SelectQuery { return q })
}

func (t configurations) page(ctx context.Context, page store.Page, shaped shape) (store.Slice[sandbox.Configuration], error) {
	return list[configurationRow](ctx, t.transaction, byTime[ident.Configuration]("created_at", false), page,
		func(q *bun.SelectQuery) *bun.SelectQuery { return shaped(q).ExcludeColumn("content") })
}

// clockRow is one row, which the migration made: there is always one to lock.
type clockRow struct {
	bun.BaseModel `bun:"table:sandbox_clock"`
	ID            string `bun:"id,pk"`
	Offset        int64  `bun:"offset_seconds"`
	Revision      int64  `bun:"revision"`
}

const theClock = "clock"

func (r clockRow) domain() (sandbox.Clock, error) {
	return sandbox.Clock{Offset: time.Duration(r.Offset) * time.Second, Revision: r.Revision}, nil
}

// Clock implements store.Tx.
func (tx *transaction) Clock() store.Clock { return clock{tx} }

type clock struct{ *transaction }

var errNoClock = fault.New(fault.Internal, "storage_corrupt", "The clock's row is missing.")

func (t clock) Get(ctx context.Context) (sandbox.Clock, error) {
	return first[clockRow](ctx, t.transaction, errNoClock, func(q *bun.SelectQuery) *bun.SelectQuery { return q.Where("id = ?", theClock) })
}

func (t clock) Put(ctx context.Context, c sandbox.Clock) error {
	return put(ctx, t.transaction, "id", clockRow{ID: theClock, Offset: int64(c.Offset / time.Second), Revision: c.Revision})
}
