package ledger

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tributary-dev/tributary/testbank/config"
)

// AccountStatus says whether an account is still in use.
type AccountStatus string

// The states of an account.
const (
	Open   AccountStatus = ""
	Closed AccountStatus = "CLOSED"
)

// Account is what the bank says about an account.
type Account struct {
	ID          string             `json:"id"`
	Type        config.AccountType `json:"type"`
	Name        string             `json:"name"`
	Holder      string             `json:"holder"`
	IBAN        string             `json:"iban,omitempty"`
	Number      string             `json:"number,omitempty"`
	Currency    string             `json:"currency"`
	CreditLimit string             `json:"credit_limit,omitempty"`
	// SettledOn is the id of the account that pays a card with deferred debit once a month.
	SettledOn string `json:"settled_on,omitempty"`
	// Settles is the day on which it does so next.
	Settles string        `json:"-"`
	Status  AccountStatus `json:"status,omitempty"`
	// Provisional says that the bank may give the account another id.
	Provisional bool `json:"id_is_provisional,omitempty"`
	// Ref is what the file calls it; a customer never sees it.
	Ref string `json:"-"`
}

// Accounts gives the accounts that a persona sees on a day, in the order of the file.
func (b *Book) Accounts(login string, today time.Time, view View) []Account {
	accounts := []Account{}
	for _, a := range b.file.Accounts {
		if slices.Contains(a.Owners(), login) && b.Told(a.Ref, today) {
			accounts = append(accounts, b.describe(a, today, view))
		}
	}
	return accounts
}

// Refs gives the accounts that a persona has on a day, told or not, as the file calls them.
func (b *Book) Refs(login string, today time.Time) []string {
	refs := []string{}
	for _, a := range b.file.Accounts {
		if slices.Contains(a.Owners(), login) && b.opened(a.Ref, today) {
			refs = append(refs, a.Ref)
		}
	}
	return refs
}

// opened says whether an account is there on a day: always, unless it is opened later.
func (b *Book) opened(ref string, today time.Time) bool {
	for _, h := range b.happenings[target{account: ref}] {
		if h.Do == config.DoOpen {
			return !h.on.After(today)
		}
	}
	return true
}

// Told says whether the bank lists an account on a day.
func (b *Book) Told(ref string, today time.Time) bool {
	told := b.opened(ref, today)
	for _, h := range b.toAccount(ref, today) {
		switch h.Do {
		case config.DoVanish:
			told = false
		case config.DoReturn:
			told = true
		}
	}
	return told
}

// Feed says how an account is told.
func (b *Book) Feed(ref string) config.Feed {
	for _, a := range b.file.Accounts {
		if a.Ref == ref {
			return a.Feed
		}
	}
	return config.Feed{}
}

// Failing says which data of an account cannot be read on a day: nothing, or one of the kinds, or all.
func (b *Book) Failing(ref string, today time.Time) config.Failing {
	var failing config.Failing
	for _, h := range b.toAccount(ref, today) {
		if h.Do == config.DoFail && h.goesOn(today) {
			failing = h.Scope
		}
	}
	return failing
}

func (b *Book) describe(a config.Account, today time.Time, view View) Account {
	account := Account{
		ID: a.Ref, Ref: a.Ref, Type: a.Type, Name: a.Name, Holder: b.holder(a), IBAN: config.CompactIBAN(a.IBAN), Number: a.Number,
		Currency: a.Currency, Provisional: a.Feed.AccountIDs != config.AccountIDsPermanent,
	}
	if a.CreditLimit.Given() {
		account.CreditLimit = Money(a.CreditLimit.Decimal, a.Currency)
	}
	for _, h := range b.toAccount(a.Ref, today) {
		account.happens(h)
	}
	if a.Feed.AccountIDs == config.AccountIDsSession {
		account.ID = hidden("account", view.Consent, a.Ref)
	}
	if i := slices.IndexFunc(b.file.Accounts, func(x config.Account) bool { return x.Ref == a.SettledOn }); i >= 0 {
		account.SettledOn = b.describe(b.file.Accounts[i], today, view).ID
		account.Settles = day(nextSettlement(today, a.SettledDay))
	}
	return account
}

// happens takes over a change.
func (a *Account) happens(h happening) {
	switch h.Do {
	case config.DoClose:
		a.Status = Closed
	case config.DoOpen:
		a.Status = Open
	case config.DoChange:
		for _, text := range []struct {
			own  *string
			told string
		}{{&a.ID, h.ID}, {&a.Name, h.Name}, {&a.IBAN, h.IBAN}, {&a.Number, h.Number}} {
			if text.told != "" {
				*text.own = text.told
			}
		}
	}
}

// holder names all owners.
func (b *Book) holder(a config.Account) string {
	names := make([]string, 0, 1+len(a.CoOwners))
	for _, login := range a.Owners() {
		names = append(names, b.holders[login])
	}
	return strings.Join(names, ", ")
}

// hidden is an id that tells nothing of what it is made of.
func hidden(parts ...string) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%q", parts))
	return strings.ToUpper(hex.EncodeToString(sum[:9]))
}
