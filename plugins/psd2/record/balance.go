package record

import (
	"slices"

	"github.com/tributary-dev/tributary/plugins/sdk"
)

// OneBooked leaves the newest of several booked balances: that of last evening stands beside that of now.
func OneBooked(balances []sdk.Balance) []sdk.Balance {
	newest := -1
	for i, b := range balances {
		if b.Type == sdk.BalanceBooked && (newest < 0 || !b.AsOf.Before(balances[newest].AsOf)) {
			newest = i
		}
	}
	for i := range balances {
		if balances[i].Type == sdk.BalanceBooked && i != newest {
			balances[i].Type = sdk.BalanceOther
		}
	}
	return slices.Clip(balances)
}
