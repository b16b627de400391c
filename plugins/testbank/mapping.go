package main

import (
	"encoding/json"
	"time"

	"github.com/tributary-dev/tributary/plugins/sdk"
)

// account is the bank's record of an account.
type account struct {
	ID          string `json:"id"`
	Type        string `json:"type"`
	Name        string `json:"name"`
	Holder      string `json:"holder"`
	IBAN        string `json:"iban"`
	Number      string `json:"number"`
	Currency    string `json:"currency"`
	CreditLimit string `json:"credit_limit"`
	SettledOn   string `json:"settled_on"`
}

// accountsOf reads the bank's list. The account that pays a card is named only where the bank shows that one too: a
// consent may leave it out.
func accountsOf(raws []json.RawMessage) ([]sdk.Account, error) {
	accounts, shown := make([]sdk.Account, len(raws)), map[string]bool{}
	for i, raw := range raws {
		var err error
		if accounts[i], err = accountOf(raw); err != nil {
			return nil, err
		}
		shown[accounts[i].Ref] = true
	}
	for i := range accounts {
		if !shown[accounts[i].Parent] {
			accounts[i].Parent = ""
		}
	}
	return accounts, nil
}

func accountOf(raw json.RawMessage) (sdk.Account, error) {
	var a account
	if err := json.Unmarshal(raw, &a); err != nil {
		return sdk.Account{}, sdk.Fail(sdk.BadData, err)
	}
	return sdk.Account{
		Ref: a.ID, BankID: a.ID, StableID: true, Type: sdk.AccountType(a.Type), Name: a.Name, Holder: a.Holder,
		IBAN: a.IBAN, Number: a.Number, Currency: a.Currency, CreditLimit: a.CreditLimit, Status: sdk.AccountOpen,
		Parent: a.SettledOn, Raw: raw,
	}, nil
}

// balance is the bank's record of a balance.
type balance struct {
	Type     string `json:"type"`
	Amount   string `json:"amount"`
	Currency string `json:"currency"`
	AsOf     string `json:"as_of"`
}

// balanceOf leaves the instant open where the bank's day cannot be read: then it is as of now.
func balanceOf(b balance) sdk.Balance {
	asOf, err := time.Parse(time.DateOnly, b.AsOf)
	if err != nil {
		asOf = time.Time{}
	}
	return sdk.Balance{Type: sdk.BalanceType(b.Type), Amount: b.Amount, Currency: b.Currency, AsOf: asOf}
}

// row is the bank's record of a transaction.
type row struct {
	ID              string  `json:"id"`
	BookingDate     sdk.Day `json:"booking_date"`
	ValueDate       sdk.Day `json:"value_date"`
	TransactionDate sdk.Day `json:"transaction_date"`
	Amount          string  `json:"amount"`
	Currency        string  `json:"currency"`
	Status          string  `json:"status"`
	Label           string  `json:"label"`
	Kind            string  `json:"kind"`
	Counterparty    string  `json:"counterparty"`
	MCC             string  `json:"mcc"`
}

func transactionOf(raw json.RawMessage) (sdk.Transaction, error) {
	var r row
	if err := json.Unmarshal(raw, &r); err != nil {
		return sdk.Transaction{}, sdk.Fail(sdk.BadData, err)
	}
	return sdk.Transaction{
		BankID: r.ID, Amount: r.Amount, Currency: r.Currency, Status: sdk.TransactionStatus(r.Status),
		Type: typeOf(r.Kind, r.Amount), BookingDate: r.BookingDate, ValueDate: r.ValueDate, TransactionDate: r.TransactionDate,
		Label: r.Label, Counterparty: r.Counterparty, MerchantCode: r.MCC, Raw: raw,
	}, nil
}

// kinds are the bank's words for what kind of movement it is.
var kinds = map[string]sdk.TransactionType{
	"card": sdk.TypePointOfSale, "direct_debit": sdk.TypeDirectDebit, "atm": sdk.TypeATM, "fee": sdk.TypeFee,
	"interest": sdk.TypeInterest, "cheque": sdk.TypeCheck, "card_settlement": sdk.TypeCreditCardPayment,
}

// typeOf leaves open whether a transfer stays with the same holder: the bank does not say it.
func typeOf(kind, amount string) sdk.TransactionType {
	if known, ok := kinds[kind]; ok {
		return known
	}
	if kind != "transfer" && kind != "loan_payment" {
		return ""
	}
	if len(amount) > 0 && amount[0] == '-' {
		return sdk.TypePayment
	}
	return sdk.TypeCredit
}
