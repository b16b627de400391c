// Package stet owns the bank's PSD2 interface of STET, the French standard: PSD2 API 1.4, account information, below /stet.
//
// It decides nothing about money or people (package bank does) and shares no code with any client: what the standard's
// text demands is refused when it is missing, and each deviation is a word of the bank's file (config.STET). Invariants: no
// call without a client certificate and a valid signature of the same third party, whose certificate is fetched from the
// address that the signature names; a token is its third party's alone; with mixed consents nothing is read of an account
// that the bank was not told of; every answer has the shape of the standard's description; nothing of a request is
// repeated but X-Request-ID and the path.
//
//	GET  /stet/authorize                                  OAuth 2 for browsers: scope aisp, or aisp extended_transaction_history
//	                                                      for rows of more than 90 days; PKCE where the third party begins with it.
//	POST /stet/token                                      Codes and refresh tokens; the client id is the certificate's number.
//	GET  /stet/v1/accounts, .../{id}/balances, .../{id}/transactions[?dateFrom, dateTo, afterEntryReference]
//	PUT  /stet/v1/consents                                With mixed consents: what may be read, in the place of what was told before.
//
// The standard leaves open what this bank answers in some cases: 401 where certificate, signature or token are wrong, 400
// for what is written wrongly, 403 for rows of more than 90 days without the scope for it and for an account it was not
// told of, 404 for trusted beneficiaries, which it has none of.
//
// The server has to ask for client certificates (tls.VerifyClientCertIfGiven); the bank has to know their authorities and
// where to look for seals (bank.Options.Authorities and Seals). Without them every call is refused.
package stet

import (
	"net/http"

	"github.com/tributary-dev/tributary/testbank/bank"
	"github.com/tributary-dev/tributary/testbank/config"
	"github.com/tributary-dev/tributary/testbank/reply"
	"github.com/tributary-dev/tributary/testbank/thirdparty"
)

// Interface serves third parties.
type Interface struct {
	bank *bank.Bank
	// ways are the words of the bank's file.
	ways config.STET
}

// served answers one request of a third party that is known.
type served func(w http.ResponseWriter, r *http.Request, who caller)

// Mount adds the interface's routes.
func Mount(mux *http.ServeMux, b *bank.Bank) {
	x := &Interface{bank: b, ways: b.File.Bank.STET}
	mux.HandleFunc("GET /stet/authorize", x.authorize)
	mux.HandleFunc("POST /stet/token", x.token)
	below := "/stet/" + x.ways.Path
	mux.HandleFunc(below+"/accounts", x.only(http.MethodGet, x.accounts))
	mux.HandleFunc(below+"/accounts/{id}/balances", x.only(http.MethodGet, x.balances))
	mux.HandleFunc(below+"/accounts/{id}/transactions", x.only(http.MethodGet, x.transactions))
	if x.ways.Consents == config.STETMixed {
		mux.HandleFunc(below+"/consents", x.only(http.MethodPut, x.told))
	}
	mux.HandleFunc(below+"/", func(w http.ResponseWriter, r *http.Request) { x.fail(w, r, nothingHere) })
}

// only lets third parties in whose certificate and signature are good, and plays X-Request-ID back.
func (x *Interface) only(method string, answer served) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		id := r.Header.Get("X-Request-ID")
		if id == "" || len(id) > 70 {
			x.fail(w, r, wrongly("X-Request-ID is mandatory, and at most 70 characters."))
			return
		}
		w.Header().Set("X-Request-ID", id)
		if r.Method != method {
			w.Header().Set("Allow", method)
			x.fail(w, r, problem{http.StatusMethodNotAllowed, "There is another method here."})
			return
		}
		who, wrong := x.recognise(w, r)
		switch {
		case wrong != nil:
			x.fail(w, r, *wrong)
		case !accepts(r):
			x.fail(w, r, problem{http.StatusNotAcceptable, "Answers are application/hal+json."})
		default:
			answer(w, r, who)
		}
	}
}

// hostile answers instead of the bank, where the customer's file wants that.
func (x *Interface) hostile(w http.ResponseWriter, r *http.Request, login string, where config.Place) bool {
	return thirdparty.Hostile(w, x.bank, login, where, hal, over, func(how config.Hostility) string { return x.spoiled(r, where, how) })
}

// link is a path of the interface as the bank writes it in answers: as the standard's examples do, from the root of the API
// and without a slash in front, unless the file has it otherwise.
func (x *Interface) link(r *http.Request, path string) map[string]string {
	path = x.ways.Path + path
	switch x.bank.File.Bank.Feed.Links {
	case config.LinksRelative:
		path = reply.Prefix(r) + "/stet/" + path
	case config.LinksAbsolute:
		path = reply.Base(r) + "/stet/" + path
	}
	return map[string]string{"href": path}
}
