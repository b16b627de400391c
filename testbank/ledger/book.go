package ledger

import (
	"cmp"
	"slices"
	"sync"
	"time"

	"github.com/tributary-dev/tributary/testbank/config"
)

// Balance is one balance as of a day. BOOKED counts booked rows, EXPECTED also the pending ones.
type Balance struct {
	Type     string `json:"type"`
	Amount   string `json:"amount"`
	Currency string `json:"currency"`
	AsOf     string `json:"as_of"`
}

// Statement is an account as of a day: its balances, and its rows as the feed tells them: unless that says otherwise,
// pending ones first, then from the newest to the oldest.
type Statement struct {
	Account
	Balances     []Balance `json:"balances"`
	Transactions []Row     `json:"transactions"`

	// Feed is how it is told.
	Feed     config.Feed `json:"-"`
	tellings []*telling  // one for each row
	entries  []entry
	// generation is how often the timeline gave the rows other ids.
	generation int
}

// Book holds all accounts of one bank. It is safe for concurrent use.
type Book struct {
	file    *config.File
	origin  time.Time
	holders map[string]string
	// happenings is the timeline.
	happenings map[target][]happening

	mu    sync.Mutex
	today time.Time
	cache map[string]Statement
}

// New makes the book of a file. Origin, as midnight UTC, is the day that relative days are counted from.
func New(file *config.File, origin time.Time) *Book {
	b := &Book{file: file, origin: origin, holders: map[string]string{}, happenings: map[target][]happening{}, cache: map[string]Statement{}}
	if file.Bank.Origin.Given() {
		b.origin = file.Bank.Origin.On(origin)
	}
	for _, p := range file.Personas {
		b.holders[p.Login] = p.Holder
	}
	b.arrange(file.Timeline)
	return b
}

// Day gives a day of the file as midnight UTC.
func (b *Book) Day(d config.Day) time.Time { return d.On(b.origin) }

// Statement gives an account by its ref as of a day, as it would be told without a log-in, and whether there is such an
// account. The caller must not change it.
func (b *Book) Statement(ref string, today time.Time) (Statement, bool) {
	index := slices.IndexFunc(b.file.Accounts, func(a config.Account) bool { return a.Ref == ref })
	if index < 0 {
		return Statement{}, false
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.today.Equal(today) {
		b.today, b.cache = today, map[string]Statement{}
	}
	statement, known := b.cache[ref]
	if !known {
		statement = b.draw(b.file.Accounts[index], today)
		b.cache[ref] = statement
	}
	return statement, true
}

// draw computes a statement from the configuration.
func (b *Book) draw(a config.Account, today time.Time) Statement {
	entries := b.entries(a, today)
	oldest := today.AddDate(0, 0, -b.file.Bank.HistoryDays)
	statement := Statement{
		Account: b.describe(a, today, View{}), Balances: b.balances(a, entries, today), Transactions: []Row{}, Feed: a.Feed, entries: entries,
	}
	tellings := make([]telling, len(entries))
	statement.tellings = make([]*telling, 0, len(entries))
	for i := range entries {
		t := &tellings[i]
		*t = entries[i].at(today)
		for range t.rows {
			if !t.done.Before(oldest) {
				statement.tellings = append(statement.tellings, t)
			}
		}
	}
	statement.tell(b.reissues(a.Ref, today), today)
	return statement
}

// entries gives all that was done on the account up to today.
func (b *Book) entries(a config.Account, today time.Time) []entry {
	entries := b.planned(a, today)
	if a.SettledOn != "" {
		entries = append(entries, b.settlements(a, entries, today)...)
	}
	entries = append(entries, b.debits(a, today)...)
	if a.Feed.IDs == config.IDsPerAccount || a.Feed.IDs == config.IDsReused {
		number(entries)
	}
	return entries
}

// number counts entries in the order in which the bank came to know them, which no later day changes.
func number(entries []entry) {
	slices.SortFunc(entries, func(x, y entry) int {
		return cmp.Or(x.since.Compare(y.since), cmp.Compare(x.place, y.place), cmp.Compare(x.key, y.key))
	})
	for i := range entries {
		entries[i].ordinal, entries[i].ofDay = i+1, 1
		if i > 0 && entries[i].since.Equal(entries[i-1].since) {
			entries[i].ofDay = entries[i-1].ofDay + 1
		}
	}
}

// planned gives what the account's own rows and rules say.
func (b *Book) planned(a config.Account, today time.Time) []entry {
	var entries []entry
	for i, t := range a.Transactions {
		if e := b.literal(a, i, t); e.known(today) {
			entries = append(entries, e)
		}
	}
	for i := range a.Recurring {
		entries = append(entries, b.expand(a, i, today)...)
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
	if known.After(today) {
		known = today
	}
	standing := a.Balance.Add(booked(entries, today)).Sub(booked(entries, known))
	expected := standing
	for i := range entries {
		if t := entries[i].at(today); t.real && t.status == config.Pending {
			expected = expected.Add(t.amount)
		}
	}
	return []Balance{
		{Type: "BOOKED", Amount: Money(standing, a.Currency), Currency: a.Currency, AsOf: day(today)},
		{Type: "EXPECTED", Amount: Money(expected, a.Currency), Currency: a.Currency, AsOf: day(today)},
	}
}
