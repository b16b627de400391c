package portal

import (
	"net/http"

	"github.com/tributary-dev/tributary/testbank/bank"
	"github.com/tributary-dev/tributary/testbank/reply"
)

// Portal serves the customer portal's back end.
type Portal struct{ bank *bank.Bank }

// Mount adds the portal's routes.
func Mount(mux *http.ServeMux, b *bank.Bank) {
	p := &Portal{bank: b}
	mux.HandleFunc("POST /api/sessions", p.logIn)
	mux.HandleFunc("GET /api/sessions/{id}", p.session)
	mux.HandleFunc("DELETE /api/sessions/{id}", p.logOut)
	mux.HandleFunc("POST /api/sessions/{id}/challenge", p.answer)
	mux.HandleFunc("POST /api/sessions/{id}/challenge/resend", p.resend)
	mux.HandleFunc("GET /api/accounts", p.accounts)
	mux.HandleFunc("GET /api/accounts/{id}/balances", p.balances)
	mux.HandleFunc("GET /api/accounts/{id}/transactions", p.transactions)
}

// late lets a slow persona's answer wait, and says whether anyone still waits for it.
func (p *Portal) late(r *http.Request, login string) bool {
	return p.bank.Delay(r.Context(), login) != nil
}

// sessionAnswer answers with how a log-in stands, or with its refusal.
func (p *Portal) sessionAnswer(w http.ResponseWriter, r *http.Request, status int, s bank.Session, err error) {
	if err != nil {
		reply.Error(w, r, err)
		return
	}
	if p.late(r, s.Login) {
		return
	}
	reply.JSON(w, status, bodyOf(s, reply.Base(r)))
}
