package config

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

// scalar is a value with a notation of its own: it reads itself and tells the schema what it looks like.
type scalar interface {
	parse(text string) error
	schema() map[string]any
}

// Duration is a length of time in Go's notation (1500ms, 2s, 5m), above zero and at most 30 days.
type Duration time.Duration

func (d *Duration) parse(text string) error {
	value, err := time.ParseDuration(text)
	if err != nil || value <= 0 || value > 30*24*time.Hour {
		return errors.New("must be a duration above zero, such as 1500ms, 2s or 5m")
	}
	*d = Duration(value)
	return nil
}

func (*Duration) schema() map[string]any {
	return map[string]any{"type": "string", "pattern": `^([0-9]+(\.[0-9]+)?(ms|s|m|h))+$`}
}

// Day is a banking day: a plain date, or a number of days from the bank's origin. The zero Day was not given.
type Day struct {
	date     time.Time
	relative bool
	offset   int
}

// epoch is the fixed origin with which relative days are compared to each other.
var epoch = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

var relativeDay = regexp.MustCompile(`^today([+-][0-9]{1,4})?$`)

func (d *Day) parse(text string) error {
	if match := relativeDay.FindStringSubmatch(text); match != nil {
		offset, _ := strconv.Atoi(match[1]) // absent is 0, and the pattern lets nothing else in
		*d = Day{relative: true, offset: offset}
		return nil
	}
	date, err := time.Parse(time.DateOnly, text)
	if err != nil || date.Year() < 1970 || date.Year() > 2200 {
		return errors.New("must be a day, such as 2026-03-14, today or today-3")
	}
	*d = Day{date: date}
	return nil
}

func (*Day) schema() map[string]any {
	return map[string]any{"type": "string", "pattern": `^(today([+-][0-9]{1,4})?|[0-9]{4}-[0-9]{2}-[0-9]{2})$`}
}

// Given says whether the file gave the day.
func (d Day) Given() bool { return d.relative || !d.date.IsZero() }

// Relative says whether the day is counted from the origin.
func (d Day) Relative() bool { return d.relative }

// On gives the day as midnight UTC, relative days being counted from origin.
func (d Day) On(origin time.Time) time.Time {
	if d.relative {
		return origin.AddDate(0, 0, d.offset)
	}
	return d.date
}

// DaysTo gives the days until another day that is counted in the same way.
func (d Day) DaysTo(other Day) int { return int(other.On(epoch).Sub(d.On(epoch)).Hours() / 24) }

// Amount is an exact amount of money with at most three decimals.
type Amount struct {
	decimal.Decimal
	given bool
}

var amountPattern = regexp.MustCompile(`^[+-]?[0-9]{1,12}(\.[0-9]{1,3})?$`)

func (a *Amount) parse(text string) error {
	if !amountPattern.MatchString(text) {
		return errors.New("must be an amount, such as -12.30")
	}
	value, err := decimal.NewFromString(text)
	if err != nil {
		return fmt.Errorf("must be an amount, such as -12.30: %w", err)
	}
	*a = Amount{Decimal: value, given: true}
	return nil
}

func (*Amount) schema() map[string]any {
	return map[string]any{"type": []any{"string", "number"}, "pattern": amountPattern.String()}
}

// Given says whether the file gave the amount.
func (a Amount) Given() bool { return a.given }

// Range is an amount, or two between which the seed draws.
type Range struct{ From, To Amount }

func (r *Range) parse(text string) error {
	from, to, isRange := strings.Cut(text, "..")
	if !isRange {
		to = from
	}
	if err := errors.Join(r.From.parse(from), r.To.parse(to)); err != nil {
		return errors.New("must be an amount such as -12.30, or a range such as -80.00..-20.00")
	}
	if r.From.GreaterThan(r.To.Decimal) {
		return errors.New("must be a range from the lower to the higher amount")
	}
	return nil
}

func (*Range) schema() map[string]any {
	one := strings.Trim(amountPattern.String(), "^$")
	return map[string]any{"type": []any{"string", "number"}, "pattern": "^" + one + `(\.\.` + one + ")?$"}
}

// Weekday is a day of the week by its English name; the zero Weekday was not given.
type Weekday struct {
	Day   time.Weekday
	Given bool
}

var weekdays = []string{"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"}

func (w *Weekday) parse(text string) error {
	index := slices.Index(weekdays, text)
	if index < 0 {
		return errors.New("must be a day of the week, such as friday")
	}
	*w = Weekday{Day: time.Weekday(index), Given: true}
	return nil
}

func (*Weekday) schema() map[string]any {
	return map[string]any{"type": "string", "enum": weekdays}
}
