package stet

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/tributary-dev/tributary/plugins/psd2/catalogue"
	"github.com/tributary-dev/tributary/plugins/psd2/record"
	"github.com/tributary-dev/tributary/plugins/reading"
	"github.com/tributary-dev/tributary/plugins/sdk"
)

// rawAccount is the bank's record of an account. A card whose payments are debited once a month is one of its own.
type rawAccount struct {
	ID        string          `json:"resourceId"`
	Reference json.RawMessage `json:"accountId"`
	Name      string          `json:"name"`
	Details   string          `json:"details"`
	Product   string          `json:"product"`
	Linked    string          `json:"linkedAccount"`
	Kind      string          `json:"cashAccountType"`
	Currency  string          `json:"currency"`
	Relation  string          `json:"psuStatus"`
	Balances  []rawBalance    `json:"balances"`
	Links     record.Links    `json:"_links"`
}

// identification names an account: by its IBAN, or in another way.
type identification struct {
	IBAN  string `json:"iban"`
	Other struct {
		ID string `json:"identification"`
	} `json:"other"`
}

// detail is what the dialect knows of an account beyond the contract.
type detail struct {
	id     string
	linked string
	links  record.Links
	// reference is the bank's own name for it, by which it is told of consents.
	reference json.RawMessage
}

// detailOf is empty for an account of another dialect, which there is none of.
func detailOf(a reading.Account) detail {
	own, _ := a.Detail.(detail)
	return own
}

// card is the standard's word for a card; everything else is a current account.
const card = "CARD"

// list collects accounts over pages.
type list struct {
	bank     catalogue.Bank
	accounts []reading.Account
	// refs are those of accounts, by each name that a card may call its own account by.
	refs map[string]string
}

func (l *list) add(holder string, records []json.RawMessage) error {
	for _, raw := range records {
		var r rawAccount
		if err := record.Legible(json.Unmarshal(raw, &r)); err != nil {
			return sdk.Fail(sdk.BadData, err)
		}
		a := accountOf(r, holder, raw)
		if a.Ref == "" || len(l.accounts) >= record.MaxAccounts || slices.ContainsFunc(l.accounts, func(other reading.Account) bool { return other.Ref == a.Ref }) {
			continue
		}
		if len(r.Balances) > 0 {
			var err error
			if a.Balances, err = balancesOf(l.bank, r.Balances, a.Account); err != nil {
				return err
			}
		}
		if a.Type != sdk.CreditCard {
			for _, name := range []string{r.ID, a.IBAN, a.Number, r.Name} {
				if _, taken := l.refs[name]; !taken {
					l.refs[name] = a.Ref
				}
			}
		}
		l.accounts = append(l.accounts, a)
	}
	return nil
}

// done gives the accounts, each card behind the account that pays it.
func (l *list) done() []reading.Account {
	for i := range l.accounts {
		if at := detailOf(l.accounts[i]); at.linked != "" {
			iban, _ := record.IBAN(at.linked)
			l.accounts[i].Parent = record.First(l.refs[at.linked], l.refs[iban])
		}
	}
	slices.SortStableFunc(l.accounts, func(a, b reading.Account) int { return rank(a) - rank(b) })
	return l.accounts
}

func rank(a reading.Account) int {
	if a.Parent != "" {
		return 1
	}
	return 0
}

func accountOf(r rawAccount, holder string, raw json.RawMessage) reading.Account {
	var named identification
	_ = record.Legible(json.Unmarshal(r.Reference, &named)) // left out by some banks
	iban, is := record.IBAN(named.IBAN)
	number := record.Cut(record.First(record.Masked(strings.TrimSpace(named.Other.ID)), record.Masked(iban)), record.MaxID)
	if is {
		number = ""
	} else {
		iban = ""
	}
	ref := record.Bounded(record.First(r.ID, iban, number))
	own := detail{id: r.ID, linked: r.Linked, links: r.Links}
	if iban != "" || number != "" {
		own.reference = r.Reference
	}
	a := reading.Account{Detail: own}
	a.Account = sdk.Account{
		Ref: ref, BankID: ref, Type: sdk.Checkings, Name: record.Cut(record.First(r.Name, r.Details, r.Product), record.MaxText), IBAN: iban, Number: number,
		Currency: record.First(record.Currency(r.Currency), record.AnyCurrency), Status: sdk.AccountOpen, Raw: record.Evidence(raw),
	}
	if strings.EqualFold(r.Kind, card) {
		a.Type = sdk.CreditCard
	}
	if !strings.EqualFold(strings.TrimSpace(r.Relation), "attorney") { // whoever has a power of attorney does not own it
		a.Holder = record.Cut(strings.TrimSpace(holder), record.MaxText)
	}
	return a
}
