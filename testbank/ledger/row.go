package ledger

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/tributary-dev/tributary/testbank/config"
)

// Row is one transaction as the bank shows it. Dates are plain dates, the amount is exact and negative for a debit.
// A PENDING row has no booking date yet.
type Row struct {
	ID              string        `json:"id"`
	BookingDate     string        `json:"booking_date,omitempty"`
	ValueDate       string        `json:"value_date,omitempty"`
	TransactionDate string        `json:"transaction_date"`
	Amount          string        `json:"amount"`
	Currency        string        `json:"currency"`
	Status          config.Status `json:"status"`
	Label           string        `json:"label"`
	Kind            string        `json:"kind"`
	Counterparty    string        `json:"counterparty,omitempty"`
	MCC             string        `json:"mcc,omitempty"`
}

// Date is the day by which the bank sorts and filters: of booking, or while pending of the purchase.
func (r Row) Date() string {
	if r.BookingDate != "" {
		return r.BookingDate
	}
	return r.TransactionDate
}

// entry is a row with its dates and amount still computable.
type entry struct {
	id                  string
	done, booked, value time.Time
	neverBooked         bool
	amount              decimal.Decimal
	details             config.Details
}

// isBooked says whether the bank has booked the entry by the end of that day.
func (e entry) isBooked(today time.Time) bool { return !e.neverBooked && !e.booked.After(today) }

func (e entry) row(currency string, today time.Time) Row {
	row := Row{
		ID: e.id, TransactionDate: day(e.done), Amount: Money(e.amount, currency), Currency: currency,
		Status: config.Pending, Label: label(e.details.Label, e.done), Kind: e.details.Kind,
		Counterparty: e.details.Counterparty, MCC: e.details.MCC,
	}
	if e.isBooked(today) {
		row.Status, row.BookingDate, row.ValueDate = config.Booked, day(e.booked), day(e.value)
	}
	return row
}

func day(t time.Time) string { return t.Format(time.DateOnly) }

func label(text string, on time.Time) string {
	return strings.NewReplacer("{day}", on.Format("02"), "{month}", on.Format("01"), "{year}", on.Format("2006")).Replace(text)
}

// literal gives the entry of a row that is written out.
func literal(account config.Account, position int, t config.Transaction, origin time.Time) entry {
	booked := t.Date.On(origin)
	e := entry{
		id: t.ID, done: booked, booked: booked, value: booked,
		neverBooked: t.Status == config.Pending, amount: t.Amount.Decimal, details: t.Details,
	}
	if t.TransactionDate.Given() {
		e.done = t.TransactionDate.On(origin)
	}
	if t.ValueDate.Given() {
		e.value = t.ValueDate.On(origin)
	}
	if e.id == "" {
		e.id = rowID(account.Ref, "#"+strconv.Itoa(position), e.booked)
	}
	return e
}

// rowID is stable over restarts, because nothing else than what names the row goes in.
func rowID(ref, name string, on time.Time) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "row\x00%s\x00%s\x00%s", ref, name, day(on)))
	return "TB" + strings.ToUpper(hex.EncodeToString(sum[:9]))
}
