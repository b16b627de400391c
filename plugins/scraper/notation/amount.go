package notation

import (
	"errors"
	"regexp"
	"slices"
	"strings"
)

// ErrAmount says that a text is no amount of money.
var ErrAmount = errors.New("is no amount")

// Numbers is how a locale writes them.
type Numbers struct {
	// Decimal is the sign before the cents.
	Decimal string
	// Group are the signs that may stand between thousands, besides every kind of blank.
	Group string
	// Debit and Credit are words or letters beside a number that say its sign, such as "S" and "H" in German.
	Debit, Credit []string
}

const maxAmount = 60

var (
	digits = regexp.MustCompile(`^[0-9]+(?:\.[0-9]+)?$`)
	exact  = regexp.MustCompile(`^-?(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{1,8})?$`)
	code   = regexp.MustCompile(`^[A-Z]{3}$`)
)

// symbols are currencies that a page may write instead of their code.
var symbols = map[string]string{"€": "EUR", "£": "GBP", "$": "USD", "¥": "JPY", "Fr.": "CHF", "zł": "PLN", "Kč": "CZK", "Ft": "HUF", "kr": "", "kr.": ""}

// Amount reads an amount as a page shows it. It gives the exact decimal, negative where the text says so, and the currency,
// where one stands beside it.
func (n Numbers) Amount(text string) (amount, currency string, err error) {
	text = strings.TrimSpace(plain(text))
	if text == "" || len(text) > maxAmount {
		return "", "", ErrAmount
	}
	negative := false
	if inner, ok := strings.CutPrefix(text, "("); ok && strings.HasSuffix(inner, ")") {
		negative, text = true, strings.TrimSuffix(inner, ")")
	}
	number, words := n.split(text)
	signs := 0
	for _, word := range words {
		switch {
		case word == "-" || slices.Contains(n.Debit, word):
			negative, signs = true, signs+1
		case word == "+" || slices.Contains(n.Credit, word):
			signs++
		case code.MatchString(word):
			currency = word
		default:
			known, symbol := symbols[word]
			if !symbol {
				return "", "", ErrAmount
			}
			currency = known
		}
	}
	if signs > 1 {
		return "", "", ErrAmount
	}
	value, err := n.value(number)
	if err != nil {
		return "", "", err
	}
	if negative && strings.Trim(value, "0.") != "" {
		value = "-" + value
	}
	return value, currency, nil
}

// plain makes every kind of minus and blank the usual one.
func plain(text string) string {
	return strings.Map(func(r rune) rune {
		switch r {
		case '−', '–', '—', '‐', '‑', '﹣', '-':
			return '-'
		case '\u00a0', '\u202f', '\u2009', '\u2007', '\t', '\n', '\r':
			return ' '
		case '’', '`', '´':
			return '\''
		case '\u200e', '\u200f', '\u2066', '\u2069', '\u00ad':
			return -1
		}
		return r
	}, text)
}

// split tells the number from the words around it.
func (n Numbers) split(text string) (number string, words []string) {
	first := strings.IndexAny(text, "0123456789")
	last := strings.LastIndexAny(text, "0123456789")
	if first < 0 {
		return "", strings.Fields(text)
	}
	if first > 0 && n.Decimal != "" && strings.HasSuffix(text[:first], n.Decimal) { // ".50"
		first -= len(n.Decimal)
	}
	number = text[first : last+1]
	rest := text[last+1:]
	rest = strings.TrimPrefix(rest, ",-") // "12,-"
	around := text[:first] + " " + rest
	for _, sign := range []string{"-", "+", "€", "£", "$", "¥"} {
		around = strings.ReplaceAll(around, sign, " "+sign+" ")
	}
	return number, strings.Fields(around)
}

// value takes the groups out and makes the decimal sign a point.
func (n Numbers) value(number string) (string, error) {
	whole, cents, found := strings.Cut(number, n.Decimal)
	if n.Decimal == "" {
		whole, cents, found = number, "", false
	}
	groups := strings.FieldsFunc(whole, func(r rune) bool { return r == ' ' || strings.ContainsRune(n.Group, r) })
	for i, group := range groups {
		if i > 0 && len(group) != 3 || i == 0 && len(groups) > 1 && len(group) > 3 {
			return "", ErrAmount // a sign between thousands that stands elsewhere is none
		}
	}
	out := strings.TrimLeft(strings.Join(groups, ""), "0")
	if out == "" {
		out = "0"
	}
	if found && cents != "" {
		out += "." + cents
	}
	if !digits.MatchString(out) || !exact.MatchString(out) {
		return "", ErrAmount
	}
	return out, nil
}

// Negate turns the sign of an exact decimal.
func Negate(amount string) string {
	if positive, negative := strings.CutPrefix(amount, "-"); negative {
		return positive
	}
	if strings.Trim(amount, "0.") == "" {
		return amount
	}
	return "-" + amount
}
