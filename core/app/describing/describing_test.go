package describing_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/app/describing"
	"github.com/tributary-dev/tributary/core/category"
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

func TestUnder_rules_hide_the_engine(t *testing.T) {
	t.Parallel()
	row := ledger.Row{Amount: money.Must("-42.10", "EUR"), Label: "CB CARREFOUR CITY PARIS 11 02/03", Counterparty: "Les Halles SA", MerchantCode: "5411"}
	plain := describing.Row(row)
	require.Equal(t, plain, describing.Under(category.Rules{})(row))
	for text, want := range map[string]string{
		"cb carrefour": "RULE", // in the raw label only
		plain.Label:    "RULE", "les halles": "RULE", "nowhere": "ENGINE", "5411": "ENGINE",
	} {
		rules := category.Arrange([]category.Rule{{ID: "rul_1", Text: text, Direction: category.Debit, CategoryID: "leisure.outings"}})
		described := describing.Under(rules)(row)
		require.Equal(t, want, described.Category.Source, text)
		require.Equal(t, plain.Label, described.Label)
		require.Equal(t, plain.Merchant, described.Merchant)
		rule, found := describing.Decider(rules, row)
		require.Equal(t, want == "RULE", found)
		if found {
			require.Equal(t, ledger.Category{ID: rule.CategoryID, Source: ledger.SourceRule, Confidence: 1}, described.Category)
		} else {
			require.Equal(t, plain, described)
		}
	}
}
