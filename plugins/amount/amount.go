// Package amount owns exact decimals as banks write them, in the contract's form: text to text, never through a float.
//
// It knows nothing of currencies. Invariant: what it gives has at most 18 digits before and 8 after the point, or it is
// an error; no input makes it work long.
package amount

import (
	"encoding/json"
	"errors"
	"regexp"
	"strings"

	"github.com/shopspring/decimal"
)

// maxLength bounds what is looked at; maxExponent keeps "1e400" from becoming four hundred digits.
const (
	maxLength   = 48
	maxExponent = 20
	maxPlaces   = 8
)

var (
	canonical = regexp.MustCompile(`^-?(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{1,8})?$`)
	written   = regexp.MustCompile(`^[+-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,3})?$`)
)

// ErrNone says that a text is no amount of money.
var ErrNone = errors.New("no exact decimal")

// Parse reads a decimal. Trailing zeros stay, up to the places that the contract has.
func Parse(text string) (string, error) {
	text = strings.TrimSpace(text)
	if len(text) > maxLength || !written.MatchString(text) {
		return "", ErrNone
	}
	value, err := decimal.NewFromString(text)
	if err != nil || value.Exponent() > maxExponent || value.Exponent() < -maxLength {
		return "", ErrNone
	}
	places := max(0, -value.Exponent())
	out := value.StringFixed(places)
	if places > maxPlaces {
		out = value.String() // without trailing zeros
	}
	if value.IsZero() {
		out = strings.TrimPrefix(out, "-")
	}
	if !canonical.MatchString(out) {
		return "", ErrNone
	}
	return out, nil
}

// JSON reads a decimal that is a string, as the standards want it, or a number, as some banks write it.
func JSON(raw json.RawMessage) (string, error) {
	var text string
	if len(raw) > 0 && raw[0] == '"' {
		if err := json.Unmarshal(raw, &text); err != nil {
			return "", ErrNone
		}
		return Parse(text)
	}
	return Parse(string(raw))
}

// Negate turns the sign.
func Negate(text string) string {
	if positive, negative := strings.CutPrefix(text, "-"); negative {
		return positive
	}
	if strings.Trim(text, "0.") == "" {
		return text
	}
	return "-" + text
}

// Debit makes a debit of whatever sign a text has.
func Debit(text string) string {
	if strings.HasPrefix(text, "-") {
		return text
	}
	return Negate(text)
}

// Negative reports a debit.
func Negative(text string) bool { return strings.HasPrefix(text, "-") }
