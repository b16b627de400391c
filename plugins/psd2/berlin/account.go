package berlin

import (
	"encoding/json"
	"strings"

	"github.com/tributary-dev/tributary/plugins/amount"
	"github.com/tributary-dev/tributary/plugins/psd2/catalogue"
	"github.com/tributary-dev/tributary/plugins/psd2/record"
	"github.com/tributary-dev/tributary/plugins/reading"
	"github.com/tributary-dev/tributary/plugins/sdk"
)

// rawAccount is the bank's record of an account, with what it was read from.
type rawAccount struct {
	raw json.RawMessage
	accountRecord
}

type accountRecord struct {
	ID          string        `json:"resourceId"`
	IBAN        string        `json:"iban"`
	BBAN        string        `json:"bban"`
	PAN         string        `json:"pan"`
	MaskedPAN   string        `json:"maskedPan"`
	Currency    string        `json:"currency"`
	Name        string        `json:"name"`
	DisplayName string        `json:"displayName"`
	Product     string        `json:"product"`
	Kind        string        `json:"cashAccountType"`
	Status      string        `json:"status"`
	Owner       string        `json:"ownerName"`
	CreditLimit *record.Money `json:"creditLimit"`
	Balances    []rawBalance  `json:"balances"`
	Links       record.Links  `json:"_links"`
}

// UnmarshalJSON keeps the record as evidence.
func (r *rawAccount) UnmarshalJSON(text []byte) error {
	r.raw = append(json.RawMessage(nil), text...)
	return record.Legible(json.Unmarshal(text, &r.accountRecord))
}

// detail is what the dialect knows of an account beyond the contract.
type detail struct {
	id, kind string
	links    record.Links
}

// detailOf is empty for an account of another dialect, which there is none of.
func detailOf(a reading.Account) detail {
	own, _ := a.Detail.(detail)
	return own
}

// list collects accounts. Two of the same id are told apart by their currency: a bank may list one account in several.
type list struct {
	bank     catalogue.Bank
	seen     map[string]string // the currency by the account's ref
	accounts []reading.Account
	err      error
}

func (l *list) add(kind string, records []rawAccount) {
	for _, r := range records {
		if len(l.accounts) >= record.MaxAccounts {
			return
		}
		a := accountOf(kind, r)
		if currency, twice := l.seen[a.Ref]; twice && currency != a.Currency {
			a.Ref = record.Bounded(a.Ref + "/" + a.Currency)
			a.BankID = a.Ref
		}
		if _, twice := l.seen[a.Ref]; twice || a.Ref == "" {
			continue
		}
		l.seen[a.Ref] = a.Currency
		if len(r.Balances) > 0 {
			if a.Balances, l.err = balancesOf(l.bank, r.Balances, detailOf(a), a.Currency); l.err != nil {
				return
			}
		}
		l.accounts = append(l.accounts, a)
	}
}

func accountOf(kind string, r rawAccount) reading.Account {
	iban, number := numbers(r)
	ref := record.Bounded(record.First(r.ID, iban, number))
	a := reading.Account{Detail: detail{id: r.ID, kind: kind, links: r.Links}}
	// The id is good for the life of the consent only; the server knows accounts again by IBAN and currency.
	a.Account = sdk.Account{
		Ref: ref, BankID: ref, Type: typeOf(kind, r.Kind), Name: record.Cut(record.First(r.DisplayName, r.Name, r.Product), record.MaxText),
		Holder: record.Cut(strings.TrimSpace(r.Owner), record.MaxText), IBAN: iban, Number: number, Currency: currencyOf(r.Currency, r.Balances),
		Status: statusOf(r.Status), Raw: record.Evidence(r.raw),
	}
	if r.CreditLimit != nil {
		if limit, err := amount.JSON(r.CreditLimit.Amount); err == nil {
			a.CreditLimit = strings.TrimPrefix(limit, "-")
		}
	}
	return a
}

// numbers gives the IBAN, and the number that people know a card by. What stands in the place of an IBAN and is none, a
// masked card number mostly, is a number.
func numbers(r rawAccount) (iban, number string) {
	written, is := record.IBAN(r.IBAN)
	if is {
		return written, record.Cut(record.First(r.MaskedPAN, record.Masked(r.PAN)), record.MaxID)
	}
	return "", record.Cut(record.First(r.MaskedPAN, record.Masked(r.PAN), r.BBAN, record.Masked(written)), record.MaxID)
}

// kinds are ISO 20022's ExternalCashAccountType1Code.
var kinds = map[string]sdk.AccountType{
	"SVGS": sdk.Savings, "LLSV": sdk.Savings, "MOMA": sdk.Savings, "ONDP": sdk.Savings, "LOAN": sdk.Loan, "CARD": sdk.CreditCard,
}

func typeOf(kind, code string) sdk.AccountType {
	if kind == cardAccounts {
		return sdk.CreditCard
	}
	if known, ok := kinds[strings.ToUpper(code)]; ok {
		return known
	}
	return sdk.Checkings
}

func statusOf(status string) sdk.AccountStatus {
	switch lower(status) {
	case "deleted":
		return sdk.AccountClosed
	case "blocked":
		return sdk.AccountSuspended
	}
	return sdk.AccountOpen
}

// currencyOf falls back on the balances; ISO 4217 has a code for none at all.
func currencyOf(written string, balances []rawBalance) string {
	if own := record.Currency(written); own != "" && own != record.AnyCurrency {
		return own
	}
	for _, b := range balances {
		if currency := record.Currency(b.Amount.Currency); currency != "" {
			return currency
		}
	}
	return record.AnyCurrency
}
