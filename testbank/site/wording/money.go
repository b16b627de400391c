package wording

import (
	"strings"

	"github.com/tributary-dev/tributary/testbank/config"
)

const (
	narrowSpace = "\u202f" // between thousands
	hardSpace   = "\u00a0" // before the currency
)

// signs are how currencies are written; others by their code.
var signs = map[string]string{"EUR": "€", "GBP": "£", "USD": "$", "JPY": "¥"}

// Money writes an amount as people of the language do: 1 234,56 € or €1,234.56.
func Money(lang config.Language, amount, currency string) string {
	sign, known := signs[currency]
	digits, minus := strings.CutPrefix(amount, "-")
	before := ""
	if minus {
		before = "-"
	}
	switch {
	case lang == config.French && !known:
		return before + grouped(digits, narrowSpace, ",") + hardSpace + currency
	case lang == config.French:
		return before + grouped(digits, narrowSpace, ",") + hardSpace + sign
	case !known:
		sign = currency + hardSpace
	}
	return before + sign + grouped(digits, ",", ".")
}

// Ledger writes an amount as old systems print it: 1.234,56 with the minus behind.
func Ledger(amount string) string {
	digits, minus := strings.CutPrefix(amount, "-")
	text := grouped(digits, ".", ",")
	if minus {
		return text + "-"
	}
	return text
}

// grouped sets a mark after each three digits, and another before the decimals.
func grouped(digits, thousands, decimals string) string {
	whole, rest, fraction := strings.Cut(digits, ".")
	var b strings.Builder
	for i, digit := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteString(thousands)
		}
		b.WriteRune(digit)
	}
	if fraction {
		b.WriteString(decimals + rest)
	}
	return b.String()
}
