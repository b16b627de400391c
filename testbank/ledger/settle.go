package ledger

import (
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"github.com/tributary-dev/tributary/testbank/config"
)

// settlements gives, for each settlement day of a card with deferred debit up to today, the entry that brings the card
// back to zero. Days up to the known balance are left out: what was owed before is part of that balance. A settlement
// counts what the card has booked by its day, which no later day changes; so its amount never changes either, and what is
// corrected afterwards is part of the next one.
func (b *Book) settlements(card config.Account, entries []entry, today time.Time) []entry {
	known := b.knownOn(card)
	var settled []entry
	paid, before := decimal.Zero, booked(entries, known)
	for on := settlementDay(known, card.SettledDay); !on.After(today); on = settlementDay(firstOfNext(on), card.SettledDay) {
		if !on.After(known) {
			continue
		}
		owed := card.Balance.Add(paid).Add(booked(entries, on)).Sub(before)
		if owed.IsZero() {
			continue
		}
		paid = paid.Sub(owed)
		settled = append(settled, entry{
			key: "settlement@" + day(on), id: rowID(card.Ref, "settlement", on), done: on, booked: on, value: on, since: on, amount: owed.Neg(),
			details: config.Details{Label: "CARD SETTLEMENT {month}/{year}", Kind: "card_settlement"},
		})
	}
	return settled
}

// debits gives the other side of the settlements of all cards that the account pays.
func (b *Book) debits(payer config.Account, today time.Time) []entry {
	var debits []entry
	for _, card := range b.file.Accounts {
		if card.SettledOn != payer.Ref {
			continue
		}
		for _, e := range b.settlements(card, b.planned(card, today), today) {
			e.key, e.id, e.amount = "settlement:"+card.Ref+"@"+day(e.done), rowID(payer.Ref, "settlement:"+card.Ref, e.done), e.amount.Neg()
			e.details.Label, e.details.Counterparty = fmt.Sprintf("CARD SETTLEMENT {month}/{year} %s", card.Name), card.Name
			debits = append(debits, e)
		}
	}
	return debits
}

// settlementDay gives the day of settlement in the month of that day.
func settlementDay(month time.Time, day int) time.Time {
	last := firstOfNext(month).AddDate(0, 0, -1).Day()
	return time.Date(month.Year(), month.Month(), min(day, last), 0, 0, 0, 0, time.UTC)
}

// nextSettlement is the first day of settlement from a day on.
func nextSettlement(today time.Time, of int) time.Time {
	if on := settlementDay(today, of); !on.Before(today) {
		return on
	}
	return settlementDay(firstOfNext(today), of)
}

func firstOfNext(month time.Time) time.Time {
	return time.Date(month.Year(), month.Month()+1, 1, 0, 0, 0, 0, time.UTC)
}
