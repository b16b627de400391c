package ledger

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"github.com/tributary-dev/tributary/testbank/config"
)

// anchor is the day from which every_days counts. It is fixed so that a moving since moves no row.
var anchor = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

// expand gives one entry for each of the rule's days up to today.
func (b *Book) expand(account config.Account, position int, today time.Time) []entry {
	rule, origin := account.Recurring[position], b.origin
	last := today
	if rule.Until.Given() {
		if until := rule.Until.On(origin); until.Before(last) {
			last = until
		}
	}
	var entries []entry
	for on := rule.Since.On(origin); !on.After(last); on = on.AddDate(0, 0, 1) {
		if !falls(rule, on) {
			continue
		}
		booked := on.AddDate(0, 0, rule.PendingDays)
		entries = append(entries, entry{
			key: rule.ID + "@" + day(on), place: len(account.Transactions) + position,
			id: rowID(account.Ref, rule.ID, on), done: on, booked: booked, value: booked, since: on,
			amount: draw(rule.Amount, b.file.Bank.Seed, account, rule.ID, on), details: rule.Details,
		})
	}
	return entries
}

// falls says whether the rule gives a row on that day.
func falls(rule config.Rule, on time.Time) bool {
	switch {
	case rule.Monthly > 0:
		lastOfMonth := time.Date(on.Year(), on.Month()+1, 0, 0, 0, 0, 0, time.UTC).Day()
		return on.Day() == min(rule.Monthly, lastOfMonth)
	case rule.Weekly.Given:
		return on.Weekday() == rule.Weekly.Day
	default:
		days := int(on.Sub(anchor).Hours()/24) - rule.Offset
		return days%rule.EveryDays == 0
	}
}

// draw picks from the range by a hash of everything that names the row, so that no row depends on another one.
func draw(amount config.Range, seed int, account config.Account, rule string, on time.Time) decimal.Decimal {
	step := min(amount.From.Exponent(), amount.To.Exponent())
	from, to := amount.From.Shift(-step).IntPart(), amount.To.Shift(-step).IntPart()
	sum := sha256.Sum256(fmt.Appendf(nil, "amount\x00%d\x00%s\x00%s\x00%s\x00%s", seed, account.Owner, account.Ref, rule, day(on)))
	offset := binary.BigEndian.Uint64(sum[:8]) % uint64(to-from+1) //nolint:gosec // from ≤ to is checked when the file is read
	return decimal.New(from+int64(offset), step)                   //nolint:gosec // below to-from
}
