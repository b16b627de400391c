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
func (l Log) After(ctx context.Context, p usecase.Principal, seq int64, filter store.EventFilter, limit int, wait time.Duration) ([]event.Event, error) {
	if err := event.Check(filter.Names); err != nil {
		return nil, err
	}
	filter.User = p.User
	return l.waiting(ctx, p, wait, func() (found []event.Event, err error) {
		err = l.Store.View(ctx, func(tx store.Tx) error {
			found, err = tx.Events().After(ctx, p.Client, seq, filter, limit)
			return err
		})
		return found, err
	})
}
