package desk

import (
	"net/http"
	"strconv"
	"time"

	"github.com/tributary-dev/tributary/testbank/bank"
	"github.com/tributary-dev/tributary/testbank/config"
	"github.com/tributary-dev/tributary/testbank/site/download"
)

// Export gives an account's booked rows of the last days ("all" of them, or a number) as a file: csv, ofx or camt. Refusals as
// for bank.Authorize; NotFound also for a format or a period that is not offered.
func (d *Desk) Export(v Visit, lang config.Language, id, format, days string) (download.File, error) {
	h, err := d.Holding(v, id)
	if err != nil {
		return download.File{}, err
	}
	statement, err := d.statement(v, id, bank.ScopeTransactions)
	if err != nil {
		return download.File{}, err
	}
	since, known := d.since(days)
	a := download.Account{Statement: statement, Balance: h.Booked, Today: d.Bank.Today(), Rows: download.Booked(statement.Transactions, since)}
	switch {
	case known && format == "csv":
		return download.CSV(lang, a), nil
	case known && format == "ofx":
		return download.OFX(a), nil
	case known && format == "camt":
		return download.Camt(a), nil
	}
	return download.File{}, &bank.Refusal{Code: bank.NotFound, Message: "There is no such file."}
}

// Attach has a browser save what follows.
func Attach(w http.ResponseWriter, file download.File) {
	header := w.Header()
	header.Set("Content-Type", file.MediaType)
	header.Set("Content-Disposition", `attachment; filename="`+file.Name+`"`)
	header.Set("Cache-Control", "no-store")
	header.Set("X-Content-Type-Options", "nosniff")
}

// since is the first day of a period.
func (d *Desk) since(days string) (time.Time, bool) {
	if days == "all" {
		return time.Time{}, true
	}
	count, err := strconv.Atoi(days)
	if err != nil || count < 1 || count > 3660 {
		return time.Time{}, false
	}
	return d.Bank.Today().AddDate(0, 0, -count), true
}
