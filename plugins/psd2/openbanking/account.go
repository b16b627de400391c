package openbanking

import (
	"encoding/json"
	"strings"

	"github.com/tributary-dev/tributary/plugins/psd2/record"
	"github.com/tributary-dev/tributary/plugins/reading"
	"github.com/tributary-dev/tributary/plugins/sdk"
)

// rawAccount is the bank's record of an account, in the words of both versions.
type rawAccount struct {
	ID          string           `json:"AccountId"`
	Status      string           `json:"Status"`
	Currency    string           `json:"Currency"`
	SubType     string           `json:"AccountSubType"`
	Code        string           `json:"AccountTypeCode"`
	Description string           `json:"Description"`
	Nickname    string           `json:"Nickname"`
	Switch      string           `json:"SwitchStatus"`
	Numbers     []identification `json:"Account"`
}

// identification is one of the numbers that an account has.
type identification struct {
	Scheme    string `json:"SchemeName"`
	Number    string `json:"Identification"`
	Name      string `json:"Name"`
	Secondary string `json:"SecondaryIdentification"`
}

// detailOf is the bank's id of an account, as it writes it.
func detailOf(a reading.Account) string {
	own, _ := a.Detail.(string)
	return own
}

func accountOf(raw json.RawMessage) (reading.Account, error) {
	var r rawAccount
	if err := record.Legible(json.Unmarshal(raw, &r)); err != nil {
		return reading.Account{}, sdk.Fail(sdk.BadData, err)
	}
	iban, number, holder := r.numbers()
	ref := record.Bounded(r.ID)
	return reading.Account{Detail: r.ID, Account: sdk.Account{
		Ref: ref, BankID: ref, Type: typeOf(record.First(r.Code, r.SubType)), Name: record.Cut(record.First(r.Nickname, r.Description), record.MaxText),
		Holder: record.Cut(holder, record.MaxText), IBAN: iban, Number: number, Currency: record.First(record.Currency(r.Currency), record.AnyCurrency),
		Status: r.status(), Raw: record.Evidence(raw),
	}}, nil
}

// numbers gives the IBAN, the number that people know the account by, and whose it is.
func (r rawAccount) numbers() (iban, number, holder string) {
	for _, n := range r.Numbers {
		holder = record.First(holder, n.Name)
		written := strings.TrimSpace(n.Number)
		switch scheme(n.Scheme) {
		case "IBAN":
			if own, is := record.IBAN(written); is && iban == "" {
				iban = own
				continue
			}
		case "PAN":
			written = record.Masked(strings.Join(strings.Fields(written), ""))
		case "SORTCODEACCOUNTNUMBER":
			written = sorted(written)
		}
		if n.Secondary != "" {
			written = strings.TrimSpace(written + " " + strings.TrimSpace(n.Secondary))
		}
		number = record.First(number, written)
	}
	return iban, record.Cut(number, record.MaxID), holder
}

// scheme is the last part of a name such as UK.OBIE.IBAN: older banks write it alone.
func scheme(name string) string {
	return strings.ToUpper(name[strings.LastIndexByte(name, '.')+1:])
}

// sorted writes a sort code and an account number as people do.
func sorted(number string) string {
	digits := strings.Join(strings.FieldsFunc(number, func(r rune) bool { return r == '-' || r == ' ' }), "")
	if len(digits) != 14 || strings.Trim(digits, "0123456789") != "" {
		return number
	}
	return digits[:2] + "-" + digits[2:4] + "-" + digits[4:6] + " " + digits[6:]
}

// kinds are the words of 3.1.11 and the codes of 4.0; what is none of them is a current account.
var kinds = map[string]sdk.AccountType{
	"SAVINGS": sdk.Savings, "SVGS": sdk.Savings, "LLSV": sdk.Savings, "MOMA": sdk.Savings, "ONDP": sdk.Savings,
	"LOAN": sdk.Loan, "MORTGAGE": sdk.Loan, "MORT": sdk.Loan,
	"CREDITCARD": sdk.CreditCard, "CHARGECARD": sdk.CreditCard, "CARD": sdk.CreditCard,
}

func typeOf(word string) sdk.AccountType {
	if known, is := kinds[strings.ToUpper(word)]; is {
		return known
	}
	return sdk.Checkings
}

func (r rawAccount) status() sdk.AccountStatus {
	switch {
	case r.Status == "Deleted", strings.HasSuffix(r.Switch, "SwitchCompleted"): // it is at another bank now
		return sdk.AccountClosed
	case r.Status == "Disabled":
		return sdk.AccountSuspended
	}
	return sdk.AccountOpen
}
