package category_test

import (
	"testing"

	"github.com/tributary-dev/tributary/core/category"
	"github.com/tributary-dev/tributary/core/money"
)

// BenchmarkName makes of a raw label what people read: label, merchant, category.
func BenchmarkName(b *testing.B) {
	amount := money.Must("-12.30", "EUR")
	for _, raw := range []string{
		"CARD SHOP 17", "CB CARREFOUR MARKET PARIS 11 12/03/26", "PRLV SEPA EDF CLIENTS PARTICULIERS REF: 004512AB99", "VIR INST DE MME DUPONT MARIE",
	} {
		b.Run(raw, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				category.CleanLabel(raw)
				category.Assign(category.Movement{Amount: amount, Type: "POINT_OF_SALE", Label: raw})
			}
		})
	}
}
