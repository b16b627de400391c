package xs2a

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/tributary-dev/tributary/testbank/config"
	"github.com/tributary-dev/tributary/testbank/iso20022"
	"github.com/tributary-dev/tributary/testbank/ledger"
	"github.com/tributary-dev/tributary/testbank/reply"
)

// whole is the one report that can be downloaded of an account; what of it is wanted stands in the query.
const whole = "/download/whole"

// media are the types of content of the forms that are not JSON.
var media = map[config.Reports]string{
	config.ReportsCamt: "application/xml", config.ReportsCamt053: "application/xml", config.ReportsMT940: "text/plain",
}

// otherwise answers in the form that this bank tells transactions in, where that is not JSON in pages. The standard has
// no other form for cards than JSON.
func (x *Interface) otherwise(w http.ResponseWriter, r *http.Request, s ledger.Statement, want wanted) bool {
	form := x.bank.File.Bank.Reports
	if form == config.ReportsJSON || card(s.Account) && form != config.ReportsDownload {
		return false
	}
	if form == config.ReportsDownload {
		reply.JSON(w, http.StatusOK, map[string]any{"_links": map[string]any{"download": href(reply.Prefix(r) + r.URL.Path + whole + "?" + r.URL.RawQuery)}})
		return true
	}
	if accept := r.Header.Get("Accept"); !strings.Contains(accept, media[form]) && !strings.Contains(accept, "*/*") {
		fail(w, problem{http.StatusNotAcceptable, "REQUESTED_FORMATS_INVALID", "Transactions are told as " + media[form] + " only."})
		return true
	}
	var rows []ledger.Row
	for _, row := range s.Transactions {
		if want.shows(row) {
			rows = append(rows, row)
		}
	}
	w.Header().Set("Content-Type", media[form]+"; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusOK)
	text := mt940(s, rows)
	switch form {
	case config.ReportsCamt:
		text = iso20022.Report(s, rows, x.bank.Now())
	case config.ReportsCamt053:
		text = iso20022.Statement(s, rows, x.bank.Now())
	}
	_, _ = w.Write(text) // a caller that is gone is told nothing
	return true
}

// download is a whole report at once.
func (x *Interface) download(w http.ResponseWriter, r *http.Request, who caller) {
	if want, s, ok := x.wanted(w, r, who); ok {
		x.page(w, r, s, want, len(s.Transactions)+1)
	}
}

// mt940 is SWIFT's statement, with field 86 as German banks write it. It has booked rows only.
func mt940(s ledger.Statement, rows []ledger.Row) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, ":20:STARTUMS\r\n:25:%s\r\n:28C:00001/001\r\n:60F:C260101%s0,00\r\n", s.ID, s.Currency)
	for _, row := range rows {
		if row.BookingDate == "" {
			continue
		}
		value := row.ValueDate
		if value == "" {
			value = row.BookingDate
		}
		sign := "C"
		if strings.HasPrefix(row.Amount, "-") {
			sign = "D"
		}
		id := row.ID
		if len(id) > 16 { // as long as SWIFT lets a reference be
			id = id[:16]
		}
		fmt.Fprintf(&b, ":61:%s%s%s%sNMSCNONREF//%s\r\n", short(value, "060102"), short(row.BookingDate, "0102"), sign, strings.Replace(strings.TrimPrefix(row.Amount, "-"), ".", ",", 1), id)
		fmt.Fprintf(&b, ":86:166?00UMSATZ?20%s", row.Label)
		if row.Counterparty != "" {
			b.WriteString("?32" + row.Counterparty)
		}
		b.WriteString("\r\n")
	}
	fmt.Fprintf(&b, ":62F:C260101%s0,00\r\n-\r\n", s.Currency)
	return []byte(b.String())
}

func short(day, layout string) string {
	on, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return ""
	}
	return on.Format(layout)
}
