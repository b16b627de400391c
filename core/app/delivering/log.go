package delivering

import (
	"context"
	"time"

	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
)

// Log implements usecase.Events: it reads without remembering where.
type Log struct{ Service }

var _ usecase.Events = Log{}

// After implements usecase.Events.
func (l Log) After(ctx context.Context, p usecase.Principal, after *int64, filter store.EventFilter, limit int, wait time.Duration) ([]event.Event, error) {
	if err := event.Check(filter.Names); err != nil {
		return nil, err
	}
	filter.User = p.User
	return l.waiting(ctx, p, wait, l.Watch, func() (found []event.Event, err error) {
		err = l.Store.View(ctx, func(tx store.Tx) error {
			from, err := l.from(ctx, tx, p, after)
			if err != nil {
				return err
			}
			found, err = tx.Events().After(ctx, p.Client, from, filter, limit)
			return err
		})
		return found, err
	})
}

// from is where a reader begins: where it says, or with the oldest event there is.
func (Log) from(ctx context.Context, tx store.Tx, p usecase.Principal, after *int64) (int64, error) {
	if after != nil {
		return *after, nil
	}
	oldest, err := tx.Events().Oldest(ctx, p.Client)
	return oldest - 1, err
}
