// Package site is the bank's web site for customers, in themes that share nothing but what stands behind their pages
// (package desk): modern and classic. Both are always there, below /web/; /web/ itself leads to the one of the configuration.
//
// Its truth is the portal's: the same accounts, rows, sessions, challenges, devices and behaviours. A quota is of programs
// and does not apply. Themes are built as a bank would build them, for people, and for nobody who reads them by program.
package site

import (
	"net/http"

	"github.com/tributary-dev/tributary/testbank/bank"
	"github.com/tributary-dev/tributary/testbank/reply"
	"github.com/tributary-dev/tributary/testbank/site/classic"
	"github.com/tributary-dev/tributary/testbank/site/desk"
	"github.com/tributary-dev/tributary/testbank/site/modern"
)

// Mount adds the routes of all themes.
func Mount(mux *http.ServeMux, b *bank.Bank, s *desk.Switch) {
	modern.Mount(mux, b, s)
	classic.Mount(mux, b, s)
	mux.HandleFunc("GET /web/{$}", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, reply.Prefix(r)+"/web/"+string(s.State().Theme)+"/", http.StatusSeeOther)
	})
}
