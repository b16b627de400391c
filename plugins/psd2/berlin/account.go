package berlin

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"regexp"
	"strings"

	"github.com/tributary-dev/tributary/plugins/psd2/amount"
	"github.com/tributary-dev/tributary/plugins/psd2/catalogue"
	"github.com/tributary-dev/tributary/plugins/psd2/reading"
	"github.com/tributary-dev/tributary/plugins/sdk"
)

// Bounds of the contract, in bytes.
const (
	maxID       = 256
	maxText     = 8 << 10
	maxRaw      = 64 << 10
	maxAccounts = 2_000
)

// rawAccount is the bank's record of an account, with what it was read from.
type rawAccount struct {
	raw json.RawMessage
	accountRecord
}

type accountRecord struct {
	ID          string       `json:"resourceId"`
	IBAN        string       `json:"iban"`
	BBAN        string       `json:"bban"`
	PAN         string       `json:"pan"`
	MaskedPAN   string       `json:"maskedPan"`
	Currency    string       `json:"currency"`
	Name        string       `json:"name"`
	DisplayName string       `json:"displayName"`
	Product     string       `json:"product"`
	Kind        string       `json:"cashAccountType"`
	Status      string       `json:"status"`
	Owner       string       `json:"ownerName"`
	CreditLimit *money       `json:"creditLimit"`
	Balances    []rawBalance `json:"balances"`
	Links       links        `json:"_links"`
}

// UnmarshalJSON keeps the record as evidence.
func (r *rawAccount) UnmarshalJSON(text []byte) error {
	r.raw = append(json.RawMessage(nil), text...)
	return legible(json.Unmarshal(text, &r.accountRecord))
}

// legible lets pass what is of another kind than it should be, a number for a text mostly: encoding/json leaves that one
// field empty and reads all others.
func legible(err error) error {
	if _, kind := errors.AsType[*json.UnmarshalTypeError](err); kind {
		return nil
	}
	return err
}

// money is an amount as banks write it: a text, or a number.
type money struct {
	Currency string          `json:"currency"`
	Amount   json.RawMessage `json:"amount"`
}

// detail is what the dialect knows of an account beyond the contract.
type detail struct {
	id, kind string
	links    links
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
		if len(l.accounts) >= maxAccounts {
			return
		}
		a := accountOf(kind, r)
		if currency, twice := l.seen[a.Ref]; twice && currency != a.Currency {
			a.Ref = bounded(a.Ref + "/" + a.Currency)
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
	ref := bounded(firstOf(r.ID, iban, number))
	a := reading.Account{Detail: detail{id: r.ID, kind: kind, links: r.Links}}
	// The id is good for the life of the consent only; the server knows accounts again by IBAN and currency.
	a.Account = sdk.Account{
		Ref: ref, BankID: ref, Type: typeOf(kind, r.Kind), Name: cut(firstOf(r.DisplayName, r.Name, r.Product), maxText),
		Holder: cut(strings.TrimSpace(r.Owner), maxText), IBAN: iban, Number: number, Currency: currencyOf(r.Currency, r.Balances),
		Status: statusOf(r.Status), Raw: evidence(r.raw),
	}
	if r.CreditLimit != nil {
		if limit, err := amount.JSON(r.CreditLimit.Amount); err == nil {
			a.CreditLimit = strings.TrimPrefix(limit, "-")
		}
	}
	return a
}

var ibanShape = regexp.MustCompile(`^[A-Z]{2}[0-9]{2}[A-Z0-9]{8,30}$`)

// numbers gives the IBAN, and the number that people know a card by. What stands in the place of an IBAN and is none, a
// masked card number mostly, is a number.
func numbers(r rawAccount) (iban, number string) {
	written := strings.ToUpper(strings.Join(strings.Fields(r.IBAN), ""))
	if ibanShape.MatchString(written) {
		return written, cut(firstOf(r.MaskedPAN, masked(r.PAN)), maxID)
	}
	return "", cut(firstOf(r.MaskedPAN, masked(r.PAN), r.BBAN, masked(written)), maxID)
}

var cardNumber = regexp.MustCompile(`^[0-9]{12,19}$`)

// masked leaves the last four digits of a card's number: we never keep the whole.
func masked(pan string) string {
	if !cardNumber.MatchString(pan) {
		return pan
	}
	return strings.Repeat("*", len(pan)-4) + pan[len(pan)-4:]
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

var currencyShape = regexp.MustCompile(`^[A-Z]{3}$`)

// anyCurrency is what the standard writes for an account in several currencies.
const anyCurrency = "XXX"

// currencyOf falls back on the balances; ISO 4217 has a code for none at all.
func currencyOf(written string, balances []rawBalance) string {
	written = strings.ToUpper(strings.TrimSpace(written))
	if currencyShape.MatchString(written) && written != anyCurrency {
		return written
	}
	for _, b := range balances {
		if currency := strings.ToUpper(b.Amount.Currency); currencyShape.MatchString(currency) {
			return currency
		}
	}
	return anyCurrency
}

// bounded keeps an id that is too long recognisable.
func bounded(id string) string {
	if len(id) <= maxID {
		return strings.ToValidUTF8(id, "\uFFFD")
	}
	sum := sha256.Sum256([]byte(id))
	return "sha256:" + hex.EncodeToString(sum[:])
}

func evidence(raw json.RawMessage) []byte {
	if len(raw) > maxRaw {
		return nil
	}
	return raw
}

// firstOf is the first text that says something.
func firstOf(texts ...string) string {
	for _, text := range texts {
		if text = strings.TrimSpace(text); text != "" {
			return text
		}
	}
	return ""
}
