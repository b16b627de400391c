package modern

import (
	"net/http"
	"strconv"
	"time"

	"github.com/tributary-dev/tributary/testbank/bank"
	"github.com/tributary-dev/tributary/testbank/config"
	"github.com/tributary-dev/tributary/testbank/site/download"
	"github.com/tributary-dev/tributary/testbank/site/wording"
)

// export gives an account's booked rows as a file.
func (t *Theme) export(w http.ResponseWriter, v visited) {
	h, err := t.desk.Holding(v.Visit, v.r.PathValue("id"))
	sheet := t.desk.All(v.Visit, h.ID)
	query := v.r.URL.Query()
	since, known := t.since(query.Get("days"))
	switch {
	case wording.Code(err) == bank.NotFound, err == nil && !known:
		t.missing(w, v)
		return
	case err != nil:
		t.ended(w, v, err)
		return
	case sheet.Problem != nil || t.desk.Broken(v.Login, config.PageDownload) == config.FaultError:
		p := t.memberPage(v, "message.html", "Téléchargement impossible", "This cannot be downloaded")
		t.message(w, v, http.StatusInternalServerError, p, wording.Refusal(p.Lang, sheet.Problem))
		return
	}
	a := download.Account{Account: h.Account, Balance: h.Booked, Today: t.desk.Bank.Today(), Rows: download.Booked(sheet.Rows, since)}
	var file download.File
	switch query.Get("format") {
	case "csv":
		file = download.CSV(t.desk.Language(v.r), a)
	case "ofx":
		file = download.OFX(a)
	case "camt":
		file = download.Camt(a)
	default:
		t.missing(w, v)
		return
	}
	header := w.Header()
	header.Set("Content-Type", file.MediaType)
	header.Set("Content-Disposition", `attachment; filename="`+file.Name+`"`)
	header.Set("Cache-Control", "no-store")
	header.Set("X-Content-Type-Options", "nosniff")
	t.desk.Send(w, v.r, v.Visit, config.PageDownload, http.StatusOK, file.Body)
}

// since is the first day of a download.
func (t *Theme) since(days string) (time.Time, bool) {
	if days == "all" || days == "" {
		return time.Time{}, true
	}
	count, err := strconv.Atoi(days)
	if err != nil || count < 1 || count > 3660 {
		return time.Time{}, false
	}
	return t.desk.Bank.Today().AddDate(0, 0, -count), true
}
