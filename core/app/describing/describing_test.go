package describing_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/app/describing"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/core/money"
)

func TestRow_says_what_people_read(t *testing.T) {
	t.Parallel()
	row := ledger.Row{Amount: money.Must("-42.10", "EUR"), Label: "CB CARREFOUR CITY PARIS 11 02/03", MerchantCode: "5411"}
	described := describing.Row(row)
	require.Equal(t, "food.groceries", described.Category.ID)
	require.Equal(t, "ENGINE", described.Category.Source)
	require.NotContains(t, described.Label, "02/03")
	require.Equal(t, described, describing.Transaction(ledger.Transaction{Amount: row.Amount, RawLabel: row.Label, MerchantCode: "5411"}))
}
