package endtoend

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/stretchr/testify/require"
)

// statement is an account as the bank's operator sees it.
type statement struct {
	ID, Type, Name, Holder, IBAN, Number, Currency string
	CreditLimit                                    string `json:"credit_limit"`
	Balances                                       []struct{ Type, Amount, Currency string }
	Transactions                                   []told
	// Ref is what the bank's file calls it, Told whether it is listed today.
	Ref       string
	Told      bool
	Movements []movement
}

// told is a row as the bank's feed has it.
type told struct {
	BookingDate     string `json:"booking_date"`
	ValueDate       string `json:"value_date"`
	TransactionDate string `json:"transaction_date"`
	Amount          string
	Currency        string
	Status          string
	Label           string
}

// movement is what really happened, and how it was told last.
type movement struct {
	ID        string
	Rows      int
	ToldUntil string `json:"told_until"`
	Told      told
}

func (b *bank) truth(t tester, login string) []statement {
	t.Helper()
	var all struct {
		Personas []struct {
			Login    string
			Accounts []statement
		}
	}
	b.admin(t, http.MethodGet, "truth?login="+url.QueryEscape(login), nil, &all)
	for _, p := range all.Personas {
		if p.Login == login {
			return p.Accounts
		}
	}
	require.FailNow(t, "the bank knows no "+login)
	return nil
}

// sheet is an account as lines of text: what has to be the same on both sides.
// Equal rows are equal lines, each of which has to be there as often.
func (s statement) sheet() []string {
	booked := ""
	for _, b := range s.Balances {
		if b.Type == "BOOKED" {
			booked = b.Amount + " " + b.Currency
		}
	}
	limit := s.CreditLimit
	if limit != "" {
		limit += " " + s.Currency
	}
	lines := []string{}
	for _, r := range s.Transactions {
		lines = append(lines, line(r.TransactionDate, r.BookingDate, r.ValueDate, r.Status, r.Amount, r.Currency, r.Label))
	}
	return headed(line(s.Name, s.Type, s.Holder, s.IBAN, s.Number, s.Currency, booked, limit), lines)
}

func headed(head string, rows []string) []string {
	slices.Sort(rows)
	return append([]string{head}, rows...)
}

func line(parts ...string) string { return strings.Join(parts, " | ") }

// sheets are the accounts of a connection as the API tells them, by name.
func (l link) sheets(t tester) map[string][]string {
	t.Helper()
	all := map[string][]string{}
	for _, a := range l.caller.every(t, "/v1/accounts?connection_id="+l.id) {
		rows := []string{}
		for _, r := range l.caller.every(t, "/v1/transactions?account_id="+plainText(a["id"])) {
			rows = append(rows, line(plainText(r["transaction_date"]), plainText(r["booking_date"]), plainText(r["value_date"]),
				plainText(r["status"]), money(r["amount"]), plainText(r["raw_label"])))
		}
		name := plainText(a["name"])
		require.NotContains(t, all, name, "an account is there twice")
		all[name] = headed(line(name, plainText(a["type"]), plainText(a["holder"]), plainText(a["iban"]), plainText(a["number"]),
			plainText(a["currency"]), strings.ReplaceAll(money(a["balance"]), " | ", " "), strings.ReplaceAll(money(a["credit_limit"]), " | ", " ")), rows)
	}
	return all
}

// money is only right as text: a number would have been through a float.
func money(value any) string {
	amount, ok := value.(map[string]any)
	if !ok {
		return ""
	}
	text, exact := amount["amount"].(string)
	if !exact {
		return "not a text"
	}
	return line(text, plainText(amount["currency"]))
}

// equalsTruth compares everything of a connection with the bank: nothing is
// missing, nothing doubled, nothing changed.
func (l link) equalsTruth(t tester, login string) {
	t.Helper()
	l.equalsTruthSince(t, login, "")
}

// equalsTruthSince leaves out rows before a day: the bank forgets old ones, we
// do not.
func (l link) equalsTruthSince(t tester, login, day string) {
	t.Helper()
	wanted, rows := map[string][]string{}, 0
	for _, s := range l.caller.sandbox.bank.truth(t, login) {
		wanted[s.Name] = recent(s.sheet(), day)
		rows += len(s.Transactions)
	}
	require.NotZero(t, rows, "the bank has no rows: nothing was proved")
	got := l.sheets(t)
	for name, sheet := range got {
		got[name] = recent(sheet, day)
	}
	require.Equal(t, wanted, got)
}

// recent keeps the head and the rows since a day, with which each line begins.
func recent(sheet []string, day string) []string {
	return slices.DeleteFunc(slices.Clone(sheet), func(l string) bool { return l != sheet[0] && l < day })
}
