package ledger

import (
	"strconv"
	"time"

	"github.com/shopspring/decimal"

	"github.com/tributary-dev/tributary/testbank/config"
)

// entry is one real movement of an account, as the file has it, with what happens to it later.
type entry struct {
	// key names it within the account, for ever; place is its place in the file, which orders the rows of one day.
	key   string
	place int
	// id is what the bank calls it, until something happens.
	id                  string
	done, booked, value time.Time
	// since is the day from which the bank knows it.
	since       time.Time
	neverBooked bool
	amount      decimal.Decimal
	details     config.Details
	events      []happening
	// ordinal numbers the account's entries, ofDay those of one day; see number.
	ordinal, ofDay int
}

// literal gives the entry of a row that is written out.
func (b *Book) literal(account config.Account, position int, t config.Transaction) entry {
	booked := t.Date.On(b.origin)
	e := entry{
		key: "#" + strconv.Itoa(position), place: position, id: t.ID, done: booked, booked: booked, value: booked,
		neverBooked: t.Status == config.Pending, amount: t.Amount.Decimal, details: t.Details,
	}
	if t.TransactionDate.Given() {
		e.done = t.TransactionDate.On(b.origin)
	}
	if t.ValueDate.Given() {
		e.value = t.ValueDate.On(b.origin)
	}
	e.since = e.done
	if t.Arrives.Given() {
		e.since = t.Arrives.On(b.origin)
	}
	if e.id == "" {
		e.id = rowID(account.Ref, e.key, e.booked)
		return e
	}
	e.events = b.happenings[target{account.Ref, e.id}]
	return e
}

// known reports whether the bank knows of the entry by the end of a day.
func (e *entry) known(today time.Time) bool { return !e.since.After(today) }
