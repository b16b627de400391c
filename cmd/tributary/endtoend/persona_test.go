package endtoend

import (
	"cmp"
	"fmt"
	"strings"
)

// persona is a customer of a bank of our own. Each case has its own, so that
// the bank's counts tell what that case caused.
type persona struct {
	login, password string
	// challenge and behaviours are YAML, empty for none.
	challenge, behaviours string
	// daily adds that many rows a day to each account but the last, which fits on
	// one page.
	daily int
	// holder is shown with every account, and ref begins the bank's references
	// to them; the login unless given.
	holder, ref string
}

const pageSize = 50

func plain(login string) persona { return persona{login: login, password: login + "-pass1"} }

func texted(login, code string) persona {
	p := plain(login)
	p.challenge = fmt.Sprintf(`{kind: sms_code, code: %q, phone: "+33 6 48 71 05 12"}`, code)
	return p
}

// kinds are the four types, each with a name and what is on it.
var kinds = []struct{ kind, balance string }{
	{"CHECKINGS", "1840.27"}, {"SAVINGS", "6120.00"}, {"LOAN", "-98000.10"}, {"CREDIT_CARD", "-12.30"},
}

// bankFile writes a configuration: every persona has one account of each type,
// with monthly rows, equal ones on one day, pending ones and ones to the cent.
func bankFile(personas []persona) string {
	var b strings.Builder
	fmt.Fprintf(&b, "bank: {name: End Bank, seed: 7, timezone: UTC, history_days: 120, page_size: %d}\npersonas:\n", pageSize)
	for _, p := range personas {
		fmt.Fprintf(&b, "  - {login: %q, password: %q, holder: %q", p.login, p.password, cmp.Or(p.holder, p.ref, p.login))
		if p.challenge != "" {
			fmt.Fprintf(&b, ", challenge: %s", p.challenge)
		}
		if p.behaviours != "" {
			fmt.Fprintf(&b, ", behaviours: %s", p.behaviours)
		}
		b.WriteString("}\n")
	}
	b.WriteString("accounts:\n")
	for _, p := range personas {
		for _, k := range kinds {
			account(&b, p, k.kind, k.balance)
		}
	}
	return b.String()
}

func account(b *strings.Builder, p persona, kind, balance string) {
	owner := cmp.Or(p.ref, p.login)
	ref := owner + "-" + strings.ToLower(kind)
	fmt.Fprintf(b, "  - ref: %s\n    owner: %q\n    type: %s\n    name: %s of %s\n    number: \"%s\"\n    currency: EUR\n    balance: %s\n    balance_on: 2024-12-31\n",
		ref, p.login, kind, kind, owner, "****"+ref, balance)
	if kind == "CREDIT_CARD" {
		b.WriteString("    credit_limit: 1500.00\n")
	}
	b.WriteString(`    transactions:
      - {date: today-3, amount: -2.00, label: COFFEE, kind: card}
      - {date: today-3, amount: -2.00, label: COFFEE, kind: card}
      - {date: today-1, amount: -0.01, label: ONE CENT}
      - {date: today, amount: -31.40, label: CARTE RESTAURANT, kind: card, status: PENDING}
    recurring:
      - {id: salary, monthly: 28, since: 2025-01-01, amount: 2450.00, label: "VIR SALAIRE {month}/{year}", kind: transfer}
      - {id: shop, every_days: 4, since: 2025-01-01, amount: -68.90..-23.10, pending_days: 2, label: "CARTE {day}/{month} CARREFOUR", kind: card}
`)
	for i := range p.daily {
		if kind == "CREDIT_CARD" {
			break
		}
		fmt.Fprintf(b, "      - {id: daily%d, every_days: 1, since: 2025-01-01, amount: -9.80..-2.10, label: \"CARTE {day}/{month} BOULANGERIE %d\", kind: card}\n", i, i)
	}
}

// slimBank writes a configuration in which each customer has little: what is read
// is not what is looked at. settings are YAML of the bank's own.
func slimBank(settings string, logins ...string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "bank: {%sname: Slim Bank, timezone: UTC}\npersonas:\n", settings)
	for _, login := range logins {
		fmt.Fprintf(&b, "  - {login: %q, password: %q, holder: %[1]q}\n", login, login+"-pass1")
	}
	b.WriteString("accounts:\n")
	for _, login := range logins {
		fmt.Fprintf(&b, "  - {ref: %q, owner: %[1]q, type: CHECKINGS, name: Current account, number: %q, currency: EUR, balance: 12.30, transactions: [{date: today-2, amount: -7.70, label: SHOP}, {date: today-1, amount: 20.00, label: PAY}]}\n",
			login, "****"+login)
	}
	return b.String()
}
