package check

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/tributary-dev/tributary/cmd/tributary/crash/call"
)

// remembered is how many days back rows are compared: the bank forgets older
// ones, we do not.
const remembered = 45

// ledger compares the accounts and rows of each kept connection with the bank's.
func (s Scene) ledger(ctx context.Context, r *Report) error {
	text, err := s.Bank.Today(ctx)
	if err != nil {
		return err
	}
	today, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return err
	}
	since := today.AddDate(0, 0, -remembered).Format(time.DateOnly)
	for id, c := range s.Promises.Connections {
		if !c.Kept || c.Gone {
			continue
		}
		truth, err := s.Bank.Truth(ctx, c.Login)
		if err != nil {
			return err
		}
		held, err := s.held(ctx, id)
		if err != nil {
			return err
		}
		s.compare(id, c, truth, held, since, r)
	}
	return nil
}

// account is one with its rows, each as a line.
type account struct {
	id, head string
	rows     []string
}

// held are the accounts of a connection as the API tells them.
func (s Scene) held(ctx context.Context, connection string) (all []account, err error) {
	accounts, err := s.Client.Every(ctx, "/v1/accounts?connection_id="+connection)
	if err != nil {
		return nil, err
	}
	for _, a := range accounts {
		rows, err := s.Client.Every(ctx, "/v1/transactions?account_id="+a.Text("id"))
		if err != nil {
			return nil, err
		}
		balance := a.In("balance")
		one := account{id: a.Text("id"), head: line(a.Text("name"), a.Text("type"), a.Text("holder"), a.Text("number"), balance.Text("amount"), balance.Text("currency"))}
		for _, row := range rows {
			one.rows = append(one.rows, RowLine(row))
		}
		all = append(all, one)
	}
	return all, nil
}

// RowLine is a transaction of the API as a line: all that the bank tells of it.
func RowLine(row call.Thing) string {
	amount := row.In("amount")
	return line(row.Text("transaction_date"), row.Text("booking_date"), row.Text("value_date"), row.Text("status"),
		amount.Text("amount"), amount.Text("currency"), row.Text("raw_label"))
}

// told is a row of the bank as such a line.
func told(row call.Thing) string {
	return line(row.Text("transaction_date"), row.Text("booking_date"), row.Text("value_date"), row.Text("status"),
		row.Text("amount"), row.Text("currency"), row.Text("label"))
}

func line(parts ...string) string { return strings.Join(parts, " | ") }

// compare is the heart: each account of the bank is there once and as it is,
// each of its rows as often as the bank has it, less what users took away.
func (s Scene) compare(connection string, c Connection, truth []call.Thing, held []account, since string, r *Report) {
	byHead := map[string][]account{}
	for _, a := range held {
		byHead[a.head] = append(byHead[a.head], a)
	}
	for _, t := range truth {
		head := headOf(t)
		found := byHead[head]
		delete(byHead, head)
		switch {
		case len(found) == 0:
			add(&r.Missing, "%s of %s: account %s", connection, c.Login, head)
			continue
		case len(found) > 1:
			add(&r.Doubled, "%s of %s: account %s is there %d times", connection, c.Login, head, len(found))
		}
		wanted := []string{}
		for _, row := range t.Things("transactions") {
			wanted = append(wanted, told(row))
		}
		wanted = without(wanted, s.removed(connection, found[0].id))
		r.Rows += len(wanted)
		missing, doubled := differ(recent(wanted, since), recent(found[0].rows, since))
		for _, row := range missing {
			add(&r.Missing, "%s of %s, %s: %s", connection, c.Login, t.Text("name"), row)
		}
		for _, row := range doubled {
			add(&r.Doubled, "%s of %s, %s: %s", connection, c.Login, t.Text("name"), row)
		}
	}
	for head := range byHead {
		add(&r.Doubled, "%s of %s: account %s is none of the bank's", connection, c.Login, head)
	}
}

func headOf(t call.Thing) string {
	amount, currency := "", ""
	for _, b := range t.Things("balances") {
		if b.Text("type") == "BOOKED" {
			amount, currency = b.Text("amount"), b.Text("currency")
		}
	}
	return line(t.Text("name"), t.Text("type"), t.Text("holder"), t.Text("number"), amount, currency)
}

// removed are the rows of an account that its user took away.
func (s Scene) removed(connection, account string) (lines []string) {
	for _, row := range s.Promises.Removed {
		if row.Connection == connection && row.Account == account {
			lines = append(lines, row.Line)
		}
	}
	return lines
}

// without takes lines away, each once.
func without(lines, taken []string) []string {
	for _, t := range taken {
		if i := slices.Index(lines, t); i >= 0 {
			lines = slices.Delete(lines, i, i+1)
		}
	}
	return lines
}

// recent keeps what is not before a day, with which each line begins.
func recent(lines []string, since string) []string {
	return slices.DeleteFunc(slices.Clone(lines), func(l string) bool { return l < since })
}

// differ compares two lists in which equal lines count as often as they are.
func differ(wanted, got []string) (missing, extra []string) {
	count := map[string]int{}
	for _, w := range wanted {
		count[w]++
	}
	for _, g := range got {
		if count[g]--; count[g] < 0 {
			extra = append(extra, g)
		}
	}
	for w, left := range count {
		for range left {
			missing = append(missing, w)
		}
	}
	return missing, extra
}
