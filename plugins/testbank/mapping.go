package main

import (
	"encoding/json"
	"strings"

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
	Status      string `json:"status"`
	// Provisional says that the bank may give the account another id.
	Provisional bool `json:"id_is_provisional"`
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
	status := sdk.AccountOpen
	if a.Status == "CLOSED" {
		status = sdk.AccountClosed
	}
	return sdk.Account{
		Ref: a.ID, BankID: a.ID, StableID: !a.Provisional, Type: sdk.AccountType(a.Type), Name: a.Name, Holder: a.Holder,
		IBAN: strings.ReplaceAll(a.IBAN, " ", ""), Number: a.Number, Currency: a.Currency, CreditLimit: a.CreditLimit, Status: status,
		Parent: a.SettledOn, Raw: raw,
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
