// Package form owns what a user can be asked for: credentials of a channel and
// answers to a challenge. It checks answers and never repeats a value.
package form

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/secret"
)

// FieldType says how a field is asked for.
type FieldType string

// Field types.
const (
	Text     FieldType = "TEXT"
	Password FieldType = "PASSWORD"
	Number   FieldType = "NUMBER"
	Date     FieldType = "DATE"
	List     FieldType = "LIST"
	Hidden   FieldType = "HIDDEN"
	// Keypad is a secret of digits, typed on keys that are on the screen.
	Keypad FieldType = "KEYPAD"
)

// Choice is one value of a list, or one option of a challenge.
type Choice struct {
	Value string
	Label bank.Text
}

// Field is one thing the user is asked for.
type Field struct {
	Name     string
	Type     FieldType
	Label    bank.Text
	Required bool
	// Regex must match the whole value (RE2 syntax); empty means anything.
	Regex  string
	Values []Choice
}

// MaxValue bounds an answer, in bytes: far above any password or code.
const MaxValue = 4096

// Check compares values with fields and names, below the path at, each field
// that is missing, malformed or unknown.
func Check(fields []Field, values secret.Values, at string) []fault.Detail {
	var wrong []fault.Detail
	known := map[string]bool{}
	for _, field := range fields {
		known[field.Name] = true
		if reason := field.reason(values[field.Name].Reveal()); reason != "" {
			wrong = append(wrong, fault.At(at+"."+field.Name, reason))
		}
	}
	for name := range values {
		if !known[name] {
			return append(wrong, fault.At(at, "holds a field that is not asked for"))
		}
	}
	return wrong
}

func (f Field) reason(value string) string {
	switch {
	case value == "" && f.Required:
		return "is required"
	case value == "":
		return ""
	case len(value) > MaxValue:
		return "is too long"
	case !f.fits(value):
		return "does not have the form that the bank asks for"
	}
	return ""
}

func (f Field) fits(value string) bool {
	switch f.Type {
	case List:
		if !f.offers(value) {
			return false
		}
	case Number:
		if _, err := strconv.ParseUint(value, 10, 64); err != nil {
			return false
		}
	case Keypad:
		if strings.Trim(value, "0123456789") != "" {
			return false
		}
	case Date:
		if _, err := bank.ParseDay(value); err != nil {
			return false
		}
	}
	if f.Regex == "" {
		return true
	}
	whole, err := regexp.Compile(`^(?:` + f.Regex + `)$`)
	return err != nil || whole.MatchString(value) // a broken pattern is refused when the catalogue is read
}

func (f Field) offers(value string) bool {
	for _, choice := range f.Values {
		if choice.Value == value {
			return true
		}
	}
	return false
}
