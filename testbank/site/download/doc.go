// Package download owns the files that a customer takes home from the web site: booked rows as CSV, OFX or camt.053. It
// knows no page. Its invariant: every row carries the reference that the feed tells, or none where the feed has none.
package download

import (
	"time"

	"github.com/tributary-dev/tributary/testbank/ledger"
)

// File is what is downloaded.
type File struct {
	Name, MediaType string
	Body            []byte
}

// Account is what a file is about: the account as it is told, its booked balance and day, and those of its rows that are
// wanted.
type Account struct {
	ledger.Statement
	Balance string
	Today   time.Time
	Rows    []ledger.Row
}

// Booked leaves the rows that are booked, from a day on; the zero day leaves all of them.
func Booked(rows []ledger.Row, since time.Time) []ledger.Row {
	booked := []ledger.Row{}
	for _, row := range rows {
		if row.BookingDate != "" && row.BookingDate >= since.Format(time.DateOnly) {
			booked = append(booked, row)
		}
	}
	return booked
}

// number is how the account is called in files.
func (a Account) number() string {
	if a.IBAN != "" {
		return a.IBAN
	}
	return a.Number
}
