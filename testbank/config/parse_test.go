package config_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tributary-dev/tributary/testbank/config"
)

const good = `personas:
  - login: ann
    password: secret-canary
    holder: Ann
accounts:
  - ref: a1
    owner: ann
    type: CHECKINGS
    name: Current
    number: "**** 1"
    currency: EUR
    balance: 10.00
    transactions:
      - date: today-1
        amount: -1.50
        label: Coffee
    recurring:
      - id: pay
        monthly: 28
        since: 2025-01-01
        amount: 100.00
        label: Pay
`

func TestParse_fills_defaults(t *testing.T) {
	t.Parallel()
	file, err := config.Parse([]byte(good))
	require.NoError(t, err)
	require.Equal(t, "Europe/Paris", file.Bank.Timezone)
	require.Equal(t, config.ChallengeNone, file.Personas[0].Challenge.Kind)
	require.Equal(t, config.Duration(5*time.Minute), file.Personas[0].Challenge.ExpiresAfter)
	require.Equal(t, config.Booked, file.Accounts[0].Transactions[0].Status)
	require.Equal(t, "-1.5", file.Accounts[0].Transactions[0].Amount.String())
}

// places replaces one text of the good file in each case; the mistake must be found at that place and nothing else with it.
var places = map[string]struct{ old, new, want string }{
	"unknown key at the top":    {"personas:", "bnak: {}\npersonas:", `1:1: the file: unknown key "bnak"; the keys here are bank, personas, accounts, timeline, play`},
	"unknown key below":         {"    holder: Ann", "    holder: Ann\n    hodler: Ann", `5:5: personas[0]: unknown key "hodler"; the keys here are login, password, holder, description, log_in, challenge, behaviours`},
	"key twice":                 {"    holder: Ann", "    holder: Ann\n    holder: Eve", `5:5: personas[0]: key "holder" is given twice`},
	"missing key":               {"    holder: Ann\n", "", `2:5: personas[0]: key "holder" is missing`},
	"keypad without digits":     {"    holder: Ann", "    holder: Ann\n    log_in: keypad", `3:15: personas[0].password: must be 4 to 10 digits, because it is typed on a keypad`},
	"keypad of the bank":        {"personas:", "bank: {site: {log_in: keypad}}\npersonas:", `4:15: personas[0].password: must be 4 to 10 digits, because it is typed on a keypad`},
	"broken page without which": {"    holder: Ann", "    holder: Ann\n    behaviours: [{kind: broken_page, fault: error}]", `5:19: personas[0].behaviours[0]: broken_page needs the key "page"`},
	"markup that is not there":  {"personas:", "bank: {site: {markup: 3}}\npersonas:", `1:23: bank.site.markup: must be a whole number from 1 to 2`},
	"no value":                  {"holder: Ann", "holder:", `4:12: personas[0].holder: has no value`},
	"empty text":                {"holder: Ann", `holder: " "`, `4:13: personas[0].holder: must not be empty`},
	"list instead of text":      {"holder: Ann", "holder: [Ann]", `4:13: personas[0].holder: must be one value, not a list or a mapping`},
	"text instead of list":      {"transactions:\n      - date: today-1\n        amount: -1.50\n        label: Coffee", "transactions: none", `13:19: accounts[0].transactions: must be a list`},
	"text instead of mapping":   {"    holder: Ann", "    holder: Ann\n    challenge: none", `5:16: personas[0].challenge: must be a mapping of keys to values`},
	"anchor":                    {"holder: Ann", "holder: &a Ann", `4:13: personas[0].holder: anchors, aliases, merge keys and tags are not part of the format`},
	"login shape":               {"login: ann", "login: an n", `2:12: personas[0].login: must be 1 to 64 of letters, digits and . _ @ -` + "\n" + `7:12: accounts[0].owner: no persona has the login "ann"`},
	"unknown owner":             {"owner: ann", "owner: bob", `7:12: accounts[0].owner: no persona has the login "bob"`},
	"unknown type":              {"CHECKINGS", "CURRENT", `8:11: accounts[0].type: must be one of CHECKINGS, SAVINGS, LOAN, CREDIT_CARD`},
	"bad check digits":          {`number: "**** 1"`, "iban: FR7612345678901234567890123", `10:11: accounts[0].iban: is no IBAN with right check digits`},
	"neither iban nor number":   {"    number: \"**** 1\"\n", "", `6:5: accounts[0]: needs either iban or number, and not both`},
	"currency":                  {"EUR", "eur", `11:15: accounts[0].currency: must be a code of three capitals, such as EUR`},
	"amount":                    {"10.00", "10,00", `12:14: accounts[0].balance: must be an amount, such as -12.30`},
	"amount as exponent":        {"10.00", "1e400", `12:14: accounts[0].balance: must be an amount, such as -12.30`},
	"limit of a current one":    {"balance: 10.00", "balance: 10.00\n    credit_limit: 5.00", `13:19: accounts[0].credit_limit: only a CREDIT_CARD has it`},
	"day":                       {"today-1", "yesterday", `14:15: accounts[0].transactions[0].date: must be a day, such as 2026-03-14, today or today-3`},
	"day that is none":          {"today-1", "2026-02-30", `14:15: accounts[0].transactions[0].date: must be a day, such as 2026-03-14, today or today-3`},
	"zero amount":               {"-1.50", "0.00", `15:17: accounts[0].transactions[0].amount: must not be zero`},
	"mcc":                       {"label: Coffee", "label: Coffee\n        mcc: cafe", `17:14: accounts[0].transactions[0].mcc: must be 4 digits, in quotes`},
	"two rhythms":               {"monthly: 28", "monthly: 28\n        weekly: friday", `18:9: accounts[0].recurring[0]: needs exactly one of monthly, weekly and every_days`},
	"day of month":              {"monthly: 28", "monthly: 32", `19:18: accounts[0].recurring[0].monthly: must be a whole number from 1 to 31`},
	"weekday":                   {"monthly: 28", "weekly: fri", `19:17: accounts[0].recurring[0].weekly: must be a day of the week, such as friday`},
	"end before beginning":      {"since: 2025-01-01", "since: 2025-01-01\n        until: 2024-01-01", `21:16: accounts[0].recurring[0].until: must not be before since`},
	"range the wrong way round": {"100.00", "100.00..50.00", `21:17: accounts[0].recurring[0].amount: must be a range from the lower to the higher amount`},
	"range over zero":           {"100.00", "-5.00..5.00", `21:17: accounts[0].recurring[0].amount: must be all debit or all credit, and never zero`},
	"same id twice":             {"label: Coffee", "label: Coffee\n        id: pay", `19:13: accounts[0].recurring[0].id: "pay" is already used`},
	"code missing":              {"    holder: Ann", "    holder: Ann\n    challenge: {kind: sms_code}", `5:16: personas[0].challenge: sms_code needs the key "code"`},
	"code shape":                {"    holder: Ann", "    holder: Ann\n    challenge: {kind: sms_code, code: abc}", `5:39: personas[0].challenge.code: must be 4 to 10 digits, in quotes`},
	"resends of no code":        {"    holder: Ann", "    holder: Ann\n    challenge: {kind: image, code: \"1234\", resends: 1}", `5:53: personas[0].challenge.resends: only a challenge of kind sms_code or options has it`},
	"resends of no message":     {"    holder: Ann", "    holder: Ann\n    challenge: {kind: options, options: [{value: a, label: A}], resends: 1}", `5:74: personas[0].challenge.resends: needs the key "code": nothing is sent without`},
	"never sent again":          {"    holder: Ann", "    holder: Ann\n    challenge: {kind: sms_code, code: \"1234\", resends: 0}", `5:56: personas[0].challenge.resends: must be a whole number from 1 to 10`},
	"sent again after no time":  {"    holder: Ann", "    holder: Ann\n    challenge: {kind: sms_code, code: \"1234\", resends: 1, resend_after: 0s}", `5:73: personas[0].challenge.resend_after: must be a duration above zero, such as 1500ms, 2s or 5m`},
	"sent again but never":      {"    holder: Ann", "    holder: Ann\n    challenge: {kind: sms_code, code: \"1234\", resend_after: 1s}", `5:61: personas[0].challenge.resend_after: only a challenge with resends has it`},
	"code sent again":           {"    holder: Ann", "    holder: Ann\n    challenge: {kind: sms_code, code: \"1234\", resends: 1, resend_code: abc}", `5:72: personas[0].challenge.resend_code: must be 4 to 10 digits, in quotes`},
	"question without answer":   {"    holder: Ann", "    holder: Ann\n    challenge: {kind: question, question: Why}", `5:16: personas[0].challenge: question needs the key "answer"`},
	"answer that is empty":      {"    holder: Ann", "    holder: Ann\n    challenge: {kind: question, question: Why, answer: \" \"}", `5:56: personas[0].challenge.answer: must not be empty`},
	"answer to no question":     {"    holder: Ann", "    holder: Ann\n    challenge: {kind: none, answer: x}", `5:37: personas[0].challenge.answer: only a challenge of kind question has it`},
	"key of another kind":       {"    holder: Ann", "    holder: Ann\n    challenge: {kind: none, tries: 2}", `5:36: personas[0].challenge.tries: only a challenge of kind sms_code, options, image or question has it`},
	"true or false":             {"    holder: Ann", "    holder: Ann\n    challenge: {kind: none, always: maybe}", `5:37: personas[0].challenge.always: must be true or false`},
	"slow without delay":        {"    holder: Ann", "    holder: Ann\n    behaviours: [{kind: slow}]", `5:19: personas[0].behaviours[0]: slow needs the key "delay"`},
	"delay that is none":        {"    holder: Ann", "    holder: Ann\n    behaviours: [{kind: slow, delay: long}]", `5:38: personas[0].behaviours[0].delay: must be a duration above zero, such as 1500ms, 2s or 5m`},
	"delay of another kind":     {"    holder: Ann", "    holder: Ann\n    behaviours: [{kind: wrong_password, delay: 1s}]", `5:48: personas[0].behaviours[0].delay: only slow has it`},
	"behaviour twice":           {"    holder: Ann", "    holder: Ann\n    behaviours: [{kind: wrong_password}, {kind: wrong_password}]", `5:43: personas[0].behaviours[1]: wrong_password is given twice`},
	"key of another behaviour":  {"    holder: Ann", "    holder: Ann\n    behaviours: [{kind: locked, calls: 1}]", `5:40: personas[0].behaviours[0].calls: only quota has it`},
	"quota without calls":       {"    holder: Ann", "    holder: Ann\n    behaviours: [{kind: quota}]", `5:19: personas[0].behaviours[0]: quota needs the key "calls"`},
	"down from and no until":    {"    holder: Ann", "    holder: Ann\n    behaviours: [{kind: down, from: \"22:00\"}]", `5:19: personas[0].behaviours[0]: down needs both from and until, or neither`},
	"down for no time":          {"    holder: Ann", "    holder: Ann\n    behaviours: [{kind: down, from: \"22:00\", until: \"22:00\"}]", `5:53: personas[0].behaviours[0].until: must be another time than from`},
	"no time of day":            {"    holder: Ann", "    holder: Ann\n    behaviours: [{kind: down, from: \"24:00\", until: \"06:00\"}]", `5:37: personas[0].behaviours[0].from: must be a time of day in quotes, such as "22:00"`},
	"lifetime without days":     {"    holder: Ann", "    holder: Ann\n    behaviours: [{kind: consent_lifetime}]", `5:19: personas[0].behaviours[0]: consent_lifetime needs the key "days"`},
	"options without any":       {"    holder: Ann", "    holder: Ann\n    challenge: {kind: options}", `5:16: personas[0].challenge: options needs the key "options"`},
	"no option":                 {"    holder: Ann", "    holder: Ann\n    challenge: {kind: options, options: []}", `5:41: personas[0].challenge.options: must list at least one option`},
	"same option twice":         {"    holder: Ann", "    holder: Ann\n    challenge: {kind: options, options: [{value: a, label: A}, {value: a, label: B}]}", `5:72: personas[0].challenge.options[1].value: "a" is already used`},
	"image without code":        {"    holder: Ann", "    holder: Ann\n    challenge: {kind: image}", `5:16: personas[0].challenge: image needs the key "code"`},
	"unknown co-owner":          {"owner: ann", "owner: ann\n    co_owners: [bob]", `8:17: accounts[0].co_owners[0]: no persona has the login "bob"`},
	"owner twice":               {"owner: ann", "owner: ann\n    co_owners: [ann]", `8:17: accounts[0].co_owners[0]: "ann" owns it already`},
	"settlement of no card":     {"owner: ann", "owner: ann\n    settled_on: a1", `8:17: accounts[0].settled_on: only a CREDIT_CARD has it`},
	"settlement day alone":      {"owner: ann", "owner: ann\n    settled_day: 5", `8:18: accounts[0].settled_day: only an account with settled_on has it`},
	"settled nowhere":           {"type: CHECKINGS", "settled_on: a2\n    type: CREDIT_CARD", `8:17: accounts[0].settled_on: there is no account with that ref`},
	"settled on itself":         {"type: CHECKINGS", "settled_on: a1\n    type: CREDIT_CARD", `8:17: accounts[0].settled_on: must be a CHECKINGS account`},
	"time zone":                 {"personas:", "bank: {timezone: Paris}\npersonas:", `1:18: bank.timezone: must be an IANA time zone, such as Europe/Paris`},
	"relative origin":           {"personas:", "bank: {origin: today}\npersonas:", `1:16: bank.origin: must be a plain date, because relative days are counted from it`},
	"two documents":             {"accounts:", "accounts: []\n---\naccounts:", `7:1: the file must hold one YAML document`},
}

func TestParse_names_place_and_reason(t *testing.T) {
	t.Parallel()
	for name, c := range places {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Contains(t, good, c.old)
			_, err := config.Parse([]byte(strings.Replace(good, c.old, c.new, 1)))
			require.EqualError(t, err, c.want)
			require.IsType(t, config.Mistakes{}, err)
		})
	}
}

func TestParse_names_all_mistakes_in_order(t *testing.T) {
	t.Parallel()
	bad := strings.NewReplacer("holder: Ann", "hodler: Ann", "EUR", "euro", "today-1", "soon").Replace(good)
	_, err := config.Parse([]byte(bad))
	var mistakes config.Mistakes
	require.ErrorAs(t, err, &mistakes)
	lines := []int{}
	for _, m := range mistakes {
		lines = append(lines, m.Line)
	}
	require.Equal(t, []int{2, 4, 11, 14}, lines)
	require.NotContains(t, err.Error(), "secret-canary")
}

func TestParse_refuses_what_is_no_configuration(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                                     "1:1: the file is empty",
		"# nothing\n":                          "1:1: the file is empty",
		"- a\n":                                "1:1: the file: must be a mapping of keys to values",
		"personas: \"open\nsecret-canary":      "1:11: not YAML: could not find end character of double-quoted text",
		"personas: []\n":                       "1:11: personas: must list at least one persona",
		strings.Repeat(" ", config.MaxBytes+1): "1:1: the file is larger than 1 MiB",
	} {
		_, err := config.Parse([]byte(text))
		require.EqualError(t, err, want)
	}
}

// Whatever the text, there is a file or there are mistakes with a place; nothing panics.
func TestParse_survives_damage(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := []byte(good)
		for range rapid.IntRange(1, 5).Draw(t, "cuts") {
			at := rapid.IntRange(0, len(text)-1).Draw(t, "at")
			piece := rapid.SampledFrom([]string{"", "\t", ":", "- ", "&a ", "*a", "<<: ", "!!x ", "[", "{", "}", "'", "\n", "|\n", "? ", "~", "\x00"}).Draw(t, "piece")
			text = append(append(append([]byte{}, text[:at]...), piece...), text[min(at+rapid.IntRange(0, 9).Draw(t, "cut"), len(text)):]...)
			if len(text) == 0 {
				return
			}
		}
		file, err := config.Parse(text)
		if err == nil {
			require.NotNil(t, file)
			return
		}
		var mistakes config.Mistakes
		require.ErrorAs(t, err, &mistakes)
		for _, m := range mistakes {
			require.Positive(t, m.Line, m.Reason)
			require.Positive(t, m.Column, m.Reason)
		}
	})
}
