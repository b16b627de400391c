package ledger

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/tributary-dev/tributary/testbank/config"
)

// View is who looks at an account, for ids that depend on it. The zero View is nobody: an operator.
type View struct {
	// Session is the log-in or access token, Consent the log-in or consent.
	Session, Consent string
	// Generation counts the customer's new authentications.
	Generation int
	// Oldest is the first day that is shown; zero shows all.
	Oldest time.Time
}

// tell makes the rows of a statement out of its tellings.
func (s *Statement) tell(generation int, today time.Time) {
	slices.SortStableFunc(s.tellings, func(x, y *telling) int { return newest(x, y, s.Feed.IDs) })
	s.generation = generation
	s.Transactions = make([]Row, len(s.tellings))
	places := map[string]int{}
	for i := range s.tellings {
		row := s.tellings[i].row(s.Currency)
		if i == 0 || s.tellings[i-1].of != s.tellings[i].of {
			places[row.Date()]++
		}
		row.ID = s.id(s.tellings[i], View{}, places[row.Date()])
		s.Transactions[i] = dated(row, s.Feed.Dates)
	}
	switch s.Feed.Order {
	case config.OrderOldest:
		slices.Reverse(s.Transactions)
		slices.Reverse(s.tellings)
	case config.OrderShuffled:
		s.shuffle(today)
	}
}

// newest orders pending rows first, then the newest day. Within a day the id is as good as anything, unless rows are
// numbered: then it is the order in which they came.
func newest(x, y *telling, ids config.IDs) int {
	pending := func(t *telling) int {
		if t.status == config.Pending {
			return 0
		}
		return 1
	}
	date := func(t *telling) time.Time {
		if t.status == config.Booked || t.status == config.Refunded {
			return t.booked
		}
		return t.done
	}
	within := cmp.Compare(x.id, y.id)
	if ids == config.IDsPositional {
		within = cmp.Or(y.of.since.Compare(x.of.since), cmp.Compare(y.of.place, x.of.place))
	}
	return cmp.Or(cmp.Compare(pending(x), pending(y)), date(y).Compare(date(x)), within)
}

// shuffle gives another order each day.
func (s *Statement) shuffle(today time.Time) {
	order := make([]int, len(s.tellings))
	for i := range order {
		order[i] = i
	}
	place := func(i int) string { return hidden("order", day(today), s.tellings[i].of.key, strconv.Itoa(i)) }
	slices.SortFunc(order, func(x, y int) int { return cmp.Compare(place(x), place(y)) })
	rows, tellings := make([]Row, len(order)), make([]*telling, len(order))
	for to, from := range order {
		rows[to], tellings[to] = s.Transactions[from], s.tellings[from]
	}
	s.Transactions, s.tellings = rows, tellings
}

// id is what the feed calls a row; place is its number in its day.
func (s *Statement) id(t *telling, view View, place int) string {
	if t.status == config.Pending && s.Feed.PendingIDs == config.PendingBlank {
		return ""
	}
	id := t.id
	switch s.Feed.IDs {
	case config.IDsSession:
		id = hidden("session", view.Session, s.Ref, t.of.key)
	case config.IDsReissued:
		id = hidden("reissued", strconv.Itoa(s.generation+view.Generation), s.Ref, t.of.key)
	case config.IDsPositional:
		id = fmt.Sprintf("%s-%03d", t.row(s.Currency).Date(), place)
	case config.IDsReused:
		id = fmt.Sprintf("%s-%d", t.of.since.Weekday(), t.of.ofDay)
	case config.IDsPerAccount:
		id = strconv.Itoa(t.of.ordinal)
	case config.IDsConstant:
		return "0000000000"
	case config.IDsBlank:
		return ""
	}
	if t.status == config.Pending && s.Feed.PendingIDs == config.PendingOther {
		return hidden("pending", id)
	}
	return id
}

// dated puts the dates where the feed has them.
func dated(row Row, dates config.Dates) Row {
	switch dates {
	case config.DatesSwapped:
		row.BookingDate, row.ValueDate = row.ValueDate, row.BookingDate
	case config.DatesNoBooking:
		row.BookingDate = ""
	case config.DatesNoTransaction:
		if row.BookingDate != "" {
			row.TransactionDate = ""
		}
	}
	return row
}

// Seen gives the rows as one log-in sees them.
func (s Statement) Seen(view View) Statement {
	depends := s.Feed.IDs == config.IDsSession || s.Feed.IDs == config.IDsReissued
	if !depends && view.Oldest.IsZero() {
		return s
	}
	rows, tellings := []Row{}, []*telling{}
	for i, row := range s.Transactions {
		if !view.Oldest.IsZero() && row.Date() != "" && row.Date() < day(view.Oldest) {
			continue
		}
		if depends {
			row.ID = s.id(s.tellings[i], view, 0)
		}
		rows, tellings = append(rows, row), append(tellings, s.tellings[i])
	}
	s.Transactions, s.tellings = rows, tellings
	return s
}

// reissues counts how often the timeline gave an account's rows other ids.
func (b *Book) reissues(ref string, today time.Time) int {
	count := 0
	for _, h := range b.toAccount(ref, today) {
		if h.Do == config.DoReissue {
			count++
		}
	}
	return count
}
