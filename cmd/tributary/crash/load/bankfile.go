package load

import (
	"fmt"
	"strings"
	"time"
)

// persona is a customer of the bank, and how our user reaches it.
type persona struct {
	login, challenge string
	// both channels, the bank's interface alone, or the form alone.
	both, alone bool
	// auto is whether it is synchronized every day by itself.
	auto bool
}

// kinds are its accounts: the bank's interface shows no savings.
func (p persona) kinds() []string {
	if p.alone {
		return []string{"CHECKINGS"}
	}
	return []string{"CHECKINGS", "SAVINGS"}
}

func (p persona) password() string { return p.login + "-pass1" }

// code is what is sent to those who are asked for one.
const code = "123456"

// lasting are those whose connections live as long as the world.
var lasting = []persona{
	{login: "anna", auto: true},
	{login: "ben", challenge: `{kind: sms_code, code: "123456", phone: "+33 6 48 71 05 12", always: true}`},
	{login: "cyn", both: true},
	{login: "otto", challenge: `{kind: app_approval, approve_after_polls: 2, always: true}`},
	{login: "rita", alone: true, auto: true},
}

// passing is the customer of connections that are deleted again.
var passing = persona{login: "dora"}

// BankFile writes the bank's configuration. Its days are dates: a bank that is
// started again goes on where it stood. Tokens live so short that they have to
// be renewed again and again.
func BankFile(today time.Time) string {
	var b strings.Builder
	b.WriteString("bank: {name: Crash Bank, seed: 7, timezone: UTC, history_days: 60, page_size: 20, token_life: 8s}\npersonas:\n")
	all := append([]persona{passing}, lasting...)
	for _, p := range all {
		fmt.Fprintf(&b, "  - {login: %s, password: %s, holder: %s", p.login, p.password(), p.login)
		if p.challenge != "" {
			fmt.Fprintf(&b, ", challenge: %s", p.challenge)
		}
		if p.alone {
			b.WriteString(", behaviours: [{kind: quota, calls: 4}]")
		}
		b.WriteString("}\n")
	}
	b.WriteString("accounts:\n")
	for _, p := range all {
		for _, kind := range p.kinds() {
			account(&b, p.login, kind, today)
		}
	}
	return b.String()
}

// account has pending rows that are booked two days later, equal rows on one
// day, and rows that come every day.
func account(b *strings.Builder, login, kind string, today time.Time) {
	day := func(ago int) string { return today.AddDate(0, 0, -ago).Format(time.DateOnly) }
	fmt.Fprintf(b, `  - ref: %[1]s-%[2]s
    owner: %[1]s
    type: %[3]s
    name: %[3]s of %[1]s
    number: "**** %[1]s %[2]s"
    currency: EUR
    balance: 1840.27
    balance_on: %[4]s
    recurring:
      - {id: salary, monthly: 28, since: %[4]s, amount: 2450.00, label: "VIR SALAIRE {month}/{year}", kind: transfer}
      - {id: shop, every_days: 1, since: %[4]s, amount: -68.90..-23.10, pending_days: 2, label: "CARTE {day}/{month} CARREFOUR", kind: card}
      - {id: coffee1, every_days: 2, since: %[4]s, amount: -2.00, label: COFFEE, kind: card}
      - {id: coffee2, every_days: 2, since: %[4]s, amount: -2.00, label: COFFEE, kind: card}
`, login, strings.ToLower(kind), kind, day(50))
}
