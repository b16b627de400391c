package modern

import (
	"errors"
	"net/http"

	"github.com/tributary-dev/tributary/testbank/bank"
	"github.com/tributary-dev/tributary/testbank/config"
	"github.com/tributary-dev/tributary/testbank/site/desk"
	"github.com/tributary-dev/tributary/testbank/site/wording"
)

// export gives an account's booked rows as a file.
func (t *Theme) export(w http.ResponseWriter, v visited) {
	query := v.r.URL.Query()
	file, err := t.desk.Export(v.Visit, t.desk.Language(v.r), v.r.PathValue("id"), query.Get("format"), query.Get("days"))
	if err == nil && t.desk.Broken(v.Login, config.PageDownload) == config.FaultError {
		err = errors.New("broken")
	}
	switch wording.Code(err) {
	case bank.NotFound:
		t.missing(w, v)
	case bank.SessionExpired, bank.Unavailable:
		t.ended(w, v, err)
	default:
		if err == nil {
			desk.Attach(w, file)
			t.desk.Send(w, v.r, v.Visit, config.PageDownload, http.StatusOK, file.Body)
			return
		}
		p := t.memberPage(v, "message.html", "Téléchargement impossible", "This cannot be downloaded")
		t.message(w, v, http.StatusInternalServerError, p, wording.Refusal(p.Lang, err))
	}
}
