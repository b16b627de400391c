package ledger

import (
	"slices"
	"strings"

	"github.com/tributary-dev/tributary/core/ident"
)

// Joint finds accounts of one user that are one account, seen through several
// connections: a joint account whose holders both connected their bank. The
// same IBAN, currency and kind say so. They stay several accounts, because each
// connection tells its own; SameAs lets a client count them once. It gives those
// whose SameAs changes.
func Joint(accounts []Account) (changed []Account) {
	for _, a := range accounts {
		same := sameAs(a, accounts)
		if !slices.Equal(same, a.SameAs) {
			a.SameAs = same
			changed = append(changed, a)
		}
	}
	return changed
}

func sameAs(a Account, accounts []Account) (same []ident.Account) {
	for _, b := range accounts {
		one := a.ID != b.ID && a.ConnectionID != b.ConnectionID && !a.Deleted && !b.Deleted && a.UserID == b.UserID
		if one && compact(a.IBAN) != "" && compact(a.IBAN) == compact(b.IBAN) && a.Currency == b.Currency && akin(a.Type, b.Type) {
			same = append(same, b.ID)
		}
	}
	slices.SortFunc(same, func(x, y ident.Account) int { return strings.Compare(string(x), string(y)) })
	return same
}
