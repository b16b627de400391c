package main

import (
	"time"

	"github.com/tributary-dev/tributary/plugins/sdk"
)

// balance is the bank's record of a balance.
type balance struct {
	Type        string `json:"type"`
	Amount      string `json:"amount"`
	Currency    string `json:"currency"`
	CreditDebit string `json:"credit_debit"`
	AsOf        string `json:"as_of"`
}

// balanceTypes are the Berlin Group's words; the bank's other ones are the contract's.
var balanceTypes = map[string]sdk.BalanceType{
	"closingBooked": sdk.BalanceBooked, "expected": sdk.BalanceExpected, "interimAvailable": sdk.BalanceAvailable,
}

// balanceOf leaves the instant open where the bank's day cannot be read: then it is as of now.
func balanceOf(b balance) sdk.Balance {
	asOf, err := time.Parse(time.DateOnly, b.AsOf)
	if err != nil {
		asOf = time.Time{}
	}
	kind, known := balanceTypes[b.Type]
	if !known {
		kind = sdk.BalanceType(b.Type)
	}
	return sdk.Balance{Type: kind, Amount: signed(b.Amount, b.CreditDebit), Currency: b.Currency, AsOf: asOf}
}

// signed puts the sign before an amount that has an indicator in its place: a debit is negative.
func signed(amount, indicator string) string {
	if indicator == "DBIT" && amount != "" && amount[0] != '-' {
		return "-" + amount
	}
	return amount
}
