package stet

import (
	"bytes"
	"encoding/json"
	"mime"
	"net/http"

	"github.com/tributary-dev/tributary/testbank/bank"
	"github.com/tributary-dev/tributary/testbank/ledger"
)

// access is the request of the standard; every property is mandatory.
type access struct {
	Balances      *[]identification `json:"balances"`
	Transactions  *[]identification `json:"transactions"`
	Beneficiaries *bool             `json:"trustedBeneficiaries"`
	Identity      *bool             `json:"psuIdentity"`
}

// identification names an account.
type identification struct {
	IBAN  string `json:"iban,omitempty"`
	Other *other `json:"other,omitempty"`
}

type other struct {
	Identification string `json:"identification"`
	Scheme         string `json:"schemeName"`
	Issuer         string `json:"issuer,omitempty"`
}

// named is how the bank calls an account there.
func named(a ledger.Account) identification {
	switch {
	case a.IBAN != "":
		return identification{IBAN: a.IBAN}
	case card(a):
		return identification{Other: &other{Identification: a.Number, Scheme: "CPAN"}}
	}
	return identification{Other: &other{Identification: a.Number, Scheme: "BANK"}}
}

func (i identification) is(a ledger.Account) bool {
	own := named(a)
	if own.Other != nil && i.Other != nil {
		return i.IBAN == "" && own.Other.Identification == i.Other.Identification && own.Other.Scheme == i.Other.Scheme
	}
	return i.Other == nil && own.Other == nil && i.IBAN == own.IBAN
}

// told takes what the third party may read, in the place of what it said before.
func (x *Interface) told(w http.ResponseWriter, r *http.Request, who caller) {
	var body access
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "application/json" {
		x.fail(w, r, wrongly("Content-Type is to be application/json."))
		return
	}
	decoder := json.NewDecoder(bytes.NewReader(who.body))
	decoder.DisallowUnknownFields()
	if decoder.Decode(&body) != nil || body.Balances == nil || body.Transactions == nil || body.Beneficiaries == nil || body.Identity == nil {
		x.fail(w, r, wrongly("The body is to have balances, transactions, trustedBeneficiaries and psuIdentity."))
		return
	}
	accounts, err := x.bank.Seen(who.token, who.id)
	if err != nil {
		x.failWith(w, r, err)
		return
	}
	balances, known := idsOf(accounts, *body.Balances)
	transactions, known2 := idsOf(accounts, *body.Transactions)
	if !known || !known2 {
		x.fail(w, r, wrongly("Accounts are to be named as the list of accounts names them."))
		return
	}
	if err := x.bank.Tell(who.token, who.id, bank.Leave{Balances: balances, Transactions: transactions, Identity: *body.Identity}); err != nil {
		x.failWith(w, r, err)
		return
	}
	w.WriteHeader(http.StatusCreated)
}

// idsOf gives the accounts of some names; several share an IBAN where they differ in their currencies.
func idsOf(accounts []ledger.Account, names []identification) (refs []string, known bool) {
	for _, name := range names {
		found := false
		for _, a := range accounts {
			if name.is(a) {
				refs, found = append(refs, a.Ref), true
			}
		}
		if !found {
			return nil, false
		}
	}
	return refs, true
}
