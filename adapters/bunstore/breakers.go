package bunstore

import (
	"context"

	"github.com/uptrace/bun"

	"github.com/tributary-dev/tributary/core/schedule"
	"github.com/tributary-dev/tributary/ports/store"
)

// Breakers implements store.Tx.
func (tx *transaction) Breakers() store.Breakers { return breakers{tx} }

type breakers struct{ *transaction }

type breakerRow struct {
	bun.BaseModel `bun:"table:breakers"`
	Channel       string `bun:"channel,pk"`
	Failures      int    `bun:"failures"`
	FailingSince  *int64 `bun:"failing_since"`
	Trips         int    `bun:"trips"`
	OpenUntil     *int64 `bun:"open_until"`
	ProbeUntil    *int64 `bun:"probe_until"`
}

func (r breakerRow) breaker() schedule.Breaker {
	return schedule.Breaker{
		Failures: r.Failures, Since: knownInstant(r.FailingSince), Trips: r.Trips,
		Until: knownInstant(r.OpenUntil), Probe: knownInstant(r.ProbeUntil),
	}
}

func (t breakers) Get(ctx context.Context, channel string) (schedule.Breaker, error) {
	rows, err := scan[breakerRow](ctx, t.transaction, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("channel = ?", channel)
	})
	if err != nil || len(rows) == 0 {
		return schedule.Breaker{}, err
	}
	return rows[0].breaker(), nil
}

func (t breakers) Put(ctx context.Context, channel string, b schedule.Breaker) error {
	return put(ctx, t.transaction, "channel", breakerRow{
		Channel: channel, Failures: b.Failures, FailingSince: known(b.Since), Trips: b.Trips,
		OpenUntil: known(b.Until), ProbeUntil: known(b.Probe),
	})
}

func (t breakers) All(ctx context.Context) (map[string]schedule.Breaker, error) {
	var rows []breakerRow
	if err := t.db.NewSelect().Model(&rows).Scan(ctx); err != nil {
		return nil, t.store.fail(err)
	}
	all := map[string]schedule.Breaker{}
	for _, r := range rows {
		if b := r.breaker(); !b.Quiet() {
			all[r.Channel] = b
		}
	}
	return all, nil
}
