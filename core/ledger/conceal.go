package ledger

import (
	"strings"
	"unicode"

	"github.com/tributary-dev/tributary/core/bank"
)

// A card's number has 12 to 19 digits (ISO/IEC 7812-1).
const (
	shortestCard, longestCard = 12, 19
	cardEnd                   = 4 // digits of it that may be kept
)

// Concealed gives what is kept of an account's number: all of it, but of a card's its last digits only. Whoever sees the
// whole can pay with it (PCI DSS 4.0, requirement 3.5), and some banks' pages show it.
func Concealed(t bank.AccountType, number string) string {
	digits := compact(number)
	if t != bank.CreditCard || len(digits) < shortestCard || len(digits) > longestCard || strings.ContainsFunc(digits, notDigit) {
		return number
	}
	return strings.Repeat("*", len(digits)-cardEnd) + digits[len(digits)-cardEnd:]
}

func notDigit(r rune) bool { return r > unicode.MaxASCII || !unicode.IsDigit(r) }
