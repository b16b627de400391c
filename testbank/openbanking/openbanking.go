package openbanking

import (
	"net/http"
	"sync"
	"time"

	"github.com/tributary-dev/tributary/testbank/bank"
	"github.com/tributary-dev/tributary/testbank/config"
	"github.com/tributary-dev/tributary/testbank/reply"
)

// Interface serves third parties.
type Interface struct {
	bank *bank.Bank
	keys keys

	mu sync.Mutex
	// given are the tokens that live, codes what a customer's return was for, used the client assertions that came already.
	given map[string]given
	codes map[string]visit
	used  map[string]time.Time
	// lost counts refreshes, of which each second may be lost.
	lost int
}

// Mount adds the interface's routes.
func Mount(mux *http.ServeMux, b *bank.Bank) {
	x := &Interface{bank: b, given: map[string]given{}, codes: map[string]visit{}, used: map[string]time.Time{}}
	mux.HandleFunc("GET "+root+"/.well-known/openid-configuration", x.configuration)
	mux.HandleFunc("GET "+root+"/jwks", x.keySet)
	mux.HandleFunc("POST "+root+"/register", x.register)
	mux.HandleFunc("POST "+root+"/token", x.tokens)
	mux.HandleFunc("GET "+root+"/authorize", x.authorize)
	mux.HandleFunc("POST "+root+"/authorize", x.authorize)
	mux.HandleFunc("POST /api/admin/open-banking/keys", x.rotate)
	mux.HandleFunc(root+"/", x.elsewhere)
	for _, v := range versions {
		x.mountVersion(mux, v)
	}
}

func (x *Interface) mountVersion(mux *http.ServeMux, v version) {
	x.at(mux, v, "/account-access-consents", map[string]served{http.MethodPost: askConsent})
	x.at(mux, v, "/account-access-consents/{consent}", map[string]served{http.MethodGet: readConsent, http.MethodDelete: endConsent})
	get := func(path string, answer served) { x.at(mux, v, path, map[string]served{http.MethodGet: answer}) }
	get("/accounts", listAccounts)
	get("/accounts/{account}", listAccounts)
	get("/accounts/{account}/balances", listBalances)
	get("/balances", listBalances)
	get("/accounts/{account}/transactions", listTransactions)
	get("/transactions", listTransactions)
	get("/party", party)
	get("/accounts/{account}/party", party)
	get("/accounts/{account}/parties", parties)
	for _, n := range none {
		get("/accounts/{account}/"+n.one, n.list)
		get("/"+n.all, n.list)
	}
	for _, path := range []string{"", "/file", "/transactions"} {
		get("/accounts/{account}/statements/{statement}"+path, noStatement)
	}
}

const root = "/open-banking"

// switches are in what the bank deviates.
func (x *Interface) switches() config.OpenBanking { return x.bank.File.Bank.OpenBanking }

// base is where third parties call the bank.
func (x *Interface) base(r *http.Request) string {
	if x.bank.Interface != "" {
		return x.bank.Interface + reply.Prefix(r)
	}
	return reply.Base(r)
}

// issuer names the bank in tokens.
func (x *Interface) issuer(r *http.Request) string { return x.base(r) + root }
