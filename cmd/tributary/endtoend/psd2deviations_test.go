package endtoend

import (
	"cmp"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// deviation is a bank that is not as its standard says: as its own file has it, and
// as a catalogue's entry has it.
type deviation struct {
	name string
	// bank is YAML of the bank's own, feed how it tells rows.
	bank, feed string
	// entry is what the catalogue says of it; empty where such a bank is understood
	// without a word.
	entry string
	// without is the code of a run whose entry does not say so: of the connection,
	// or of the second day.
	without string
	// seen is what is wrong then, where no run fails: a bank may say such a thing
	// truly, and nobody but its customer knows better. Empty where nothing is, for
	// the reason that why has.
	seen, why string
	// later is what the second day comes to with the entry, for banks that end
	// something; the user agrees again.
	later string
	// third is what a further run comes to, with the entry and without, once the
	// tokens of the second day have ended as well.
	third [2]string
	// dayless says that the bank does not tell the day of what is not booked.
	dayless bool
}

// What is seen to be wrong where no run fails.
const (
	otherRows    = "rows that are not the bank's"
	otherBalance = "a balance that is not the bank's, and that the rows do not explain on the second day"
	otherWords   = "a balance by another word"
)

// bankOf is a bank with little of everything: rows of two seasons, two equal ones,
// a text of two lines, one that waits, an account with nothing, a card, and
// something new on the second day. There is one customer for each entry.
func (d deviation) bankOf(logins ...string) string {
	var b strings.Builder
	settings := "name: Other Bank, timezone: UTC, page_size: 3, history_days: 400, "
	if d.feed != "" {
		settings += "feed: {" + d.feed + "}, "
	}
	fmt.Fprintf(&b, "bank: {%s}\npersonas:\n", strings.TrimSuffix(settings+d.bank, ", "))
	for _, login := range logins {
		fmt.Fprintf(&b, "  - {login: %s, password: %s-pass1, holder: %[1]s}\n", login, login)
	}
	b.WriteString("accounts:\n")
	for _, login := range logins {
		fmt.Fprintf(&b, `  - ref: %[1]s-current
    owner: %[1]s
    type: CHECKINGS
    name: Current account
    number: "****%[1]s1"
    currency: EUR
    balance: 1000.00
    transactions:
      - {date: today-300, amount: -10.00, label: OLD RENT}
      - {date: today-120, amount: -11.00, label: NEWER RENT}
      - {date: today-40, amount: 100.00, label: SALARY}
      - {date: today-5, amount: -2.00, label: COFFEE, kind: card}
      - {date: today-5, amount: -2.00, label: COFFEE, kind: card}
      - {date: today-1, amount: -3.50, label: "SEPA DEBIT ENERGY OF THE NORTH CONTRACT 42 MONTHLY"}
      - {transaction_date: today-1, date: today+1, amount: -20.00, label: HOTEL, kind: card}
      - {transaction_date: today, date: today+6, amount: -30.00, label: GARAGE, kind: card}
      - {date: today+1, amount: -8.00, label: TOMORROW}
  - {ref: %[1]s-empty, owner: %[1]s, type: CHECKINGS, name: Empty account, number: "****%[1]s2", currency: EUR, balance: 0.00}
  - ref: %[1]s-quiet
    owner: %[1]s
    type: CHECKINGS
    name: Quiet account
    number: "****%[1]s4"
    currency: EUR
    balance: 500.00
    transactions: [{date: today-40, amount: -60.00, label: GYM}, {date: today+1, amount: -7.00, label: PARKING, kind: card}]
  - ref: %[1]s-card
    owner: %[1]s
    type: CREDIT_CARD
    name: Card
    number: "****%[1]s3"
    currency: EUR
    balance: -50.00
    credit_limit: 1500.00
    transactions:
      - {date: today-2, amount: -50.00, label: SHOES, kind: card}
      - {date: today+1, amount: -5.00, label: LUNCH, kind: card}
`, login)
	}
	return b.String()
}

// visitor is one of the two customers of such a bank.
type visitor struct {
	deviation
	bank   *bank
	entry  string
	login  string
	link   link
	failed bool
}

func (v visitor) told() bool { return v.login == "told" }

// deviates has each of the banks beside the others in one process, each twice in the
// catalogue of one server: with what the entry has to say, and without.
func deviates(t *testing.T, standard string, all []deviation) {
	t.Helper()
	good := papers(t)
	c := certifiedWith(t, slimBank("", "nobody"))
	c.open(t, good)
	sealedAt(t, good, c)
	var entries []string
	var visitors []*visitor
	var banks []string
	for _, d := range all {
		below := c.guest(t, d.name, d.bankOf("told", "untold"))
		banks = append(banks, below)
		for _, login := range []string{"told", "untold"} {
			v := &visitor{deviation: d, bank: &bank{url: c.url + below, process: c.process}, entry: d.name + "-" + login, login: login}
			if login == "untold" && d.entry == "" {
				continue
			}
			if login == "untold" && d.third[0] != "" { // it counts whom it refuses
				below = c.guest(t, v.entry, d.bankOf(login))
				banks, v.bank = append(banks, below), &bank{url: c.url + below, process: c.process}
			}
			more := d.entry
			if login == "untold" {
				more = ""
			}
			entries, visitors = append(entries, c.entered(standard, v.entry, below, more)), append(visitors, v)
		}
	}
	p := c.asThirdParty(t, good, entries...).by(t, "anna")
	for _, below := range banks {
		if standard == british {
			p.registers(t, c, below, good, "private_key_jwt")
		}
	}
	for _, v := range visitors {
		v.link = p.connectsTo(t, v.entry, nil)
	}
	for _, v := range visitors {
		p.agreesOrFails(t, v)
	}
	for _, v := range visitors {
		v.firstDay(t)
	}
	p.staff.post(t, "/v1/sandbox/clock", map[string]any{"advance": "24h"}).want(t, http.StatusOK)
	for _, v := range visitors {
		if !v.failed {
			v.bank.endTokens(t, v.login)
			v.link = v.link.synchronize(t)
		}
	}
	for _, v := range visitors {
		if !v.failed {
			p.secondDay(t, v)
		}
	}
	p.thirdDay(t, visitors)
	p.tellsNoSecret(t)
}

// thirdDay has tokens renewed once more.
func (p thirdParty) thirdDay(t *testing.T, visitors []*visitor) {
	t.Helper()
	for _, v := range visitors {
		if v.third[0] == "" {
			continue
		}
		v.bank.endTokens(t, v.login)
		want := v.third[1]
		if v.told() {
			want = v.third[0]
		}
		v.link = v.link.synchronize(t)
		v.link.fails(t, want)
	}
}

// quirksAre has every deviation with a name of its own in the table: those that the
// plugin's README lists below a line, which a test holds to the code.
func quirksAre(t *testing.T, below string, all []deviation) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "..", "plugins", "psd2", "README.md"))
	require.NoError(t, err)
	_, listed, there := strings.Cut(string(text), below)
	require.True(t, there)
	rows, _, _ := strings.Cut(strings.TrimLeft(listed, "\n"), "\n\n")
	var named []string
	for _, found := range regexp.MustCompile("(?m)^\\| `([a-z-]+)` \\|").FindAllStringSubmatch(rows, -1) {
		named = append(named, found[1])
	}
	require.NotEmpty(t, named)
	for _, name := range named {
		require.True(t, slices.ContainsFunc(all, func(d deviation) bool { return strings.Contains(d.entry, "quirks: ["+name+"]") }), "%s: no bank has it", name)
	}
	for _, d := range all {
		require.Equal(t, d.entry != "" && d.without == "" && d.seen == "" && d.third[1] == "", d.why != "", "%s: why is its absence not seen?", d.name)
	}
}

// agreesOrFails gives the consent, unless the bank does not even ask for it.
func (p thirdParty) agreesOrFails(t *testing.T, v *visitor) {
	t.Helper()
	over := false
	eventually(t, patience, v.entry+": nothing is asked", func() bool {
		status := v.link.caller.get(t, "/v1/synchronizations/"+v.link.run).want(t, http.StatusOK).text(t, ".status")
		over = status == "FAILED"
		return over || v.link.caller.get(t, "/v1/connections/"+v.link.id+"/challenge").status == http.StatusOK
	})
	if !over {
		p.onPage(t, v.link, v.login)
	}
}

// firstDay is what the connection comes to.
func (v *visitor) firstDay(t *testing.T) {
	t.Helper()
	run := v.link.over(t)
	switch {
	case v.told() || v.without == "":
		require.Equal(t, "SUCCESS", run.text(t, ".status"), "%s: %s", v.entry, run.body)
	case run.text(t, ".status") == "SUCCESS":
		return // it is the second day that fails
	default:
		v.failed = true
		require.Contains(t, string(run.body), `"code":"`+v.without+`"`, v.entry)
		rows, _, _, _ := v.held(t)
		trueRows, _ := v.true(t)
		require.Subset(t, trueRows, append([]string{}, rows...), "%s: what is held is wrong", v.entry)
		return
	}
	v.agrees(t, false)
}

// secondDay renews tokens and reads what is new.
func (p thirdParty) secondDay(t *testing.T, v *visitor) {
	t.Helper()
	run, want := v.link.over(t), v.without
	if v.told() {
		want = v.later
	}
	if want != "" {
		require.Contains(t, string(run.body), `"code":"`+want+`"`, "%s: %s", v.entry, run.body)
		if !v.told() {
			return
		}
		v.link = v.link.synchronize(t)
		p.onPage(t, v.link, v.login)
		run = v.link.over(t)
	}
	require.Equal(t, "SUCCESS", run.text(t, ".status"), "%s: %s", v.entry, run.body)
	v.agrees(t, true)
}

// agrees compares what we hold with the bank's own truth.
func (v *visitor) agrees(t *testing.T, second bool) {
	t.Helper()
	rows, balances, words, gaps := v.held(t)
	trueRows, trueBalances := v.true(t)
	if v.told() || v.seen == "" {
		if v.dayless {
			rows, trueRows = dayless(rows), dayless(trueRows)
		}
		require.Equal(t, trueRows, rows, "%s: rows", v.entry)
		require.Equal(t, trueBalances, balances, "%s: balances", v.entry)
		require.Zero(t, gaps, "%s: the rows do not explain a balance", v.entry)
		return
	}
	switch v.seen {
	case otherRows:
		require.True(t, !second || !slices.Equal(trueRows, rows), "%s: the rows are right without a word", v.entry)
	case otherBalance:
		require.NotEqual(t, trueBalances, balances, v.entry)
		require.Equal(t, second, gaps > 0, v.entry)
	case otherWords:
		require.NotContains(t, words, "AVAILABLE", v.entry)
	default:
		require.FailNow(t, v.entry+": it is not said what is seen")
	}
}

// dayless leaves out the days of rows that are not booked.
func dayless(rows []string) (out []string) {
	for _, row := range rows {
		if parts := strings.Split(row, " | "); parts[2] == "PENDING" {
			row = line(slices.Delete(parts, 1, 2)...)
		}
		out = append(out, row)
	}
	slices.Sort(out)
	return out
}

// held are our rows and balances, the words of all balances, and how many of them
// the rows do not explain.
func (v *visitor) held(t *testing.T) (rows, balances, words []string, gaps int) {
	t.Helper()
	for _, a := range v.link.caller.every(t, "/v1/accounts?connection_id="+v.link.id) {
		id, name := plainText(a["id"]), plainText(a["name"])
		balances = append(balances, line(name, money(a["balance"])))
		for _, r := range v.link.caller.every(t, "/v1/transactions?account_id="+id) {
			day := cmp.Or(plainText(r["booking_date"]), plainText(r["value_date"]), plainText(r["transaction_date"]), plainText(r["effective_date"]))
			rows = append(rows, line(name, day, plainText(r["status"]), money(r["amount"]), wordsOf(plainText(r["raw_label"]))))
		}
		for _, b := range v.link.caller.get(t, "/v1/accounts/"+id+"/balances").want(t, http.StatusOK).at(t, ".data").([]any) {
			words = append(words, plainText(b.(map[string]any)["type"]))
		}
		if history := v.link.caller.get(t, "/v1/accounts/"+id+"/balances/history").want(t, http.StatusOK); history.text(t, ".data[0].integrity") == "gap" {
			gaps++
		}
	}
	slices.Sort(rows)
	slices.Sort(balances)
	return rows, balances, words, gaps
}

// true are the bank's rows and balances.
func (v *visitor) true(t *testing.T) (rows, balances []string) {
	t.Helper()
	for _, s := range v.bank.truth(t, v.login) {
		for _, b := range s.Balances {
			if b.Type == "BOOKED" {
				balances = append(balances, line(s.Name, b.Amount, b.Currency))
			}
		}
		for _, r := range s.Transactions {
			rows = append(rows, line(s.Name, cmp.Or(r.BookingDate, r.ValueDate, r.TransactionDate), r.Status, r.Amount, r.Currency, wordsOf(r.Label)))
		}
	}
	slices.Sort(rows)
	slices.Sort(balances)
	return rows, balances
}

// wordsOf is a text whose words are put in order: a bank may not keep its lines in
// theirs.
func wordsOf(text string) string {
	words := strings.Fields(text)
	slices.Sort(words)
	return strings.Join(words, " ")
}
