package engine

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tributary-dev/tributary/plugins/scraper/notation"
	"github.com/tributary-dev/tributary/plugins/scraper/recipe"
	"github.com/tributary-dev/tributary/plugins/sdk"
)

// unread is a row that cannot be understood. It names the field, and nothing of what stands there.
type unread struct {
	number int
	field  string
	cause  error
}

func (u *unread) Error() string { return fmt.Sprintf("row %d: %s: %v", u.number, u.field, u.cause) }

// parts evaluates the fields of a source for one row.
type parts struct {
	session *Session
	source  recipe.Source
	raw     row
	scope   recipe.Scope
	number  int
}

// of gives the text of a field as the recipe wants it.
func (p parts) of(name string) (string, error) {
	field, known := p.source.Fields[name]
	if !known {
		return "", nil
	}
	f := p.session.flagged(field)
	text := strings.TrimSpace(p.raw[name])
	if f.Const != "" {
		text = f.Const
	}
	if f.Match != "" {
		text = part1(f.Match, text)
	}
	if f.Expr != "" {
		scope := p.scope
		scope.Text = text
		value, err := f.Expr.Value(scope)
		if err != nil {
			return "", &unread{p.number, name, err}
		}
		text = value
	}
	if f.Map != nil && text != "" {
		text = mapped(f.Map, text)
	}
	return cmp.Or(strings.TrimSpace(text), f.Default), nil
}

// mapped translates by the longest key that is part of a text.
func mapped(m map[string]string, text string) string {
	best, found := "", false
	for key := range m {
		if key != "*" && strings.Contains(strings.ToLower(text), strings.ToLower(key)) && len(key) > len(best) {
			best, found = key, true
		}
	}
	if found {
		return m[best]
	}
	return m["*"]
}

// amount reads a field as one; empty where nothing stands there.
func (p parts) amount(name string) (amount, currency string, err error) {
	text, err := p.of(name)
	if err != nil || text == "" {
		return "", "", err
	}
	amount, currency, err = p.numbers().Amount(text)
	if err != nil {
		return "", "", &unread{p.number, name, err}
	}
	return amount, currency, nil
}

// numbers is how the source writes them: JSON in its own way.
func (p parts) numbers() notation.Numbers {
	l := p.session.recipe.Locale
	if p.source.JSON != nil && l.Decimal != "," {
		return notation.Numbers{Decimal: ".", Debit: l.Debit, Credit: l.Credit}
	}
	return notation.Numbers{Decimal: l.Decimal, Group: l.Group, Debit: l.Debit, Credit: l.Credit}
}

func (p parts) day(name string) (sdk.Day, error) {
	text, err := p.of(name)
	if err != nil || text == "" {
		return "", err
	}
	l := p.session.recipe.Locale
	day, err := notation.Days{Language: l.Language, Patterns: l.Dates}.Day(text, p.scope.Today)
	if err != nil {
		return "", &unread{p.number, name, err}
	}
	return sdk.Day(day.Format(time.DateOnly)), nil
}

// transaction reads a row as one.
func (p parts) transaction(account sdk.Account) (t sdk.Transaction, err error) {
	texts := map[string]*string{"id": &t.BankID, "label": &t.Label, "counterparty": &t.Counterparty, "merchant_code": &t.MerchantCode, "reference": &t.EndToEndID}
	for name, at := range texts {
		if *at, err = p.of(name); err != nil {
			return t, err
		}
	}
	for name, at := range map[string]*sdk.Day{"date": &t.BookingDate, "value_date": &t.ValueDate, "transaction_date": &t.TransactionDate} {
		if *at, err = p.day(name); err != nil {
			return t, err
		}
	}
	if t.BookingDate == "" && t.ValueDate == "" && t.TransactionDate == "" {
		return t, &unread{p.number, "date", notation.ErrDay}
	}
	var currency string
	if t.Amount, currency, err = p.movement(); err != nil {
		return t, err
	}
	written, err := p.of("currency")
	if err != nil {
		return t, err
	}
	t.Currency = cmp.Or(written, currency, account.Currency)
	if t.BalanceAfter, _, err = p.amount("balance"); err != nil {
		return t, err
	}
	if err := p.kinds(&t); err != nil {
		return t, err
	}
	t.Raw = evidence(p.raw)
	return t, nil
}

// movement is the amount with its sign: written with it, in one of two columns, or with a word beside it.
func (p parts) movement() (amount, currency string, err error) {
	for _, name := range []string{"amount", "debit", "credit"} {
		value, c, err := p.amount(name)
		if err != nil {
			return "", "", err
		}
		if value == "" || name != "amount" && strings.Trim(value, "-0.") == "" {
			continue
		}
		if amount != "" {
			return "", "", &unread{p.number, name, fmt.Errorf("there is another amount")}
		}
		amount, currency = value, c
		if name == "debit" {
			amount = notation.Negate(strings.TrimPrefix(value, "-"))
		}
	}
	if amount == "" {
		return "", "", &unread{p.number, "amount", notation.ErrAmount}
	}
	direction, err := p.of("direction")
	switch {
	case err != nil:
		return "", "", err
	case slices.Contains([]string{"debit", "credit", ""}, strings.ToLower(direction)):
	case slices.Contains(p.session.recipe.Locale.Debit, direction):
		direction = "debit"
	case slices.Contains(p.session.recipe.Locale.Credit, direction):
		direction = "credit"
	default:
		return "", "", &unread{p.number, "direction", fmt.Errorf("is neither debit nor credit")}
	}
	if direction != "" {
		amount = strings.TrimPrefix(amount, "-")
	}
	if strings.EqualFold(direction, "debit") {
		amount = notation.Negate(amount)
	}
	if p.source.Inverted {
		amount = notation.Negate(amount)
	}
	return amount, currency, nil
}

func (p parts) kinds(t *sdk.Transaction) error {
	status, err := p.of("status")
	if err != nil {
		return err
	}
	t.Status = sdk.TransactionStatus(cmp.Or(status, string(sdk.Booked)))
	kind, err := p.of("type")
	t.Type = sdk.TransactionType(kind)
	return err
}

// evidence is what the bank showed, as it was read.
func evidence(r row) []byte {
	text, err := json.Marshal(r)
	if err != nil || len(text) > 60<<10 {
		return nil
	}
	return text
}
