package openbanking

import (
	"net/http"
	"slices"
	"time"

	"github.com/tributary-dev/tributary/testbank/bank"
	"github.com/tributary-dev/tributary/testbank/config"
	"github.com/tributary-dev/tributary/testbank/ledger"
)

// wanted is a kind of data, and what lets a third party read it.
type wanted struct {
	scope bank.Scope
	place config.Place
	// anyOf are permissions of which one is enough.
	anyOf []string
	// fresh says that the customer has to have been there a moment ago, where the bank is one that wants that.
	fresh bool
	// continued says that the call goes on with one that was counted.
	continued bool
}

// reading is what a call may read.
type reading struct {
	bank.Grant
	intent bank.Authorisation
	// accounts are those that were asked for: one, or all of the consent.
	accounts []ledger.Account
}

// reads lets a call for data in, or has answered already.
func (c *call) reads(want wanted) (out reading, ok bool) {
	if !c.shows(false) {
		c.fail(noToken)
		return out, false
	}
	intent, err := c.x.bank.TokenIntent(c.token, c.who)
	if err != nil {
		c.refused(err)
		return out, false
	}
	if wrong := c.allowed(intent, want); wrong != nil {
		c.fail(wrong)
		return out, false
	}
	out.intent, out.accounts = intent, intent.Accounts
	use := bank.Use{Scope: want.scope, Attended: c.attended(), Continued: want.continued}
	if id := c.r.PathValue("account"); id != "" {
		i := slices.IndexFunc(intent.Accounts, func(a ledger.Account) bool { return a.ID == id })
		switch {
		case i >= 0:
			out.accounts = intent.Accounts[i : i+1]
		case c.x.bank.HasAccount(id):
			c.fail(notYours)
			return out, false
		default:
			c.fail(bad(notFound, "There is no such account.", "AccountId"))
			return out, false
		}
		if want.scope != bank.ScopeAccounts {
			use.Account = id
		}
	}
	if out.Grant, err = c.x.bank.ReadIntent(c.token, c.who, use); err != nil {
		c.refused(err)
		return out, false
	}
	if c.x.hostile(c.w, c.r, intent.Login, want.place) {
		return out, false
	}
	return out, c.x.bank.Delay(c.r.Context(), intent.Login) == nil
}

// allowed says why a consent does not allow what is wanted.
func (c *call) allowed(i bank.Authorisation, want wanted) *fault {
	switch {
	case c.v.newer(i.Version):
		return &fault{http.StatusForbidden, consentMismatch, "The consent is of a newer version.", "ConsentId"}
	case !grants(i.Permissions, want.anyOf):
		return noLeave
	case c.x.switches().AgreeAgain > 0 && c.x.bank.Now().After(i.Authenticated.AddDate(0, 0, c.x.switches().AgreeAgain)):
		return tooOld
	case want.fresh && c.x.closed(i):
		return tooOld
	}
	return nil
}

// closed reports whether the customer was there too long ago for what is open a moment only.
func (x *Interface) closed(i bank.Authorisation) bool {
	after := time.Duration(x.switches().ClosesAfter)
	return after > 0 && x.bank.Now().Sub(i.Authenticated) > after
}

// statements are the accounts that were asked for, with what stands on them.
func (c *call) statements(r reading) ([]ledger.Statement, bool) {
	out := make([]ledger.Statement, 0, len(r.accounts))
	for _, a := range r.accounts {
		s, err := c.x.bank.Statement(r.Grant, a.ID)
		if err != nil {
			c.refused(err)
			return nil, false
		}
		out = append(out, s)
	}
	return out, true
}

// cut shortens a text to what the standard has room for.
func cut(text string, room int) string {
	runes := []rune(text)
	return string(runes[:min(room, len(runes))])
}
