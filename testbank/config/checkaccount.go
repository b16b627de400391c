package config

import (
	"fmt"
	"math/big"
	"regexp"
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
