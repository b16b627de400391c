package ruling

import (
	"context"

	"github.com/tributary-dev/tributary/core/app/describing"
	"github.com/tributary-dev/tributary/core/category"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/ports/store"
)

// Describe gives the description of rows under the rules that apply to a user
// now. They are read once, whatever the number of rows.
func Describe(ctx context.Context, tx store.Tx, owner store.Owner) (func(ledger.Row) ledger.Description, error) {
	rules, err := tx.Rules().Over(ctx, owner)
	if err != nil {
		return nil, err
	}
	return describing.Under(category.Arrange(rules)), nil
}
