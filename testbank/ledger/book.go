package ledger

import (
	"cmp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/shopspring/decimal"

	"github.com/tributary-dev/tributary/testbank/config"
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
}

// Balance is one balance as of a day. BOOKED counts booked rows, EXPECTED also the pending ones.
type Balance struct {
	Type     string `json:"type"`
	Amount   string `json:"amount"`
	Currency string `json:"currency"`
	AsOf     string `json:"as_of"`
}

// Statement is an account as of a day: its balances, and its rows: pending ones first, then from the newest to the
// oldest.
type Statement struct {
	Account
	Balances     []Balance `json:"balances"`
	Transactions []Row     `json:"transactions"`
}

// Book holds all accounts of one bank. It is safe for concurrent use.
type Book struct {
	file    *config.File
	origin  time.Time
	holders map[string]string

	mu    sync.Mutex
	today time.Time
	cache map[string]Statement
}

// New makes the book of a file. Origin, as midnight UTC, is the day that relative days are counted from.
func New(file *config.File, origin time.Time) *Book {
	b := &Book{file: file, origin: origin, holders: map[string]string{}, cache: map[string]Statement{}}
	if file.Bank.Origin.Given() {
		b.origin = file.Bank.Origin.On(origin)
	}
	for _, p := range file.Personas {
		b.holders[p.Login] = p.Holder
	}
	return b
}

// Accounts gives the accounts of a persona in the order of the file.
func (b *Book) Accounts(login string) []Account {
	accounts := []Account{}
	for _, a := range b.file.Accounts {
		if slices.Contains(a.Owners(), login) {
			accounts = append(accounts, b.describe(a))
		}
	}
	return accounts
}

func (b *Book) describe(a config.Account) Account {
	account := Account{
		ID: a.Ref, Type: a.Type, Name: a.Name, Holder: b.holder(a),
		IBAN: config.CompactIBAN(a.IBAN), Number: a.Number, Currency: a.Currency, SettledOn: a.SettledOn,
	}
	if a.CreditLimit.Given() {
		account.CreditLimit = Money(a.CreditLimit.Decimal, a.Currency)
	}
	return account
}

// holder names all owners.
func (b *Book) holder(a config.Account) string {
	names := make([]string, 0, 1+len(a.CoOwners))
	for _, login := range a.Owners() {
		names = append(names, b.holders[login])
	}
	return strings.Join(names, ", ")
}

// Statement gives an account as of a day, and whether there is such an account. The caller must not change it.
func (b *Book) Statement(id string, today time.Time) (Statement, bool) {
	index := slices.IndexFunc(b.file.Accounts, func(a config.Account) bool { return a.Ref == id })
	if index < 0 {
		return Statement{}, false
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.today.Equal(today) {
		b.today, b.cache = today, map[string]Statement{}
	}
	statement, known := b.cache[id]
	if !known {
		statement = b.draw(b.file.Accounts[index], today)
		b.cache[id] = statement
	}
	return statement, true
}

// draw computes a statement from the configuration.
func (b *Book) draw(a config.Account, today time.Time) Statement {
	entries := b.entries(a, today)
	oldest := today.AddDate(0, 0, -b.file.Bank.HistoryDays)
	statement := Statement{Account: b.describe(a), Balances: b.balances(a, entries, today), Transactions: []Row{}}
	for _, e := range entries {
		if !e.done.Before(oldest) {
			statement.Transactions = append(statement.Transactions, e.row(a.Currency, today))
		}
	}
	slices.SortFunc(statement.Transactions, func(x, y Row) int {
		return cmp.Or(
			cmp.Compare(y.Status, x.Status), cmp.Compare(y.Date(), x.Date()), cmp.Compare(x.ID, y.ID),
		)
	})
	return statement
}

// entries gives all that was done on the account up to today.
func (b *Book) entries(a config.Account, today time.Time) []entry {
	entries := b.planned(a, today)
	if a.SettledOn != "" {
		entries = append(entries, b.settlements(a, entries, today)...)
	}
	return append(entries, b.debits(a, today)...)
}

// planned gives what the account's own rows and rules say.
func (b *Book) planned(a config.Account, today time.Time) []entry {
	var entries []entry
	for i, t := range a.Transactions {
		if e := literal(a, i, t, b.origin); !e.done.After(today) {
			entries = append(entries, e)
		}
	}
	for _, rule := range a.Recurring {
		entries = append(entries, expand(a, rule, b.file.Bank.Seed, b.origin, today)...)
	}
	return entries
}

// knownOn is the day at whose end the configured balance is booked.
func (b *Book) knownOn(a config.Account) time.Time {
	if a.BalanceOn.Given() {
		return a.BalanceOn.On(b.origin)
	}
	return b.origin
}

// balances counts from the configured balance.
func (b *Book) balances(a config.Account, entries []entry, today time.Time) []Balance {
	known := b.knownOn(a)
	booked, expected := a.Balance.Decimal, decimal.Zero
	for _, e := range entries {
		switch {
		case !e.isBooked(today):
			expected = expected.Add(e.amount)
		case e.booked.After(known):
			booked = booked.Add(e.amount)
		}
	}
	return []Balance{
		{Type: "BOOKED", Amount: Money(booked, a.Currency), Currency: a.Currency, AsOf: day(today)},
		{Type: "EXPECTED", Amount: Money(booked.Add(expected), a.Currency), Currency: a.Currency, AsOf: day(today)},
	}
}
