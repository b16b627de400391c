package ledger

import (
	"slices"
	"strings"
	"time"

	"github.com/tributary-dev/tributary/core/ident"
)

// reachOfTransfer is how many days apart a bank books the two sides of a transfer.
const reachOfTransfer = 3

// transferring types can be one side of a transfer; of these, telling ones say
// that they are.
var (
	transferring = []Type{"", InternalTransfer, StandingOrder, Payment, Credit, Debit, Deposit, CreditCardPayment}
	telling      = []Type{InternalTransfer, StandingOrder, CreditCardPayment}
)

var wordsOfTransfer = []string{"vir", "virement", "transfer", "transfert"}

// TransferKey is what the two sides of a transfer between a user's accounts
// share: currency and amount without its sign. It is empty where the row cannot
// be a side: not booked, removed, paired already, or of a type that is no transfer.
func (t Transaction) TransferKey() string {
	paired := slices.ContainsFunc(t.Links, func(l Link) bool { return l.Type == TransferPair })
	if t.Removed || paired || t.Status != Booked || t.Amount.Sign() == 0 || !slices.Contains(transferring, t.Type) {
		return ""
	}
	return t.Amount.Currency() + " " + strings.TrimPrefix(t.Amount.Canonical(), "-")
}

// PairTransfers links the two sides of transfers between accounts of one user:
// the same amount in both directions, booked at most 3 days apart on different
// accounts, of which at least one says that it is a transfer, and each the only
// one that fits the other. fresh are the rows to pair, others what they may be
// paired with; a row may stand in both. It gives what it changed.
func PairTransfers(fresh, others []Transaction, now time.Time) (changed []Transaction, revisions []Revision) {
	rows := byID(append(slices.Clone(others), fresh...))
	sides := map[string][]*Transaction{}
	for _, t := range rows {
		if key := t.TransferKey(); key != "" {
			sides[key] = append(sides[key], t)
		}
	}
	isFresh := byID(fresh)
	for _, side := range sides {
		for _, t := range side {
			other := onlyCounterpart(t, side)
			if other == nil || onlyCounterpart(other, side) != t || t.Amount.Sign() > 0 || (isFresh[t.ID] == nil && isFresh[other.ID] == nil) {
				continue
			}
			revisions = append(revisions, join(t, other, now), join(other, t, now))
			changed = append(changed, *t, *other)
		}
	}
	slices.SortFunc(changed, func(a, b Transaction) int { return strings.Compare(string(a.ID), string(b.ID)) })
	return changed, revisions
}

func byID(rows []Transaction) map[ident.Transaction]*Transaction {
	found := make(map[ident.Transaction]*Transaction, len(rows))
	for i := range rows {
		found[rows[i].ID] = &rows[i]
	}
	return found
}

func onlyCounterpart(t *Transaction, side []*Transaction) *Transaction {
	var found *Transaction
	for _, other := range side {
		if !counterparts(t, other) {
			continue
		}
		if found != nil {
			return nil
		}
		found = other
	}
	return found
}

// counterparts asks first what costs nothing: of a long history every row is held to many.
func counterparts(a, b *Transaction) bool {
	if a.AccountID == b.AccountID || a.Amount.Sign() != -b.Amount.Sign() {
		return false
	}
	days, known := accountingDay(rowOf(*a)).DaysTo(accountingDay(rowOf(*b)))
	return known && max(days, -days) <= reachOfTransfer && (tellsTransfer(*a) || tellsTransfer(*b))
}

func tellsTransfer(t Transaction) bool {
	if slices.Contains(telling, t.Type) {
		return true
	}
	words := strings.FieldsFunc(strings.ToLower(t.RawLabel), func(r rune) bool { return r == ' ' || r == '-' || r == '/' || r == '.' })
	return slices.ContainsFunc(wordsOfTransfer, func(w string) bool { return slices.Contains(words, w) })
}

func join(t, other *Transaction, now time.Time) Revision {
	before := *t
	confidence := 0.8
	if tellsTransfer(*t) && tellsTransfer(*other) {
		confidence = 0.95
	}
	t.relink(Link{Type: TransferPair, TransactionID: other.ID, Confidence: confidence})
	return revise(before, t, now, ByContent)
}
