package main

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/tributary-dev/tributary/plugins/sdk"
)

// row is the bank's record of a transaction.
type row struct {
	ID              string  `json:"id"`
	BookingDate     sdk.Day `json:"booking_date"`
	ValueDate       sdk.Day `json:"value_date"`
	TransactionDate sdk.Day `json:"transaction_date"`
	Amount          string  `json:"amount"`
	// CreditDebit stands beside an amount without sign.
	CreditDebit string `json:"credit_debit"`
	Currency    string `json:"currency"`
	Status      string `json:"status"`
	Label       string `json:"label"`
	// Remittance is the label in lines, some of which a bank may write twice.
	Remittance   []string `json:"remittance"`
	Kind         string   `json:"kind"`
	Counterparty string   `json:"counterparty"`
	MCC          string   `json:"mcc"`
}

func transactionOf(raw json.RawMessage) (sdk.Transaction, error) {
	var r row
	if err := json.Unmarshal(raw, &r); err != nil {
		return sdk.Transaction{}, sdk.Fail(sdk.BadData, err)
	}
	amount := signed(r.Amount, r.CreditDebit)
	return sdk.Transaction{
		BankID: r.ID, Amount: amount, Currency: r.Currency, Status: sdk.TransactionStatus(r.Status),
		Type: typeOf(r.Kind, amount), BookingDate: r.BookingDate, ValueDate: r.ValueDate, TransactionDate: r.TransactionDate,
		Label: r.label(), Counterparty: r.Counterparty, MerchantCode: r.MCC, Raw: raw,
	}, nil
}

// label joins the lines of a text, each once.
func (r row) label() string {
	if len(r.Remittance) == 0 {
		return r.Label
	}
	return strings.Join(slices.Compact(r.Remittance), " ")
}
