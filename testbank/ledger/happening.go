package ledger

import (
	"slices"
	"time"

	"github.com/tributary-dev/tributary/testbank/config"
)

// target is what something happens to: a row of an account, or with no row the account.
type target struct{ account, row string }

// happening is an event of the timeline with its days.
type happening struct {
	config.Event
	on                               time.Time
	last                             time.Time // zero for no end
	date, valueDate, transactionDate time.Time // zero where not given
}

// goesOn reports whether something with a last day is not over.
func (h happening) goesOn(today time.Time) bool { return h.last.IsZero() || !h.last.Before(today) }

// arrange puts the timeline's events where they happen, in the order of their days and, on one day, of the file.
func (b *Book) arrange(events []config.Event) {
	on := func(d config.Day) time.Time {
		if !d.Given() {
			return time.Time{}
		}
		return d.On(b.origin)
	}
	for _, e := range events {
		to := target{e.Account, e.Row}
		b.happenings[to] = append(b.happenings[to], happening{
			Event: e, on: on(e.On), last: on(e.LastDay), date: on(e.Date), valueDate: on(e.ValueDate), transactionDate: on(e.TransactionDate),
		})
	}
	for _, list := range b.happenings {
		slices.SortStableFunc(list, func(x, y happening) int { return x.on.Compare(y.on) })
	}
}

// toAccount gives what happened to an account itself up to a day.
func (b *Book) toAccount(ref string, today time.Time) []happening {
	list := b.happenings[target{account: ref}]
	after := slices.IndexFunc(list, func(h happening) bool { return h.on.After(today) })
	if after < 0 {
		return list
	}
	return list[:after]
}
