package modern

import (
	"strings"

	"github.com/tributary-dev/tributary/testbank/ledger"
	"github.com/tributary-dev/tributary/testbank/site/desk"
)

// What parts of a page are given: the page, and what they are about.
type (
	shownPad struct {
		P    page
		Keys []int
	}
	shownHolding struct {
		P page
		H desk.Holding
	}
	shownRow struct {
		P page
		R row
	}
)

// Pad is a keypad on the page.
func (p page) Pad(keys []int) shownPad { return shownPad{p, keys} }

// With is an account on the page.
func (p page) With(h desk.Holding) shownHolding { return shownHolding{p, h} }

// Of is an operation on the page.
func (p page) Of(r row) shownRow { return shownRow{p, r} }

// Blank is an operation for the script to fill in.
func (page) Blank() row { return row{Row: ledger.Row{Kind: "other"}} }

// Number is how an account is called: its IBAN in groups of four, or its number.
func (page) Number(a ledger.Account) string {
	if a.IBAN == "" {
		return a.Number
	}
	var groups []string
	for rest := a.IBAN; rest != ""; {
		n := min(4, len(rest))
		groups, rest = append(groups, rest[:n]), rest[n:]
	}
	return strings.Join(groups, " ")
}
