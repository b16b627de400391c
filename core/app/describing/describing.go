// Package describing makes of what a bank wrote what people read: a clean
// label, the merchant, a category. It brings the ledger and the categories
// together, which do not know each other, and it is pure: the same row is
// described the same way at any time under the same rules.
package describing

import (
	"github.com/tributary-dev/tributary/core/category"
	"github.com/tributary-dev/tributary/core/ledger"
)

// Row describes a row as the engine understands it.
func Row(row ledger.Row) ledger.Description {
	label, merchant := category.CleanLabel(row.Label)
	assigned := category.Assign(category.Movement{
		Amount: row.Amount, Type: string(row.Type), Label: row.Label, Counterparty: row.Counterparty, MerchantCode: row.MerchantCode,
	})
	return ledger.Description{
		Label: label, Merchant: merchant,
		Category: ledger.Category{ID: assigned.ID, Source: assigned.Source, Confidence: assigned.Confidence},
	}
}

// Transaction describes a movement that is known as the engine understands it.
func Transaction(t ledger.Transaction) ledger.Description { return Row(t.Told()) }

// Under gives the description of rows under rules: what a rule says hides what
// the engine says.
func Under(rules category.Rules) func(ledger.Row) ledger.Description {
	if rules.None() {
		return Row
	}
	return func(row ledger.Row) ledger.Description {
		described := Row(row)
		if rule, found := decider(rules, row, described.Label); found {
			described.Category = ledger.Category{ID: rule.CategoryID, Source: ledger.SourceRule, Confidence: 1}
		}
		return described
	}
}

// Decider is the rule that decides about a row, if any does.
func Decider(rules category.Rules, row ledger.Row) (category.Rule, bool) {
	label, _ := category.CleanLabel(row.Label)
	return decider(rules, row, label)
}

func decider(rules category.Rules, row ledger.Row, label string) (category.Rule, bool) {
	return rules.Find(row.Amount, label, row.Label, row.Counterparty)
}
