package widget

import (
	"slices"

	"github.com/tributary-dev/tributary/core/bank"
)

// Offer is one way to reach a bank.
type Offer struct {
	ID    string
	Type  bank.ChannelType
	Types []bank.AccountType
}

// Ways chooses how a bank is reached: by its PSD2 interface for what that gives,
// and by its web site for the rest of what is wanted, in this order. None is a
// bank that has nothing of it.
func (o Order) Ways(offers []Offer) (chosen []Offer) {
	missing := o.Accounts.Wanted()
	for _, kind := range []bank.ChannelType{bank.Redirect, bank.Embedded} {
		for _, offer := range offers {
			if offer.Type != kind || (len(o.Channels) > 0 && !slices.Contains(o.Channels, kind)) {
				continue
			}
			left := slices.DeleteFunc(slices.Clone(missing), func(t bank.AccountType) bool { return slices.Contains(offer.Types, t) })
			if len(left) < len(missing) {
				chosen, missing = append(chosen, offer), left
			}
		}
	}
	return chosen
}
