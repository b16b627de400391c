package bunstore

import (
	"context"

	"github.com/uptrace/bun"

	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/ports/store"
)

type connectionRow struct {
	bun.BaseModel         `bun:"table:connections"`
	ID                    ident.Connection      `bun:"id,pk"`
	ClientID              ident.Client          `bun:"client_id"`
	UserID                ident.User            `bun:"user_id"`
	ProviderID            string                `bun:"provider_id"`
	Name                  string                `bun:"name"`
	Status                connection.Status     `bun:"status"`
	AutoSync              bool                  `bun:"auto_sync"`
	Selective             bool                  `bun:"selective"`
	CreatedAt             int64                 `bun:"created_at"`
	LastSynchronizationID ident.Synchronization `bun:"last_synchronization_id"`
	LastSuccessAt         *int64                `bun:"last_success_at"`
	NextSynchronizationAt *int64                `bun:"next_synchronization_at"`
}

func connectionRowOf(c *connection.Connection) connectionRow {
	return connectionRow{
		ID: c.ID, ClientID: c.ClientID, UserID: c.UserID, ProviderID: c.ProviderID, Name: c.Name, Status: c.Status,
		AutoSync: c.AutoSync, Selective: c.Selective, CreatedAt: micros(c.CreatedAt), LastSynchronizationID: c.LastSynchronizationID,
		LastSuccessAt: known(c.LastSuccessAt), NextSynchronizationAt: known(c.NextSynchronizationAt),
	}
}

// domain gives the connection without its channels; withChannels adds them.
func (r connectionRow) domain() (*connection.Connection, error) {
	return &connection.Connection{
		ID: r.ID, ClientID: r.ClientID, UserID: r.UserID, ProviderID: r.ProviderID, Name: r.Name, Status: r.Status,
		AutoSync: r.AutoSync, Selective: r.Selective, CreatedAt: instant(r.CreatedAt), LastSynchronizationID: r.LastSynchronizationID,
		LastSuccessAt: knownInstant(r.LastSuccessAt), NextSynchronizationAt: knownInstant(r.NextSynchronizationAt),
	}, nil
}

func (r connectionRow) place() store.Key { return keyOf(r.CreatedAt, string(r.ID)) }

type connections struct{ *transaction }

func (t connections) Get(ctx context.Context, owner store.Owner, id ident.Connection) (*connection.Connection, error) {
	c, err := first[connectionRow](ctx, t.transaction, connection.ErrNotFound, func(q *bun.SelectQuery) *bun.SelectQuery {
		return ownedBy(q.Where("id = ?", id), owner)
	})
	if err != nil {
		return nil, err
	}
	return c, t.withChannels(ctx, c)
}

// Rows are counted here: no database groups some hundred rows without sorting them.
const newestProviders = "SELECT provider_id FROM connections WHERE client_id = ? ORDER BY created_at DESC, id DESC LIMIT ?"

func (t connections) Popular(ctx context.Context, client ident.Client, newest int) (map[string]int, error) {
	if newest < 1 {
		return nil, errLimit
	}
	var providers []string
	if err := t.db.NewRaw(newestProviders, client, newest).Scan(ctx, &providers); err != nil {
		return nil, t.store.fail(err)
	}
	counts := map[string]int{}
	for _, provider := range providers {
		counts[provider]++
	}
	return counts, nil
}

func (t connections) Put(ctx context.Context, c *connection.Connection) error {
	if err := put(ctx, t.transaction, "id", connectionRowOf(c)); err != nil {
		return err
	}
	if err := t.putChannels(ctx, c); err != nil {
		return err
	}
	return t.record(c.ClientID, c.Drain())
}

func (t connections) Delete(ctx context.Context, c *connection.Connection) error {
	const own = "client_id = ? AND user_id = ? AND "
	if _, err := seal[connectionRow](ctx, t.transaction, own+"id = ?", c.ClientID, c.UserID, c.ID); err != nil {
		return err
	}
	if err := t.leave(ctx, own+"connection_id = ?", c.ClientID, c.UserID, c.ID); err != nil {
		return err
	}
	count, err := remove[connectionRow](ctx, t.transaction, own+"id = ?", c.ClientID, c.UserID, c.ID)
	if err != nil {
		return err
	}
	if count == 0 {
		return connection.ErrNotFound
	}
	return t.record(c.ClientID, c.Drain())
}

func (t connections) List(ctx context.Context, owner store.Owner, filter store.ConnectionFilter, page store.Page) (store.Slice[*connection.Connection], error) {
	found, err := list[connectionRow](ctx, t.transaction, byTime[ident.Connection]("created_at", false), page,
		func(q *bun.SelectQuery) *bun.SelectQuery {
			return equal(ownedBy(q, owner), term{"provider_id", filter.Provider}, term{"status", string(filter.Status)})
		})
	if err != nil {
		return found, err
	}
	return found, t.withChannels(ctx, found.Items...)
}
