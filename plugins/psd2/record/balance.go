package record

import (
	"slices"

	"github.com/tributary-dev/tributary/plugins/sdk"
)

// Balances are those of one account, in its own currency: an account in several is told once for each.
type Balances struct {
	Currency string
	kept     []sdk.Balance
}

// Add takes one more, unless it is of another account or there are more than the contract has room for.
func (b *Balances) Add(one sdk.Balance) {
	if one.Currency == b.Currency && len(b.kept) < MaxBalances {
		b.kept = append(b.kept, one)
	}
}

// All gives them, not nil. Of several booked ones the newest stays: that of last evening stands beside that of now.
func (b *Balances) All() []sdk.Balance {
	newest := -1
	for i, one := range b.kept {
		if one.Type == sdk.BalanceBooked && (newest < 0 || !one.AsOf.Before(b.kept[newest].AsOf)) {
			newest = i
		}
	}
	for i := range b.kept {
		if b.kept[i].Type == sdk.BalanceBooked && i != newest {
			b.kept[i].Type = sdk.BalanceOther
		}
	}
	return append([]sdk.Balance{}, slices.Clip(b.kept)...)
}
