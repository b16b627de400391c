package ledger

import (
	"bytes"
	"slices"

	"github.com/tributary-dev/tributary/core/bank"
)

// Sources of a category besides the engine. Reconciling never overwrites what a
// user set; what a rule gave is asked for anew with the rest of a description.
const (
	SourceUser = "USER"
	SourceRule = "RULE"
)

// merged is the known row as the candidate tells it now. What the bank leaves
// out this time stays as it was told before. A row that was pending once is not
// pending again after it was booked: that answer is late, and tells nothing.
func (r *reconciliation) merged(t Transaction, c *candidate) Transaction {
	if regresses(t, c) {
		return t
	}
	described := describedBy(t)
	if !t.Amount.Equal(c.Amount) {
		t.Amount = c.Amount
	}
	t.Status = told(t.Status, c.Status)
	t.Type = told(t.Type, c.Type)
	t.BookingDate = told(t.BookingDate, c.BookingDate)
	t.ValueDate = told(t.ValueDate, c.ValueDate)
	t.TransactionDate = told(t.TransactionDate, c.TransactionDate)
	t.EffectiveDate = EffectiveDay(rowOf(t), t.EffectiveDate)
	t.RawLabel = told(t.RawLabel, c.Label)
	t.Counterparty = told(t.Counterparty, c.Counterparty)
	t.MerchantCode = told(t.MerchantCode, c.MerchantCode)
	t.EndToEndID = told(t.EndToEndID, c.EndToEndID)
	t.BankID, t.Fingerprint = told(t.BankID, c.id), c.fingerprint
	if len(c.Raw) > 0 {
		t.Raw = c.Raw
	}
	if describedBy(t) != described {
		r.describe(&t)
	}
	return t
}

func regresses(t Transaction, c *candidate) bool { return c.Status == Pending && t.Status != Pending }

func told[T ~string](before, now T) T {
	if now == "" {
		return before
	}
	return now
}

// description holds what a label and a category are made of: only when it
// changes they are made anew, so that an unchanged row stays as it was read.
type description struct {
	label, counterparty, merchantCode string
	kind                              Type
	sign                              int
}

func describedBy(t Transaction) description {
	return description{t.RawLabel, t.Counterparty, t.MerchantCode, t.Type, t.Amount.Sign()}
}

func (r *reconciliation) describe(t *Transaction) {
	text := r.Describe(rowOf(*t))
	t.Label, t.Merchant = text.Label, text.Merchant
	if t.Category.Source != SourceUser {
		t.Category = text.Category
	}
}

// Told is a known row as a bank would tell it.
func (t Transaction) Told() Row { return rowOf(t) }

func rowOf(t Transaction) Row {
	return Row{
		BankID: t.BankID, Amount: t.Amount, Status: t.Status, Type: t.Type, BookingDate: t.BookingDate, ValueDate: t.ValueDate,
		TransactionDate: t.TransactionDate, Label: t.RawLabel, Counterparty: t.Counterparty, MerchantCode: t.MerchantCode,
		EndToEndID: t.EndToEndID, Raw: t.Raw,
	}
}

// opened is a new row.
func (r *reconciliation) opened(c *candidate) Transaction {
	a := r.Account
	t := Transaction{
		ID: r.NewID(), ClientID: a.ClientID, UserID: a.UserID, ConnectionID: a.ConnectionID, AccountID: a.ID,
		Amount: c.Amount, Status: c.Status, Type: c.Type, BookingDate: c.BookingDate, ValueDate: c.ValueDate,
		TransactionDate: c.TransactionDate, EffectiveDate: EffectiveDay(c.Row, r.Today), FirstSeenAt: r.Now, UpdatedAt: r.Now,
		RawLabel: c.Label, Counterparty: c.Counterparty, MerchantCode: c.MerchantCode, EndToEndID: c.EndToEndID,
		BankID: c.id, Fingerprint: c.fingerprint, Raw: c.Raw,
	}
	r.describe(&t)
	return t
}

// sameToClients compares what clients see of two states of one row.
func sameToClients(a, b Transaction) bool {
	return a.Amount.Equal(b.Amount) && a.Status == b.Status && a.Type == b.Type && dates(a) == dates(b) && a.Label == b.Label &&
		a.RawLabel == b.RawLabel && a.Merchant == b.Merchant && a.Counterparty == b.Counterparty && a.MerchantCode == b.MerchantCode &&
		a.EndToEndID == b.EndToEndID && a.Category == b.Category && a.Removed == b.Removed && slices.Equal(a.Links, b.Links)
}

func dates(t Transaction) [4]bank.Day {
	return [4]bank.Day{t.BookingDate, t.ValueDate, t.TransactionDate, t.EffectiveDate}
}

// sameIdentity compares how two states of one row are recognised.
func sameIdentity(a, b Transaction) bool {
	return a.BankID == b.BankID && a.Fingerprint == b.Fingerprint && a.Occurrence == b.Occurrence && bytes.Equal(a.Raw, b.Raw)
}
