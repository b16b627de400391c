package config

import (
	"fmt"
	"slices"
)

// takes says what each happening happens to, and which further keys it may have.
var takes = map[Happening]struct {
	account, row, login need
	keys                []string
}{
	DoOpen: {account: must}, DoClose: {account: must}, DoReissue: {account: must},
	DoChange: {account: must, row: may, keys: append(append([]string{"id"}, rowKeys...), accountKeys...)},
	DoVanish: {account: must, row: may}, DoReturn: {account: must, row: may},
	DoDouble:      {account: must, row: must, keys: []string{"last_day"}},
	DoFail:        {account: must, keys: []string{"scope", "last_day"}},
	DoPassword:    {login: must, keys: []string{"password"}},
	DoEndConsents: {login: must}, DoDistrust: {login: must}, DoLock: {login: must}, DoTerms: {login: must},
	DoDown: {login: may, keys: []string{"from", "until", "last_day"}},
}

// need says whether a happening has a key.
type need int

const (
	never need = iota
	may
	must
)

var (
	rowKeys     = []string{"status", "date", "value_date", "transaction_date", "amount", "label"}
	accountKeys = []string{"name", "iban", "number"}
	furtherKeys = slices.Concat(rowKeys, accountKeys, []string{"id", "scope", "last_day", "from", "until", "password"})
)

// timeline checks each event against the accounts and customers of the file.
func (c *checker) timeline(f *File, logins map[string]bool) {
	for i, e := range f.Timeline {
		here := fmt.Sprintf("timeline[%d]", i)
		if e.Do == "" {
			continue // the reader has said so
		}
		wants := takes[e.Do]
		c.has(here, "account", e.Do, wants.account)
		c.has(here, "row", e.Do, wants.row)
		c.has(here, "login", e.Do, wants.login)
		for _, key := range furtherKeys {
			if c.given(here+"."+key) && !slices.Contains(wants.keys, key) {
				c.at(here+"."+key, "%s does not have it", e.Do)
			}
		}
		if e.Login != "" && !logins[e.Login] {
			c.at(here+".login", "no persona has the login %q", e.Login)
		}
		for _, p := range f.Personas {
			if e.Do == DoPassword && p.Login == e.Login {
				c.password(here+".password", p, e.Password, f.Bank.Site)
			}
		}
		c.target(here, e, f.Accounts)
		c.event(here, e)
	}
}

func (c *checker) has(here, key string, do Happening, wanted need) {
	switch given := c.given(here + "." + key); {
	case wanted == must && !given:
		c.at(here, "%s needs the key %q", do, key)
	case wanted == never && given:
		c.at(here+"."+key, "%s does not have it", do)
	}
}

// target checks that the account and the row are there.
func (c *checker) target(here string, e Event, accounts []Account) {
	if e.Account == "" {
		return
	}
	i := slices.IndexFunc(accounts, func(a Account) bool { return a.Ref == e.Account })
	switch {
	case i < 0:
		c.at(here+".account", "there is no account with that ref")
	case e.Row != "" && !slices.ContainsFunc(accounts[i].Transactions, func(t Transaction) bool { return t.ID == e.Row }):
		c.at(here+".row", "the account has no transaction with that id")
	}
}

// event checks what is given with it.
func (c *checker) event(here string, e Event) {
	if e.Do == DoChange {
		c.change(here, e)
	}
	if e.Do == DoPassword && !c.given(here+".password") {
		c.at(here, "password needs the key %q", "password")
	}
	if c.given(here+".from") != c.given(here+".until") {
		c.at(here, "down needs both from and until, or neither")
	}
	if e.From.Given && e.Until.Given && e.From.Of >= e.Until.Of {
		c.at(here+".until", "must be later on the day than from")
	}
	if e.LastDay.Given() && e.On.Given() && e.LastDay.Relative() == e.On.Relative() && e.LastDay.On(epoch).Before(e.On.On(epoch)) {
		c.at(here+".last_day", "must not be before on")
	}
}

func (c *checker) change(here string, e Event) {
	own, foreign, word := rowKeys, accountKeys, "a row"
	if !e.OfRow() {
		own, foreign, word = accountKeys, rowKeys, "an account"
	}
	changes := c.given(here + ".id")
	for _, key := range own {
		changes = changes || c.given(here+"."+key)
	}
	if !changes {
		c.at(here, "says nothing that changes")
	}
	for _, key := range foreign {
		if c.given(here + "." + key) {
			c.at(here+"."+key, "the change of %s does not have it", word)
		}
	}
	if e.Amount.Given() && e.Amount.IsZero() {
		c.at(here+".amount", "must not be zero")
	}
	if e.IBAN != "" && !validIBAN(e.IBAN) {
		c.at(here+".iban", "is no IBAN with right check digits")
	}
	if e.ID != "" && !refShape.MatchString(e.ID) {
		c.at(here+".id", "must be 1 to 64 of letters, digits and . _ -")
	}
}
