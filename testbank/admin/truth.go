package admin

import (
	"net/http"
	"time"

	"github.com/tributary-dev/tributary/testbank/bank"
	"github.com/tributary-dev/tributary/testbank/ledger"
	"github.com/tributary-dev/tributary/testbank/reply"
)

// personaTruth is all that the bank knows of one customer.
type personaTruth struct {
	Login    string         `json:"login"`
	Holder   string         `json:"holder"`
	Standing bank.Standing  `json:"standing"`
	Accounts []accountTruth `json:"accounts"`
}

// accountTruth is an account twice: as the feed tells it today, and as it really is. The id is the one that is told
// (of ids that depend on a log-in: that of none), the ref is the file's and never told.
type accountTruth struct {
	ledger.Statement
	Ref string `json:"ref"`
	// Told says whether the bank lists the account today.
	Told bool `json:"told"`
	ledger.Truth
}

// truth answers with all that is so by the end of the bank's day. A ledger is right when it holds each movement once,
// with the status, amount and dates by which it was told last, and nothing else. ?login= asks for one customer.
func (a *API) truth(w http.ResponseWriter, r *http.Request) {
	today := a.bank.Today()
	truths := []personaTruth{}
	login := r.URL.Query().Get("login")
	for _, p := range a.bank.File.Personas {
		if login != "" && p.Login != login {
			continue
		}
		truth := personaTruth{Login: p.Login, Holder: p.Holder, Accounts: []accountTruth{}}
		truth.Standing, _ = a.bank.Standing(p.Login)
		for _, ref := range a.bank.Book.Refs(p.Login, today) {
			truth.Accounts = append(truth.Accounts, a.accountTruth(ref, today))
		}
		truths = append(truths, truth)
	}
	reply.JSON(w, http.StatusOK, map[string]any{"today": today.Format(time.DateOnly), "personas": truths})
}

func (a *API) accountTruth(ref string, today time.Time) accountTruth {
	statement, _ := a.bank.Book.Statement(ref, today)
	return accountTruth{Statement: statement, Ref: ref, Told: a.bank.Book.Told(ref, today), Truth: a.bank.Book.Truth(ref, today)}
}
