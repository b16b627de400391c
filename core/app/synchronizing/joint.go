package synchronizing

import (
	"context"

	"github.com/tributary-dev/tributary/core/app/joining"
)

// joint looks for accounts that another connection shows too, where this fetch
// brought an account or changed one.
func (b *books) joint(ctx context.Context) error {
	if b.counts.accountsAdded+b.counts.accountsUpdated == 0 {
		return nil
	}
	changed, err := joining.Accounts(ctx, b.tx, b.owner())
	for _, account := range changed {
		if account.ConnectionID != b.run.ConnectionID {
			b.counts.accountsUpdated++
		}
	}
	return err
}
