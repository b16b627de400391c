package life

import (
	"strings"
	"time"
	"unicode"
)

// Status is the bank's word on a movement.
type Status string

// Statuses.
const (
	Pending   Status = "PENDING"
	Booked    Status = "BOOKED"
	Cancelled Status = "CANCELLED"
)

// Said is what a bank says of a movement.
type Said struct {
	Status                Status
	Cents                 int64
	Booking, Value, Acted Day
	Label, Counterparty   string
	MerchantCode, Kind    string
}

// Stage is how a bank tells a movement from an instant on, or that it does not.
type Stage struct {
	From   time.Time
	Absent bool
	Said
}

// Movement is one real movement.
type Movement struct {
	Serial int
	// Family is the field note that it plays.
	Family string
	Stages []Stage
	// Doubtful says that nothing the feed tells shows that a stage is the same
	// movement as the one before: two rows are right, if they are candidates.
	Doubtful bool
	// number is the bank's own, used where its ids are kept.
	number string
}

// At gives the stage in which the bank has a movement; -1 when it has it not.
func (m *Movement) At(t time.Time) int {
	for i := len(m.Stages) - 1; i >= 0; i-- {
		if !m.Stages[i].From.After(t) {
			if m.Stages[i].Absent {
				return -1
			}
			return i
		}
	}
	return -1
}

// Happened is when the bank tells of it first.
func (m *Movement) Happened() time.Time { return m.Stages[0].From }

// Effective is the one day by which a row is sorted: the documented rule.
func (s Said) Effective() Day { return first(s.Acted, s.Booking, s.Value) }

// Accounted is the day that a fingerprint holds.
func (s Said) Accounted() Day { return first(s.Booking, s.Acted, s.Value) }

func first(days ...Day) Day {
	for _, day := range days {
		if day != "" {
			return day
		}
	}
	return ""
}

// Essence is what stays of a label when case, spacing and signs are let go.
func Essence(label string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, label)
}

// SameName reports whether two labels name the same: the words of the shorter
// one stand in the longer one.
func SameName(a, b string) bool {
	short, long := words(a), words(b)
	if len(short) > len(long) {
		short, long = long, short
	}
	for word := range short {
		if !long[word] {
			return false
		}
	}
	return len(short) > 0 || Essence(a) == Essence(b)
}

// ShareWord reports whether two labels have a word in common.
func ShareWord(a, b string) bool {
	in := words(a)
	for word := range words(b) {
		if in[word] {
			return true
		}
	}
	return Essence(a) == Essence(b)
}

func words(label string) map[string]bool {
	found := map[string]bool{}
	for _, word := range strings.Fields(label) {
		word = Essence(word)
		if len(word) >= 3 && strings.Trim(word, "0123456789") != "" && word != "carte" && word != "paris" && word != "prlv" && word != "virement" {
			found[word] = true
		}
	}
	return found
}

// Number is the bank's own, which a bank that reuses numbers gives again.
func (m *Movement) Number() string { return m.number }
