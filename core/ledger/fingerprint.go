package ledger

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"unicode"

	"github.com/tributary-dev/tributary/core/bank"
)

// Fingerprint tells a movement from others by what does not change when a bank
// tells it again: exact amount, currency, day and label. The status is not part
// of it. Two identical purchases of one day share it; their occurrences differ.
func Fingerprint(row Row) string {
	sum := sha256.New()
	for _, part := range []string{row.Amount.Canonical(), row.Amount.Currency(), string(accountingDay(row)), essence(row.Label)} {
		sum.Write([]byte(part))
		sum.Write([]byte{0}) // so that no two lists of parts read the same
	}
	return hex.EncodeToString(sum.Sum(nil))
}

// accountingDay is the day that a bank is least likely to change.
func accountingDay(row Row) bank.Day {
	for _, day := range []bank.Day{row.BookingDate, row.TransactionDate, row.ValueDate} {
		if day != "" {
			return day
		}
	}
	return ""
}

// essence is what stays of a label when case, spacing and signs are let go.
func essence(label string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, label)
}
