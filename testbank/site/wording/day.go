package wording

import (
	"fmt"
	"time"

	"github.com/tributary-dev/tributary/testbank/config"
)

var months = map[config.Language][12]string{
	config.French:  {"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"},
	config.English: {"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
}

// LongDay writes a plain date in words: 14 mars 2026. Nothing stays nothing.
func LongDay(lang config.Language, date string) string {
	on, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return ""
	}
	day := fmt.Sprint(on.Day())
	if lang == config.French && on.Day() == 1 {
		day = "1er"
	}
	return fmt.Sprintf("%s %s %d", day, months[lang][on.Month()-1], on.Year())
}

// Day writes a plain date in digits: 14/03/2026. Nothing stays nothing.
func Day(date string) string { return written(date, "02/01/2006") }

// LedgerDay writes a plain date as old systems print it: 14.03.26.
func LedgerDay(date string) string { return written(date, "02.01.06") }

func written(date, layout string) string {
	on, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return ""
	}
	return on.Format(layout)
}
