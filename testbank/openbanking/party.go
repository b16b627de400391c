package openbanking

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"

	"github.com/tributary-dev/tributary/testbank/bank"
)

// party tells who gave the consent, or whose an account is.
func party(c *call) {
	want := wanted{scope: bank.ScopeAccounts, place: "accounts", anyOf: []string{partyPSU}, fresh: true}
	if c.r.PathValue("account") != "" {
		want.anyOf = []string{partyRead}
	}
	if r, ok := c.reads(want); ok {
		c.tell(http.StatusOK, map[string]any{"Party": c.holders(r, false)[0]}, nil)
	}
}

// parties tells all whose an account is.
func parties(c *call) {
	if r, ok := c.reads(wanted{scope: bank.ScopeAccounts, place: "accounts", anyOf: []string{partyRead}, fresh: true}); ok {
		c.tell(http.StatusOK, map[string]any{"Party": c.holders(r, true)}, nil)
	}
}

// holders are the customers behind an account, the one who gave the consent first.
func (c *call) holders(r reading, all bool) []map[string]any {
	names, kind := []string{}, "Sole"
	for _, p := range c.x.bank.File.Personas {
		if p.Login == r.intent.Login {
			names = append(names, p.Holder)
		}
	}
	if c.r.PathValue("account") != "" {
		for holder := range strings.SplitSeq(r.accounts[0].Holder, ", ") {
			if holder != names[0] {
				names, kind = append(names, holder), "Joint"
			}
		}
	}
	if !all {
		names = names[:1]
	}
	out := []map[string]any{}
	for _, name := range names {
		sum := sha256.Sum256([]byte("party\x00" + name))
		out = append(out, map[string]any{"PartyId": hex.EncodeToString(sum[:16]), "PartyType": kind, "Name": cut(name, 350), "FullLegalName": cut(name, 350)})
	}
	return out
}

// nothing is a kind of data of which the bank has none: the standard wants an empty list for it.
type nothing struct {
	// one is the address below an account, all the one of all accounts; key is where the list is.
	one, all, key string
	anyOf         []string
}

var none = []nothing{
	{"beneficiaries", "beneficiaries", "Beneficiary", []string{"ReadBeneficiariesBasic", "ReadBeneficiariesDetail"}},
	{"direct-debits", "direct-debits", "DirectDebit", []string{"ReadDirectDebits"}},
	{"offers", "offers", "Offer", []string{"ReadOffers"}},
	{"product", "products", "Product", []string{"ReadProducts"}},
	{"scheduled-payments", "scheduled-payments", "ScheduledPayment", []string{"ReadScheduledPaymentsBasic", "ReadScheduledPaymentsDetail"}},
	{"standing-orders", "standing-orders", "StandingOrder", []string{"ReadStandingOrdersBasic", "ReadStandingOrdersDetail"}},
	{"statements", "statements", "Statement", statementsRead},
}

var statementsRead = []string{"ReadStatementsBasic", "ReadStatementsDetail"}

func (n nothing) want() wanted {
	return wanted{scope: bank.ScopeAccounts, place: "accounts", anyOf: n.anyOf, fresh: true}
}

func (n nothing) list(c *call) {
	for _, name := range []string{"fromStatementDateTime", "toStatementDateTime"} {
		if _, wrong := c.filter(name); wrong != nil && n.key == "Statement" {
			c.fail(wrong)
			return
		}
	}
	if _, ok := c.reads(n.want()); ok {
		c.tell(http.StatusOK, map[string]any{n.key: []any{}}, nil)
	}
}

// noStatement answers whoever names a statement, because there is none.
func noStatement(c *call) {
	if _, ok := c.reads(nothing{anyOf: statementsRead}.want()); ok {
		c.fail(bad(notFound, "There is no such statement.", "StatementId"))
	}
}
