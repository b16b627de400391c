// Package money owns exact amounts. It never rounds and never uses floating
// point; it knows nothing of accounts.
package money

import (
	"regexp"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/tributary-dev/tributary/core/fault"
)

// Amount is an exact decimal with an ISO 4217 currency. The zero value is
// "no amount": not even a zero.
type Amount struct {
	value    decimal.Decimal
	currency string
}

// Bounds keep hostile numbers such as 1e400 out: they are checked before any
// arithmetic. 18 and 8 digits hold every currency, crypto included.
var (
	form         = regexp.MustCompile(`^-?[0-9]{1,18}(\.[0-9]{1,8})?$`)
	currencyForm = regexp.MustCompile(`^[A-Z]{3}$`)
)

// Errors.
var (
	ErrAmount   = fault.New(fault.Invalid, "invalid_amount", "An amount is a decimal such as \"-12.30\", with at most 18 digits before and 8 after the point.")
	ErrCurrency = fault.New(fault.Invalid, "invalid_currency", "A currency is three capital letters of ISO 4217.")
)

// Parse reads a decimal such as "-12.30" and a currency such as "EUR".
func Parse(text, currency string) (Amount, error) {
	if !currencyForm.MatchString(currency) {
		return Amount{}, ErrCurrency
	}
	if !form.MatchString(text) {
		return Amount{}, ErrAmount
	}
	value, err := decimal.NewFromString(text)
	if err != nil {
		return Amount{}, ErrAmount.Because(err)
	}
	return Amount{value, currency}, nil
}

// Must is Parse for constants and tests.
func Must(text, currency string) Amount {
	a, err := Parse(text, currency)
	if err != nil {
		panic(err)
	}
	return a
}

// IsZero reports whether a is the zero value, "no amount".
func (a Amount) IsZero() bool { return a.currency == "" }

// Decimal is the exact text, with the digits it was given.
func (a Amount) Decimal() string {
	if a.value.Exponent() < 0 {
		return a.value.StringFixed(-a.value.Exponent())
	}
	return a.value.String()
}

// Currency is the ISO 4217 code.
func (a Amount) Currency() string { return a.currency }

// String is for logs: "-12.30 EUR".
func (a Amount) String() string { return strings.TrimSpace(a.Decimal() + " " + a.currency) }

// Sign is -1 for a debit, 0 for nothing, 1 for a credit.
func (a Amount) Sign() int { return a.value.Sign() }

// Equal compares value and currency; 1.0 equals 1.00.
func (a Amount) Equal(b Amount) bool { return a.currency == b.currency && a.value.Equal(b.value) }

// Cmp compares the values of two amounts of one currency.
func (a Amount) Cmp(b Amount) int { return a.value.Cmp(b.value) }

// Add sums two amounts of one currency; of two it fails.
func (a Amount) Add(b Amount) (Amount, error) {
	if a.currency != b.currency {
		return Amount{}, fault.New(fault.Invalid, "currency_mismatch", "Amounts of different currencies cannot be added.")
	}
	return Amount{a.value.Add(b.value), a.currency}, nil
}

// Neg is the same amount the other way.
func (a Amount) Neg() Amount { return Amount{a.value.Neg(), a.currency} }

// Canonical is the value without trailing zeroes, so that equal amounts have
// equal texts.
func (a Amount) Canonical() string { return a.value.String() }

// SortKey is a text of fixed length whose order is that of the values: what a
// database without exact decimals can compare.
func (a Amount) SortKey() string {
	text := a.value.Abs().StringFixed(8)
	text = strings.Repeat("0", max(0, 27-len(text))) + text
	if a.value.Sign() >= 0 {
		return "1" + text
	}
	return "0" + strings.Map(complement, text)
}

func complement(r rune) rune {
	if r == '.' {
		return r
	}
	return '9' - (r - '0')
}
