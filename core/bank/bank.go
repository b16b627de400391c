// Package bank owns the few words of banking that several domain packages
// share: channels, account types and banking days.
package bank

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/tributary-dev/tributary/core/fault"
)

// ChannelType says how a provider is reached.
type ChannelType string

// The two channels.
const (
	// Redirect is the bank's PSD2 interface; the user authenticates at the bank.
	Redirect ChannelType = "REDIRECT"
	// Embedded collects credentials in a form and reads the bank's web site.
	Embedded ChannelType = "EMBEDDED"
)

// AccountType is the kind of an account.
type AccountType string

// Account types.
const (
	Checkings  AccountType = "CHECKINGS"
	Savings    AccountType = "SAVINGS"
	Loan       AccountType = "LOAN"
	CreditCard AccountType = "CREDIT_CARD"
)

// AccountTypes lists them.
func AccountTypes() []AccountType { return []AccountType{Checkings, Savings, Loan, CreditCard} }

// Day is a banking day in the bank's zone, as 2006-01-02; "" when not known.
// It is a plain date on purpose: an instant would shift over midnight.
type Day string

// ErrDay says that a text is no date.
var ErrDay = fault.New(fault.Invalid, "invalid_date", "A day is written 2006-01-02.")

// ParseDay reads a day that really exists.
func ParseDay(text string) (Day, error) {
	if _, err := time.Parse(time.DateOnly, text); err != nil {
		return "", ErrDay
	}
	return Day(text), nil
}

// DayOf is the day of an instant, in UTC.
func DayOf(t time.Time) Day { return DayIn(t, nil) }

// DayIn is the day of an instant in a bank's zone; nil means UTC.
func DayIn(t time.Time, zone *time.Location) Day {
	if zone == nil {
		zone = time.UTC
	}
	return Day(t.In(zone).Format(time.DateOnly))
}

// AddDays moves by n days; an unknown day stays unknown, and so does one that
// leaves the years 0 to 9999, which are what sorts as text.
func (d Day) AddDays(n int) Day {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return ""
	}
	moved, err := ParseDay(t.AddDate(0, 0, n).Format(time.DateOnly))
	if err != nil {
		return ""
	}
	return moved
}

// DaysTo counts the days from d to another, negative when that lies before;
// false when either is not known.
func (d Day) DaysTo(other Day) (int, bool) {
	from, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return 0, false
	}
	to, err := time.Parse(time.DateOnly, string(other))
	if err != nil {
		return 0, false
	}
	return int((to.Unix() - from.Unix()) / (24 * 60 * 60)), true // a Duration ends after 292 years
}

// Text is a sentence by language ("en", "fr"). English is what others fall back to.
type Text map[string]string

// In gives the sentence in a language ("fr", also for "fr-CA"), else in
// English, else in the first language there is. Empty sentences are none.
func (t Text) In(locale string) string {
	language, _, _ := strings.Cut(locale, "-")
	for _, tag := range append([]string{locale, language, "en"}, slices.Sorted(maps.Keys(t))...) {
		if t[tag] != "" {
			return t[tag]
		}
	}
	return ""
}
