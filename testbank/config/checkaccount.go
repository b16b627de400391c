package config

import (
	"fmt"
	"math/big"
	"regexp"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/token"
)

// nearest gives the place of the value, or of the closest thing around it that the file does have.
func (c *checker) nearest(path string) *token.Position {
	for path != "" {
		if at := c.places[path]; at != nil {
			return at
		}
		path = path[:max(strings.LastIndexAny(path, ".["), 0)]
	}
	return nil
}

// accounts checks each account, and then how they hang together.
func (c *checker) accounts(accounts []Account, logins map[string]bool) {
	refs, numbers := map[string]bool{}, map[string]bool{}
	for i, a := range accounts {
		path := fmt.Sprintf("accounts[%d]", i)
		c.unique(refs, path+".ref", a.Ref, refShape, "letters, digits and . _ -")
		c.owners(path, a, logins)
		if number := CompactIBAN(a.IBAN) + " " + a.Currency; a.IBAN != "" && a.Currency != "" {
			if numbers[number] {
				c.at(path+".iban", "is already used for an account in that currency")
			}
			numbers[number] = true
		}
		c.account(path, a)
	}
	for i, a := range accounts {
		c.settlement(fmt.Sprintf("accounts[%d]", i), a, accounts)
	}
}

func (c *checker) owners(path string, a Account, logins map[string]bool) {
	if a.Owner != "" && !logins[a.Owner] {
		c.at(path+".owner", "no persona has the login %q", a.Owner)
	}
	seen := map[string]bool{a.Owner: true}
	for i, login := range a.CoOwners {
		here := fmt.Sprintf("%s.co_owners[%d]", path, i)
		switch {
		case !loginShape.MatchString(login):
			c.at(here, "must be a login")
		case !logins[login]:
			c.at(here, "no persona has the login %q", login)
		case seen[login]:
			c.at(here, "%q owns it already", login)
		}
		seen[login] = true
	}
}

// settlement checks a card with deferred debit against the account that pays it.
func (c *checker) settlement(path string, a Account, accounts []Account) {
	if !c.given(path + ".settled_on") {
		if c.given(path + ".settled_day") {
			c.at(path+".settled_day", "only an account with settled_on has it")
		}
		return
	}
	if a.Type != "" && a.Type != CreditCard {
		c.at(path+".settled_on", "only a CREDIT_CARD has it")
		return
	}
	i := slices.IndexFunc(accounts, func(b Account) bool { return b.Ref == a.SettledOn && b.Ref != "" })
	switch {
	case a.SettledOn == "":
	case i < 0:
		c.at(path+".settled_on", "there is no account with that ref")
	case accounts[i].Type != "" && accounts[i].Type != Checkings:
		c.at(path+".settled_on", "must be a CHECKINGS account")
	case accounts[i].Currency != "" && a.Currency != "" && accounts[i].Currency != a.Currency:
		c.at(path+".settled_on", "must be an account in the same currency")
	case !slices.Equal(a.Owners(), accounts[i].Owners()):
		c.at(path+".settled_on", "must be an account of the same owners")
	}
}

func (c *checker) account(path string, a Account) {
	hasIBAN, hasNumber := c.given(path+".iban"), c.given(path+".number")
	switch {
	case hasIBAN == hasNumber:
		c.at(path, "needs either iban or number, and not both")
	case hasIBAN && !validIBAN(a.IBAN):
		c.at(path+".iban", "is no IBAN with right check digits")
	}
	if a.Currency != "" && !currency.MatchString(a.Currency) {
		c.at(path+".currency", "must be a code of three capitals, such as EUR")
	}
	if a.Type != "" && a.Type != CreditCard && c.given(path+".credit_limit") {
		c.at(path+".credit_limit", "only a CREDIT_CARD has it")
	}
	if a.CreditLimit.Given() && a.CreditLimit.Sign() <= 0 {
		c.at(path+".credit_limit", "must be above zero")
	}
	c.feed(path + ".feed")
	ids := map[string]bool{}
	for i, t := range a.Transactions {
		c.transaction(fmt.Sprintf("%s.transactions[%d]", path, i), t, ids)
	}
	for i, rule := range a.Recurring {
		c.rule(fmt.Sprintf("%s.recurring[%d]", path, i), rule, ids)
	}
}

func (c *checker) transaction(path string, t Transaction, ids map[string]bool) {
	c.unique(ids, path+".id", t.ID, refShape, "letters, digits and . _ -")
	if t.Amount.Given() && t.Amount.IsZero() {
		c.at(path+".amount", "must not be zero")
	}
	c.details(path, t.Details)
}

func (c *checker) rule(path string, r Rule, ids map[string]bool) {
	c.unique(ids, path+".id", r.ID, refShape, "letters, digits and . _ -")
	rhythms := 0
	for _, key := range []string{"monthly", "weekly", "every_days"} {
		if c.given(path + "." + key) {
			rhythms++
		}
	}
	if rhythms != 1 {
		c.at(path, "needs exactly one of monthly, weekly and every_days")
	}
	if c.given(path+".offset") && !c.given(path+".every_days") {
		c.at(path+".offset", "only every_days has it")
	}
	if r.Amount.From.Given() && r.Amount.From.Sign() != r.Amount.To.Sign() || r.Amount.From.Given() && r.Amount.From.IsZero() {
		c.at(path+".amount", "must be all debit or all credit, and never zero")
	}
	if r.Since.Given() && r.Until.Given() && r.Since.Relative() == r.Until.Relative() &&
		r.Until.On(epoch).Before(r.Since.On(epoch)) {
		c.at(path+".until", "must not be before since")
	}
	c.details(path, r.Details)
}

func (c *checker) details(path string, d Details) {
	if d.MCC != "" && !fourDigits.MatchString(d.MCC) {
		c.at(path+".mcc", "must be 4 digits, in quotes")
	}
}

var ibanShape = regexp.MustCompile(`^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$`)

// CompactIBAN is the IBAN without the blanks people write it with.
func CompactIBAN(text string) string { return strings.ReplaceAll(text, " ", "") }

// validIBAN checks shape and check digits (ISO 13616: the rearranged number modulo 97 is 1).
func validIBAN(text string) bool {
	compact := CompactIBAN(text)
	if !ibanShape.MatchString(compact) {
		return false
	}
	var digits strings.Builder
	for _, char := range compact[4:] + compact[:4] {
		if char >= 'A' {
			fmt.Fprintf(&digits, "%d", char-'A'+10)
			continue
		}
		digits.WriteRune(char)
	}
	value, ok := new(big.Int).SetString(digits.String(), 10)
	return ok && new(big.Int).Mod(value, big.NewInt(97)).Int64() == 1
}
