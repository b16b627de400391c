package bunstore

import (
	"context"

	"github.com/uptrace/bun"

	"github.com/tributary-dev/tributary/core/provider"
	"github.com/tributary-dev/tributary/ports/store"
)

type outageRow struct {
	bun.BaseModel `bun:"table:outages"`
	Plugin        string `bun:"plugin,pk"`
	Since         int64  `bun:"since"`
}

// Outages implements store.Tx.
func (tx *transaction) Outages() store.Outages { return outages{tx} }

type outages struct{ *transaction }

func (t outages) Begin(ctx context.Context, o provider.Outage) (bool, error) {
	if t.readOnly {
		return false, errReadOnly
	}
	row := outageRow{Plugin: o.Plugin, Since: micros(o.Since)}
	result, err := t.db.NewInsert().Model(&row).On("CONFLICT (plugin) DO NOTHING").Exec(ctx)
	if err != nil {
		return false, t.store.fail(err)
	}
	count, err := result.RowsAffected()
	return count > 0, t.store.fail(err)
}

func (t outages) End(ctx context.Context, plugin string) (bool, error) {
	count, err := remove[outageRow](ctx, t.transaction, "plugin = ?", plugin)
	return count > 0, err
}
