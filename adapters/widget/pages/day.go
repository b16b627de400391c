package pages

import (
	"strconv"
	"strings"
	"time"

	"github.com/tributary-dev/tributary/ports/usecase"
)

var months = say(
	"January,February,March,April,May,June,July,August,September,October,November,December",
	"janvier,février,mars,avril,mai,juin,juillet,août,septembre,octobre,novembre,décembre",
)

// day is a day as people write it: 24 May 2027.
func day(t time.Time, locale string) string {
	if t.IsZero() {
		return ""
	}
	t = t.UTC()
	number := strconv.Itoa(t.Day())
	if locale == "fr" && number == "1" {
		number = "1er"
	}
	return number + "\u00a0" + strings.Split(months.In(locale), ",")[t.Month()-1] + " " + strconv.Itoa(t.Year())
}

// moment is an instant as people at the bank write it: 24 May 2027, 10:12 CEST.
func moment(t time.Time, zone *time.Location, locale string) string {
	if zone == nil {
		zone = time.UTC
	}
	local := t.In(zone)
	midday := time.Date(local.Year(), local.Month(), local.Day(), 12, 0, 0, 0, time.UTC) // the day there, for day
	return day(midday, locale) + ", " + local.Format("15:04 MST")
}

// heldBy is the connection of the account that is looked at.
func heldBy(f Frame) usecase.Holding {
	for _, held := range f.Visit.Holdings {
		if held.Diagnosis.Connection.ID == f.Visit.Account.ConnectionID {
			return held
		}
	}
	return usecase.Holding{}
}
