// Package xs2a owns the bank's PSD2 interface: Berlin Group NextGenPSD2 XS2A 1.3.x, account information, below /xs2a.
//
// It decides nothing about money or people (package bank does) and shares no code with any client: what the standard's
// text demands is refused when it is missing. Invariants: no call without a client certificate and a valid signature of a
// third party with the role PSP_AI; a consent is its third party's alone; every answer has the shape of the standard's
// description; nothing of a request is repeated.
//
//	POST   /xs2a/v1/consents                               Redirect on the bank's page; with "TPP-Redirect-Preferred: false"
//	                                                       and PSU-ID by the customer's phone or, where the customer has none, embedded.
//	GET    /xs2a/v1/consents/{id}, .../status              DELETE ends it.
//	POST   /xs2a/v1/consents/{id}/authorisations           Password (embedded) or the start that was asked for.
//	GET    /xs2a/v1/consents/{id}/authorisations/{id}      PUT: the choice of a method, a code.
//	GET    /xs2a/v1/accounts[?withBalance], .../balances, .../transactions, the same for /card-accounts
//
//	GET    /xs2a/v1/accounts/{id}/transactions/download/{report}
//	                                                       A whole report, where the file has reports: download. With reports: camt,
//	                                                       camt053 or mt940 transactions are told so and not as JSON.
//
//	GET    /xs2a/authorize, POST /xs2a/token               OAuth 2 with PKCE, where the file has oauth: integrated (scope AIS:{consent})
//	                                                       or pre-step (scope AIS); its description is at
//	                                                       /xs2a/.well-known/oauth-authorization-server.
//
// The server has to ask for client certificates (tls.VerifyClientCertIfGiven) and to know their authorities
// (bank.Options.Authorities); without them every call is refused.
package xs2a

import (
	"net/http"
	"regexp"

	"github.com/tributary-dev/tributary/testbank/bank"
)

// Interface serves third parties.
type Interface struct{ bank *bank.Bank }

// served answers one request of a third party that is known.
type served func(w http.ResponseWriter, r *http.Request, who caller)

// Mount adds the interface's routes.
func Mount(mux *http.ServeMux, b *bank.Bank) {
	x := &Interface{bank: b}
	for pattern, answer := range map[string]served{
		"POST /xs2a/v1/consents":                                    x.createConsent,
		"GET /xs2a/v1/consents/{id}":                                x.readConsent,
		"DELETE /xs2a/v1/consents/{id}":                             x.deleteConsent,
		"GET /xs2a/v1/consents/{id}/status":                         x.consentStatus,
		"POST /xs2a/v1/consents/{id}/authorisations":                x.startAuthorisation,
		"GET /xs2a/v1/consents/{id}/authorisations/{authorisation}": x.readAuthorisation,
		"PUT /xs2a/v1/consents/{id}/authorisations/{authorisation}": x.updateAuthorisation,
		"GET /xs2a/v1/accounts":                                     x.accounts,
		"GET /xs2a/v1/accounts/{id}/balances":                       x.balances,
		"GET /xs2a/v1/accounts/{id}/transactions":                   x.transactions,
		"GET /xs2a/v1/card-accounts":                                x.cardAccounts,
		"GET /xs2a/v1/card-accounts/{id}/balances":                  x.balances,
		"GET /xs2a/v1/card-accounts/{id}/transactions":              x.transactions,
		"GET /xs2a/v1/accounts/{id}/transactions" + whole:           x.download,
		"GET /xs2a/v1/card-accounts/{id}/transactions" + whole:      x.download,
	} {
		mux.HandleFunc(pattern, x.only(answer))
	}
	mux.HandleFunc("GET "+metadataPath, x.metadata)
	mux.HandleFunc("GET /xs2a/authorize", x.authorize)
	mux.HandleFunc("POST /xs2a/token", x.token)
}

var uuid = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)

// only lets third parties in whose certificate, digest and signature are good, and plays X-Request-ID back.
func (x *Interface) only(answer served) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		id := r.Header.Get("X-Request-ID")
		if !uuid.MatchString(id) {
			fail(w, problem{http.StatusBadRequest, "FORMAT_ERROR", "X-Request-ID is to be a UUID."})
			return
		}
		w.Header().Set("X-Request-ID", id)
		who, wrong := x.recognise(w, r)
		if wrong != nil {
			fail(w, *wrong)
			return
		}
		answer(w, r, who)
	}
}
