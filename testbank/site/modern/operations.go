package modern

import (
	"encoding/json"
	"net/http"
	"strconv"

	"github.com/tributary-dev/tributary/testbank/bank"
	"github.com/tributary-dev/tributary/testbank/config"
	"github.com/tributary-dev/tributary/testbank/ledger"
	"github.com/tributary-dev/tributary/testbank/reply"
	"github.com/tributary-dev/tributary/testbank/site/wording"
)

// operation is a row for the script.
type operation struct {
	ledger.Row
	Day    string `json:"day"`
	Dated  string `json:"dated"`
	Done   string `json:"done"`
	Booked string `json:"booked"`
	Valued string `json:"valued"`
	State  string `json:"state"`
	Text   string `json:"amount_text"`
}

// operations gives further rows to the script. They break where the page of the account does.
func (t *Theme) operations(w http.ResponseWriter, r *http.Request) {
	v := visited{t.desk.Visit(w, r), r}
	number, err := strconv.Atoi(r.URL.Query().Get("page"))
	switch {
	case t.desk.Down():
		refused(w, http.StatusServiceUnavailable, "maintenance")
		return
	case !t.authenticated(v):
		refused(w, http.StatusUnauthorized, "session_expired")
		return
	case err != nil || number < 1:
		refused(w, http.StatusBadRequest, "bad_page")
		return
	}
	sheet := t.desk.Sheet(v.Visit, r.PathValue("id"), number)
	switch {
	case sheet.Problem != nil:
		refused(w, reply.Status(sheet.Problem), string(wording.Code(sheet.Problem)))
		return
	case t.desk.Broken(v.Login, config.PageTransactions) == config.FaultError:
		refused(w, http.StatusInternalServerError, "internal")
		return
	}
	answer := map[string]any{"operations": t.told(v, sheet.Rows), "total": sheet.Total, "next": 0}
	if number < sheet.Pages {
		answer["next"] = number + 1
	}
	body, err := json.Marshal(answer)
	if err != nil {
		panic("modern: rows cannot be written: " + err.Error())
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	t.desk.Send(w, r, v.Visit, config.PageTransactions, http.StatusOK, body)
}

func (t *Theme) authenticated(v visited) bool {
	s, err := t.desk.Standing(v.Visit)
	return err == nil && s.Status == bank.Authenticated
}

// told gives rows as the script shows them.
func (t *Theme) told(v visited, rows []ledger.Row) []operation {
	p, all := t.page(v, "", "", ""), []operation{}
	for _, row := range rows {
		all = append(all, operation{
			Row: row, Day: p.dayOf(row), Dated: p.Day(row.Date()), Done: p.Day(row.TransactionDate), Booked: p.Day(row.BookingDate),
			Valued: p.Day(row.ValueDate), State: p.state(row.Status), Text: p.Money(row.Amount, row.Currency),
		})
	}
	return all
}

func refused(w http.ResponseWriter, status int, why string) {
	reply.JSON(w, status, map[string]string{"error": why})
}
