package ledger

import "reflect"

// SameShown reports whether clients see the same of two states of a row: all of
// it but how it is recognised. It compares states as a store gives them back.
func SameShown(a, b Transaction) bool {
	same := a.Amount.Currency() == b.Amount.Currency() && a.Amount.Decimal() == b.Amount.Decimal()
	a.Amount = b.Amount
	return same && reflect.DeepEqual(shown(a), shown(b))
}

func shown(t Transaction) Transaction {
	t.BankID, t.Fingerprint, t.Occurrence, t.Raw = "", "", 0, nil
	return t
}
