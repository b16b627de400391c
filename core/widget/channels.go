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
func (o Order) Ways(offers []Offer) (chosen []Offer) { return o.Left(offers, nil) }

// Left are the ways of which a connection makes no use yet, for what is wanted and
// the channels that it uses do not give.
func (o Order) Left(offers, used []Offer) (chosen []Offer) {
	missing := o.Accounts.Wanted()
	for _, offer := range used {
		missing = without(missing, offer.Types)
	}
	for _, kind := range []bank.ChannelType{bank.Redirect, bank.Embedded} {
		for _, offer := range offers {
			if offer.Type != kind || (len(o.Channels) > 0 && !slices.Contains(o.Channels, kind)) || uses(used, offer) {
				continue
			}
			if left := without(missing, offer.Types); len(left) < len(missing) {
				chosen, missing = append(chosen, offer), left
			}
		}
	}
	return chosen
}

func without(types, given []bank.AccountType) []bank.AccountType {
	return slices.DeleteFunc(slices.Clone(types), func(t bank.AccountType) bool { return slices.Contains(given, t) })
}

func uses(used []Offer, offer Offer) bool {
	return slices.ContainsFunc(used, func(o Offer) bool { return o.ID == offer.ID })
}
