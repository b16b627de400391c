package ledger

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/tributary-dev/tributary/testbank/config"
)

// Movement is something that really happened on an account, whatever the feed makes of it.
type Movement struct {
	// ID is an identity that no feed shows.
	ID              string        `json:"id"`
	Status          config.Status `json:"status"`
	Amount          string        `json:"amount"`
	Currency        string        `json:"currency"`
	TransactionDate string        `json:"transaction_date"`
	BookingDate     string        `json:"booking_date,omitempty"`
	ValueDate       string        `json:"value_date,omitempty"`
	Label           string        `json:"label"`
	Kind            string        `json:"kind"`
	// Rows is how many rows tell it today: 0 while it is not told, 2 while it is told twice.
	Rows int `json:"rows"`
	// Told is the row by which it was told last, as the feed has it.
	Told Row `json:"told"`
	// ToldUntil is the last day on which it was told, where that is over.
	ToldUntil string `json:"told_until,omitempty"`
}

// Truth is what a ledger of an account has to come to.
type Truth struct {
	Movements []Movement `json:"movements"`
	// Indistinguishable are pairs of movements that nothing in the feed tells apart.
	Indistinguishable [][2]string `json:"indistinguishable"`
}

// Truth gives what happened on an account by the end of a day, the newest first. Movements that are older than what the
// bank shows are left out, because nobody could know them.
func (b *Book) Truth(ref string, today time.Time) Truth {
	truth := Truth{Movements: []Movement{}, Indistinguishable: [][2]string{}}
	i := slices.IndexFunc(b.file.Accounts, func(a config.Account) bool { return a.Ref == ref })
	if i < 0 {
		return truth
	}
	a := b.file.Accounts[i]
	statement, _ := b.Statement(ref, today)
	told := statement.rows()
	oldest := today.AddDate(0, 0, -b.file.Bank.HistoryDays)
	for i := range statement.entries {
		e := &statement.entries[i]
		t := e.at(today)
		if !t.real || t.done.Before(oldest) {
			continue
		}
		m := movement(a, &t)
		if row, is := told[e.key]; is {
			m.Told = row
		} else if until := e.lastTold(today); !until.IsZero() {
			before, _ := b.Statement(ref, until)
			m.ToldUntil, m.Told = day(until), before.rows()[e.key]
		}
		truth.Movements = append(truth.Movements, m)
	}
	slices.SortStableFunc(truth.Movements, func(x, y Movement) int {
		return cmp.Or(cmp.Compare(y.TransactionDate, x.TransactionDate), cmp.Compare(x.ID, y.ID))
	})
	truth.Indistinguishable = append(truth.Indistinguishable, alike(truth.Movements, a.Feed)...)
	return truth
}

func movement(a config.Account, t *telling) Movement {
	row := t.row(a.Currency)
	return Movement{
		ID: "mov_" + strings.ToLower(hidden("movement", a.Ref, t.of.key)), Status: row.Status, Amount: row.Amount, Currency: row.Currency,
		TransactionDate: row.TransactionDate, BookingDate: row.BookingDate, ValueDate: row.ValueDate, Label: row.Label, Kind: row.Kind,
		Rows: t.rows,
	}
}

// lastTold is the last day up to today on which rows told an entry; zero for none.
func (e *entry) lastTold(today time.Time) time.Time {
	for i := len(e.events) - 1; i >= 0; i-- {
		h := e.events[i]
		before := h.on.AddDate(0, 0, -1)
		if h.Do != config.DoVanish || h.on.After(today) || before.Before(e.since) {
			continue
		}
		if t := e.at(before); t.rows > 0 {
			return before
		}
	}
	return time.Time{}
}

// rows gives a row for each entry that is told.
func (s *Statement) rows() map[string]Row {
	rows := make(map[string]Row, len(s.tellings))
	for i, t := range s.tellings {
		rows[t.of.key] = s.Transactions[i]
	}
	return rows
}

// alike finds the pairs that share amount, label, status and all dates, and that no id of the feed tells apart for good.
func alike(movements []Movement, feed config.Feed) [][2]string {
	var pairs [][2]string
	same := map[Row][]Movement{}
	for _, m := range movements {
		row := m.Told
		if feed.IDs.Tell() && row.ID != "" {
			continue
		}
		row.ID = ""
		same[row] = append(same[row], m)
	}
	for _, group := range same {
		for i, m := range group {
			for _, other := range group[i+1:] {
				pairs = append(pairs, [2]string{m.ID, other.ID})
			}
		}
	}
	slices.SortFunc(pairs, func(x, y [2]string) int { return cmp.Or(cmp.Compare(x[0], y[0]), cmp.Compare(x[1], y[1])) })
	return pairs
}
