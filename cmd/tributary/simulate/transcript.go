package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tributary-dev/tributary/cmd/tributary/simulate/life"
	"github.com/tributary-dev/tributary/cmd/tributary/simulate/play"
	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/ledger"
)

// transcript writes down, day by day, what the bank told anew of each account
// and what our ledger made of it.
type transcript struct {
	life  *life.Life
	told  map[*life.Account]map[*life.Movement]string
	held  map[ident.Account]map[ident.Transaction]string
	pages []string
}

func newTranscript(l *life.Life) *transcript {
	return &transcript{life: l, told: map[*life.Account]map[*life.Movement]string{}, held: map[ident.Account]map[ident.Transaction]string{}}
}

// last gives the last pages.
func (t *transcript) last(n int) string {
	return strings.Join(t.pages[max(0, len(t.pages)-n):], "")
}

// visit adds a page, where anything is to be told.
func (t *transcript) visit(number int, seen play.Seen, rows func(ident.Account, bank.Day) ([]ledger.Transaction, error)) error {
	v := t.life.Visits[number]
	var page strings.Builder
	fmt.Fprintf(&page, "== visit %d, %s, %s", number, v.At.UTC().Format("2006-01-02 15:04"), v.Kind)
	if v.Fault.Kind != life.NoFault {
		fmt.Fprintf(&page, " [%s, account %d, %d]", v.Fault.Kind, v.Fault.Account, v.Fault.Amount)
	}
	fmt.Fprintf(&page, " -> %s\n", seen.Run.Status)
	for _, heard := range seen.Heard {
		for _, told := range heard.Answer.Told {
			t.bank(&page, heard.Channel, told)
		}
	}
	for _, a := range seen.Accounts {
		held, err := rows(a.ID, "")
		if err != nil {
			return err
		}
		t.ours(&page, a, held)
	}
	if strings.Count(page.String(), "\n") > 1 || v.Fault.Kind != life.NoFault {
		t.pages = append(t.pages, page.String())
	}
	return nil
}

func (t *transcript) bank(page *strings.Builder, channel string, told life.Told) {
	if told.Unread {
		return
	}
	before, now := t.told[told.Account], map[*life.Movement]string{}
	start := page.Len()
	for _, row := range told.Rows {
		text := fmt.Sprintf("%-9s %9s  booked %-10s acted %-10s value %-10s %q", row.Status, row.Amount, row.Booking, row.Acted, row.Value, row.Label)
		now[row.Movement] = text
		switch {
		case row.Again:
			fmt.Fprintf(page, "    again %4d id %-14q %s\n", row.Movement.Serial, row.ID, text)
		case before[row.Movement] != text:
			fmt.Fprintf(page, "    tells %4d id %-14q %s\n", row.Movement.Serial, row.ID, text)
		}
	}
	var gone []int
	for m := range before {
		if now[m] == "" {
			gone = append(gone, m.Serial)
		}
	}
	slices.Sort(gone)
	if len(gone) > 0 {
		fmt.Fprintf(page, "    no more: movements %v\n", gone)
	}
	t.told[told.Account] = now
	if page.Len() > start {
		fmt.Fprintf(page, "    (account %d by %s: %d rows of %s to %s, read to the end: %v)\n", told.Account.Serial, channel, len(told.Rows), told.From, told.To, told.Done)
	}
}

func (t *transcript) ours(page *strings.Builder, a ledger.Account, rows []ledger.Transaction) {
	before, now := t.held[a.ID], map[ident.Transaction]string{}
	for _, row := range rows {
		text := fmt.Sprintf("%-9s %9s  booked %-10s acted %-10s value %-10s %q bank id %q", row.Status, row.Amount.Decimal(), row.BookingDate, row.TransactionDate, row.ValueDate, row.RawLabel, row.BankID)
		for _, link := range row.Links {
			text += fmt.Sprintf(" %s %s", link.Type, link.TransactionID[len(link.TransactionID)-8:])
		}
		if row.Removed {
			text = "removed"
		}
		if now[row.ID] = text; before[row.ID] != text {
			fmt.Fprintf(page, "    ours  %s  %s\n", row.ID[len(row.ID)-8:], text)
		}
	}
	t.held[a.ID] = now
}
