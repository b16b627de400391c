package classic

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/tributary-dev/tributary/testbank/bank"
	"github.com/tributary-dev/tributary/testbank/config"
	"github.com/tributary-dev/tributary/testbank/ledger"
	"github.com/tributary-dev/tributary/testbank/site/desk"
	"github.com/tributary-dev/tributary/testbank/site/wording"
)

// letters are the sections of the menu.
var letters = map[string]config.AccountType{"S": config.Savings, "C": config.CreditCard, "L": config.Loan}

// line is an account with its place in the customer's list, which is how the old system calls it.
type line struct {
	Place int
	desk.Holding
}

func (t *Theme) accounts(w http.ResponseWriter, v visited) {
	holdings, err := t.desk.Holdings(v.Visit)
	if err != nil {
		t.ended(w, v, err)
		return
	}
	s := t.form(v, "comptes.html", "SITUATION DE VOS COMPTES", "YOUR ACCOUNTS")
	s.kind = config.PageAccounts
	lines := []line{}
	for i, h := range holdings {
		if only := letters[v.r.URL.Query().Get("r")]; only == "" || only == h.Type {
			lines = append(lines, line{i + 1, h})
		}
	}
	s.Data = lines
	t.show(w, v, s)
}

// chosen is the account that a form names by its place.
func (t *Theme) chosen(v visited) (line, error) {
	holdings, err := t.desk.Holdings(v.Visit)
	if err != nil {
		return line{}, err
	}
	place, err := strconv.Atoi(v.r.FormValue("cpt"))
	if err != nil || place < 1 || place > len(holdings) {
		return line{}, &bank.Refusal{Code: bank.NotFound}
	}
	return line{place, holdings[place-1]}, nil
}

// movement is a row with its place among all of the account.
type movement struct {
	Place int
	ledger.Row
	// State is the letter of what is not simply booked.
	State string
}

// states are the letters, which the foot of the page explains.
var states = map[config.Status]string{config.Pending: "*", config.Expired: "E", config.Rejected: "R", config.Cancelled: "A", config.Refunded: "X"}

// Short is a text as it fits into the column.
func (m movement) Short() string {
	const width = 60
	if runes := []rune(m.Label); len(runes) > width {
		return string(runes[:width-3]) + "..."
	}
	return m.Label
}

func (t *Theme) movements(w http.ResponseWriter, v visited) {
	account, err := t.chosen(v)
	if err != nil {
		t.refuse(w, v, err)
		return
	}
	page, _ := strconv.Atoi(v.r.PostForm.Get("page")) // none is the first
	sheet := t.desk.Sheet(v.Visit, account.ID, page)
	s := t.form(v, "mvts.html", "MOUVEMENTS DU COMPTE", "MOVEMENTS OF THE ACCOUNT")
	s.kind = config.PageTransactions
	var rows []movement
	for i, row := range sheet.Rows {
		rows = append(rows, movement{sheet.First + i + 1, row, states[row.Status]})
	}
	pages := make([]int, sheet.Pages)
	for i := range pages {
		pages[i] = i + 1
	}
	s.Data = map[string]any{"Account": account, "Sheet": sheet, "Rows": rows, "Pages": pages}
	t.show(w, v, s)
}

// refuse answers where an account or a row is not there.
func (t *Theme) refuse(w http.ResponseWriter, v visited, err error) {
	if wording.Code(err) == bank.NotFound {
		t.missing(w, v)
		return
	}
	t.ended(w, v, err)
}

// detail is one row, by its place, in a window of its own.
func (t *Theme) detail(w http.ResponseWriter, v visited) {
	account, err := t.chosen(v)
	if err != nil {
		t.refuse(w, v, err)
		return
	}
	row, err := t.desk.Row(v.Visit, account.ID, v.r.FormValue("no"))
	if err != nil {
		t.refuse(w, v, err)
		return
	}
	s := t.screen(v, "detail.html", "DÉTAIL DU MOUVEMENT", "DETAILS OF THE MOVEMENT")
	s.Data = map[string]any{"Account": account, "Row": row}
	t.show(w, v, s)
}

func (t *Theme) downloads(w http.ResponseWriter, v visited) {
	holdings, err := t.desk.Holdings(v.Visit)
	if err != nil {
		t.ended(w, v, err)
		return
	}
	s := t.form(v, "telech.html", "TÉLÉCHARGEMENT DES MOUVEMENTS", "DOWNLOAD OF MOVEMENTS")
	s.Data = holdings
	t.show(w, v, s)
}

func (t *Theme) download(w http.ResponseWriter, v visited) {
	account, err := t.chosen(v)
	if err != nil {
		t.refuse(w, v, err)
		return
	}
	form := v.r.PostForm
	file, err := t.desk.Export(v.Visit, t.desk.Language(v.r), account.ID, form.Get("format"), form.Get("jours"))
	if err == nil && t.desk.Broken(v.Login, config.PageDownload) == config.FaultError {
		err = errors.New("broken")
	}
	if err != nil {
		s := t.screen(v, "message.html", "TÉLÉCHARGEMENT IMPOSSIBLE", "DOWNLOAD IMPOSSIBLE")
		t.message(w, v, http.StatusInternalServerError, s, wording.Refusal(s.Lang, err))
		return
	}
	desk.Attach(w, file)
	t.desk.Send(w, v.r, v.Visit, config.PageDownload, http.StatusOK, file.Body)
}
