package bunstore

import (
	"context"
	"encoding/json"
	"maps"
	"slices"

	"github.com/uptrace/bun"

	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/ports/store"
)

type eventRow struct {
	bun.BaseModel     `bun:"table:events"`
	ClientID          ident.Client     `bun:"client_id,pk"`
	Seq               int64            `bun:"seq,pk"`
	ID                ident.Event      `bun:"id"`
	Name              event.Name       `bun:"name"`
	Version           int              `bun:"version"`
	OccurredAt        int64            `bun:"occurred_at"`
	UserID            ident.User       `bun:"user_id"`
	ConnectionID      ident.Connection `bun:"connection_id"`
	ChannelDefinition string           `bun:"channel_definition"`
	Data              text             `bun:"data,nullzero"`
}

func (r eventRow) domain() (event.Event, error) {
	data, err := fromText[event.Data](r.Data)
	return event.Event{
		Draft: event.Draft{
			Name: r.Name, Version: r.Version, UserID: r.UserID, ConnectionID: r.ConnectionID,
			ChannelDefinition: r.ChannelDefinition, Data: data,
		},
		Seq: r.Seq, ID: r.ID, ClientID: r.ClientID, OccurredAt: instant(r.OccurredAt),
	}, err
}

// headRow counts a client's log.
type headRow struct {
	bun.BaseModel `bun:"table:event_heads,alias:event_heads"`
	ClientID      ident.Client `bun:"client_id,pk"`
	Seq           int64        `bun:"seq"`
}

type events struct{ *transaction }

func (t events) Append(_ context.Context, client ident.Client, drafts ...event.Draft) error {
	if t.readOnly {
		return errReadOnly
	}
	return t.record(client, drafts)
}

// record keeps drafts until the end of the transaction.
func (tx *transaction) record(client ident.Client, drafts []event.Draft) error {
	for _, d := range drafts {
		var data text
		if len(d.Data) > 0 {
			b, err := json.Marshal(d.Data)
			if err != nil {
				return fault.New(fault.Internal, "event_data", "An event holds what JSON cannot tell.").Because(err)
			}
			data = text(b)
		}
		if tx.pending == nil {
			tx.pending = map[ident.Client][]eventRow{}
		}
		tx.pending[client] = append(tx.pending[client], eventRow{
			ClientID: client, Name: d.Name, Version: d.Version, UserID: d.UserID, ConnectionID: d.ConnectionID,
			ChannelDefinition: d.ChannelDefinition, Data: data,
		})
	}
	return nil
}

// number draws numbers and stores what was recorded, as the last statements of
// the transaction: whoever else wants numbers of this client waits for the
// commit, so that numbers become visible in their order and none is missing.
// Clients go in the order of their ids, so that two transactions never wait for
// each other.
func (tx *transaction) number(ctx context.Context) (map[ident.Client]int64, error) {
	if err := tx.outspoken(); err != nil {
		return nil, err
	}
	heads := map[ident.Client]int64{}
	for _, client := range slices.Sorted(maps.Keys(tx.pending)) {
		rows := tx.pending[client]
		head := headRow{ClientID: client, Seq: int64(len(rows))}
		_, err := tx.db.NewInsert().Model(&head).On("CONFLICT (client_id) DO UPDATE").
			Set("seq = event_heads.seq + EXCLUDED.seq").Returning("seq").Exec(ctx)
		if err != nil {
			return nil, tx.store.fail(err)
		}
		heads[client] = head.Seq
		tx.stamp(rows, head.Seq-int64(len(rows)))
		if err := insert(ctx, tx, rows); err != nil {
			return nil, err
		}
		if err := tx.feed(ctx, client, head.Seq); err != nil {
			return nil, err
		}
	}
	return heads, nil
}

func (tx *transaction) stamp(rows []eventRow, before int64) {
	now := micros(tx.store.config.Clock())
	for i := range rows {
		rows[i].Seq = before + int64(i) + 1
		rows[i].ID = ident.New[ident.Event](tx.store.config.IDs)
		rows[i].OccurredAt = now
	}
}

func (t events) After(ctx context.Context, client ident.Client, seq int64, filter store.EventFilter, limit int) ([]event.Event, error) {
	if limit < 1 {
		return nil, errLimit
	}
	found, err := find[eventRow](ctx, t.transaction, func(q *bun.SelectQuery) *bun.SelectQuery {
		q = ownedBy(q, store.Owner{Client: client, User: filter.User}, term{"connection_id", string(filter.Connection)})
		return named(q, client, seq, filter, limit).OrderExpr("seq").Limit(int64(limit))
	})
	if err != nil || len(found) > 0 && found[0].Seq == seq+1 {
		return found, err
	}
	// Something is left out, by the filter or for its age. It is looked at after
	// the events: what is forgotten between the two is then told, and not passed over.
	tail, err := t.tail(ctx, client)
	if err == nil && max(seq, 0) < tail {
		return nil, event.Gone(tail + 1)
	}
	return found, err
}

func (t events) Oldest(ctx context.Context, client ident.Client) (int64, error) {
	tail, err := t.tail(ctx, client)
	return tail + 1, err
}

func (t events) At(ctx context.Context, client ident.Client, seqs ...int64) ([]event.Event, error) {
	return t.some(ctx, client, "seq IN (?)", len(seqs), bun.List(seqs))
}

func (t events) Named(ctx context.Context, client ident.Client, ids ...ident.Event) ([]event.Event, error) {
	return t.some(ctx, client, "id IN (?)", len(ids), bun.List(ids))
}

func (t events) some(ctx context.Context, client ident.Client, condition string, count int, list any) ([]event.Event, error) {
	if count == 0 {
		return nil, nil
	}
	return find[eventRow](ctx, t.transaction, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("client_id = ?", client).Where(condition, list).OrderExpr("seq")
	})
}

func (t events) Head(ctx context.Context, client ident.Client) (int64, error) {
	heads, err := t.Heads(ctx, client)
	return heads[client], err
}

// headsAtOnce bounds the parameters of one query.
const headsAtOnce = 1000

func (t events) Heads(ctx context.Context, clients ...ident.Client) (map[ident.Client]int64, error) {
	heads := make(map[ident.Client]int64, len(clients))
	for some := range slices.Chunk(clients, headsAtOnce) {
		found, err := scan[headRow](ctx, t.transaction, func(q *bun.SelectQuery) *bun.SelectQuery {
			return q.Where("client_id IN (?)", bun.List(some))
		})
		if err != nil {
			return nil, err
		}
		for _, head := range found {
			heads[head.ClientID] = head.Seq
		}
	}
	return heads, nil
}
