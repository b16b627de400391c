// Package describing makes of what a bank wrote what people read: a clean
// label, the merchant, a category. It brings the ledger and the categories
// together, which do not know each other, and it is pure: the same row is
// described the same way at any time.
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

// Transaction describes a movement that is known.
func Transaction(t ledger.Transaction) ledger.Description { return Row(t.Told()) }
