package ledger

import (
	"time"

	"github.com/shopspring/decimal"

	"github.com/tributary-dev/tributary/testbank/config"
)

// telling is what there is to say of an entry at the end of a day.
type telling struct {
	of                  *entry
	id                  string
	done, booked, value time.Time
	amount              decimal.Decimal
	label               string
	status              config.Status
	// real is false for a pending movement that lapsed.
	real bool
	// rows is how many rows of an answer tell it: none while it is not shown, two while it is doubled.
	rows int
}

// at gives an entry as it is at the end of a day, by which the bank knows of it.
func (e *entry) at(today time.Time) telling {
	t := telling{of: e, id: e.id, done: e.done, booked: e.booked, value: e.value, amount: e.amount, label: e.details.Label, real: true, rows: 1}
	word, never := config.Status(""), e.neverBooked
	for _, h := range e.events {
		if h.on.After(today) {
			break
		}
		switch h.Do {
		case config.DoChange:
			word, never = t.change(h, word, never)
		case config.DoVanish:
			t.rows, t.real = 0, t.statusOn(h.on, word, never) != config.Pending
		case config.DoReturn:
			t.rows, t.real = 1, true
		case config.DoDouble:
			if h.goesOn(today) && t.rows == 1 {
				t.rows = 2
			}
		}
	}
	t.status = t.statusOn(today, word, never)
	return t
}

// change takes over what an event gives, and gives the bank's word on the status and whether it is never booked.
func (t *telling) change(h happening, word config.Status, never bool) (config.Status, bool) {
	if h.ID != "" {
		t.id = h.ID
	}
	if h.Label != "" {
		t.label = h.Label
	}
	if h.Amount.Given() {
		t.amount = h.Amount.Decimal
	}
	if !h.transactionDate.IsZero() {
		t.done = h.transactionDate
	}
	if h.Status != "" {
		word = h.Status
	}
	switch {
	case !h.date.IsZero():
		t.booked, t.value, never = h.date, h.date, false
		if h.Status == "" {
			word = ""
		}
	case h.Status == config.Booked && (never || t.booked.After(h.on)):
		t.booked, t.value, never = h.on, h.on, false
	}
	if !h.valueDate.IsZero() {
		t.value = h.valueDate
	}
	return word, never
}

func (t *telling) statusOn(today time.Time, word config.Status, never bool) config.Status {
	switch {
	case word != "":
		return word
	case never || t.booked.After(today):
		return config.Pending
	}
	return config.Booked
}

// counts reports whether it is part of the booked balance: what was refunded was booked before.
func (t *telling) counts() bool {
	return t.real && (t.status == config.Booked || t.status == config.Refunded)
}

// row gives it as a row, with its own id.
func (t *telling) row(currency string) Row {
	row := Row{
		ID: t.id, TransactionDate: day(t.done), Amount: Money(t.amount, currency), Currency: currency, Status: t.status,
		Label: label(t.label, t.done), Kind: t.of.details.Kind, Counterparty: t.of.details.Counterparty, MCC: t.of.details.MCC,
	}
	if t.status == config.Booked || t.status == config.Refunded {
		row.BookingDate, row.ValueDate = day(t.booked), day(t.value)
	}
	return row
}

// booked adds up what is booked by the end of a day.
func booked(entries []entry, today time.Time) decimal.Decimal {
	sum := decimal.Zero
	for i := range entries {
		e := &entries[i]
		switch {
		case !e.known(today):
		case len(e.events) == 0: // nearly all, and there may be very many
			if !e.neverBooked && !e.booked.After(today) {
				sum = sum.Add(e.amount)
			}
		default:
			if t := e.at(today); t.counts() {
				sum = sum.Add(t.amount)
			}
		}
	}
	return sum
}
