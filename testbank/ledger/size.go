package ledger

import (
	"time"

	"github.com/tributary-dev/tributary/testbank/config"
)

// Rows says about how many rows a file gives as of a day, without making them.
func Rows(file *config.File, today time.Time) int {
	origin, rows := today, 0
	if file.Bank.Origin.Given() {
		origin = file.Bank.Origin.On(today)
	}
	for _, a := range file.Accounts {
		rows += len(a.Transactions)
		for _, rule := range a.Recurring {
			last := today
			if rule.Until.Given() && rule.Until.On(origin).Before(last) {
				last = rule.Until.On(origin)
			}
			rows += max(int(last.Sub(rule.Since.On(origin)).Hours()/24), 0) / period(rule)
		}
	}
	return rows
}

// period is the least number of days between two rows of a rule.
func period(rule config.Rule) int {
	switch {
	case rule.Monthly > 0:
		return 28
	case rule.Weekly.Given:
		return 7
	}
	return rule.EveryDays
}
