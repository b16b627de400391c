package stet

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/tributary-dev/tributary/testbank/bank"
	"github.com/tributary-dev/tributary/testbank/config"
	"github.com/tributary-dev/tributary/testbank/ledger"
)

// wanted is which rows are asked for: from a day on, before another, and what came after a row.
type wanted struct{ from, before, after string }

// wantedIn reads the filters. Days are those that the instants are written with, in whatever zone.
func (x *Interface) wantedIn(r *http.Request) (want wanted, ok bool) {
	query := r.URL.Query()
	layout := time.RFC3339
	if x.ways.Filters == config.STETDays {
		layout = time.DateOnly
	}
	for name, into := range map[string]*string{"dateFrom": &want.from, "dateTo": &want.before} {
		text := query.Get(name)
		if text == "" {
			continue
		}
		if _, err := time.Parse(layout, text); err != nil {
			return want, false
		}
		*into = text[:len(time.DateOnly)]
	}
	want.after = query.Get("afterEntryReference")
	return want, len(want.after) <= 40
}

// query is the same again, in few characters: a link holds 140.
func (x *Interface) query(want wanted) string {
	var parts []string
	ending := "T00:00:00Z"
	if x.ways.Filters == config.STETDays {
		ending = ""
	}
	if want.from != "" {
		parts = append(parts, "dateFrom="+want.from+ending)
	}
	if want.before != "" {
		parts = append(parts, "dateTo="+want.before+ending)
	}
	if want.after != "" {
		parts = append(parts, "afterEntryReference="+want.after)
	}
	return strings.Join(parts, "&")
}

// entry is a booked row's reference, which is greater the later it was booked; empty for a row that has no id or is not
// booked yet.
func entry(row ledger.Row) string {
	id := resource(row.ID)
	if row.BookingDate == "" || id == "" {
		return ""
	}
	return cut(strings.ReplaceAll(row.BookingDate, "-", "")+"-"+id, 40)
}

func (x *Interface) transactions(w http.ResponseWriter, r *http.Request, who caller) {
	want, ok := x.wantedIn(r)
	page, numbered := pageOf(r)
	if !ok || !numbered {
		x.fail(w, r, wrongly("dateFrom and dateTo are instants, page is a number."))
		return
	}
	grant, s, ok := x.statement(w, r, who, bank.ScopeTransactions)
	if !ok {
		return
	}
	if grant.Recent > 0 {
		// Who writes instants may live in another zone: a day more does no harm.
		oldest := x.bank.Today().AddDate(0, 0, -grant.Recent-1).Format(time.DateOnly)
		if want.from != "" && want.from < oldest {
			x.fail(w, r, problem{http.StatusForbidden, "Rows of more than 90 days need the scope extended_transaction_history."})
			return
		}
		want.from = max(want.from, oldest)
	}
	rows := slices.DeleteFunc(slices.Clone(s.Transactions), func(row ledger.Row) bool {
		return row.Date() < want.from || want.before != "" && row.Date() >= want.before || want.after != "" && entry(row) <= want.after
	})
	x.rows(w, r, s, rows, want, page)
}

// rows answers with one page.
func (x *Interface) rows(w http.ResponseWriter, r *http.Request, s ledger.Statement, rows []ledger.Row, want wanted, page int) {
	size := x.bank.File.Bank.PageSize
	last := max(1, (len(rows)+size-1)/size)
	if len(rows) == 0 || page > last {
		x.nothing(w)
		return
	}
	begin := (page - 1) * size
	if s.Feed.RepeatLast && page > 1 {
		begin--
	}
	list := []map[string]any{}
	for _, row := range rows[begin:min(page*size, len(rows))] {
		list = append(list, x.row(s, row))
	}
	path := "/accounts/" + r.PathValue("id")
	links := x.pages(r, path+"/transactions", x.query(want), page, last)
	links["parent-list"], links["balances"] = x.link(r, "/accounts"), x.link(r, path+"/balances")
	x.say(w, map[string]any{"transactions": list, "_links": links})
}

var rowStatuses = map[config.Status]string{config.Booked: "BOOK", config.Refunded: "BOOK", config.Pending: "PDNG"}

// row is one in the standard's words. A booking date is mandatory: before it is booked it is the day of the purchase.
func (x *Interface) row(s ledger.Statement, row ledger.Row) map[string]any {
	indicator, amount := "CRDT", strings.TrimPrefix(row.Amount, "-")
	if amount != row.Amount {
		indicator = "DBIT"
		if x.ways.Amounts == config.STETSigned {
			amount = row.Amount
		}
	}
	out := map[string]any{
		"transactionAmount": map[string]any{"currency": row.Currency, "amount": x.number(amount)}, "creditDebitIndicator": indicator,
		"status": "OTHR", "bookingDate": row.Date(), "remittanceInformation": x.remittance(s, row),
	}
	if word := rowStatuses[row.Status]; word != "" {
		out["status"] = word
	}
	for name, value := range map[string]string{
		"resourceId": resource(row.ID), "entryReference": entry(row), "valueDate": row.ValueDate, "transactionDate": row.TransactionDate,
	} {
		if value != "" {
			out[name] = value
		}
	}
	return out
}

// number is an amount as this bank writes it.
func (x *Interface) number(amount string) any {
	if x.ways.Amounts == config.STETNumbers {
		return json.Number(amount)
	}
	return amount
}

// remittance is the text of a row.
func (x *Interface) remittance(s ledger.Statement, row ledger.Row) any {
	list := []string{cut(row.Label, longest)}
	if s.Feed.Text != config.TextLabel {
		list = linesOf(row.Label, s.Feed.Text == config.TextDoubled)
	}
	if x.ways.Lines == config.STETMoving && x.bank.Today().Unix()/(24*60*60)%2 == 1 { // the first of a month follows on a 31st
		slices.Reverse(list)
	}
	switch x.ways.Remittance {
	case config.STETObject:
		return map[string]any{"unstructured": list}
	case config.STETText:
		return strings.Join(list, " ")
	}
	return list
}

// lineLength is how much of a text stands on a line, where it stands on several.
const lineLength = 35

// linesOf breaks a text at blanks.
func linesOf(text string, twice bool) (all []string) {
	line := ""
	for _, word := range append(strings.Fields(text), "") {
		if word != "" && len(line)+1+len(word) <= lineLength {
			line = strings.TrimPrefix(line+" "+word, " ")
			continue
		}
		if line != "" {
			all = append(all, cut(line, longest))
		}
		if twice && line != "" {
			all = append(all, cut(line, longest))
		}
		line = word
	}
	return all
}
