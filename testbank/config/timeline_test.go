package config_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/testbank/config"
)

// later is a good file with a row that has a name; what happens to it follows.
const later = `personas: [{login: ann, password: p1, holder: Ann}]
accounts:
  - {ref: a1, owner: ann, type: CHECKINGS, name: A, number: "1", currency: EUR, balance: 1, transactions: [{id: r1, date: today, amount: -1, label: x}]}
`

// events are the lines that follow it; the mistake must be found at that place and nothing else with it.
var events = map[string]struct{ line, want string }{
	"no such thing":            {"timeline: [{on: today, do: explode}]", `4:28: timeline[0].do: must be one of open, close, change, vanish, return, double, fail, reissue, password, end_consents, distrust, lock, terms, down`},
	"no day":                   {"timeline: [{do: down}]", `4:13: timeline[0]: key "on" is missing`},
	"no account":               {"timeline: [{on: today, do: close}]", `4:13: timeline[0]: close needs the key "account"`},
	"unknown account":          {"timeline: [{on: today, do: close, account: a2}]", `4:44: timeline[0].account: there is no account with that ref`},
	"unknown row":              {"timeline: [{on: today, do: vanish, account: a1, row: r2}]", `4:54: timeline[0].row: the account has no transaction with that id`},
	"a row that has no place":  {"timeline: [{on: today, do: close, account: a1, row: r1}]", `4:53: timeline[0].row: close does not have it`},
	"double needs a row":       {"timeline: [{on: today, do: double, account: a1}]", `4:13: timeline[0]: double needs the key "row"`},
	"unknown login":            {"timeline: [{on: today, do: lock, login: bob}]", `4:41: timeline[0].login: no persona has the login "bob"`},
	"no login":                 {"timeline: [{on: today, do: lock}]", `4:13: timeline[0]: lock needs the key "login"`},
	"no password":              {"timeline: [{on: today, do: password, login: ann}]", `4:13: timeline[0]: password needs the key "password"`},
	"a key of another":         {"timeline: [{on: today, do: vanish, account: a1, amount: 2}]", `4:57: timeline[0].amount: vanish does not have it`},
	"nothing that changes":     {"timeline: [{on: today, do: change, account: a1, row: r1}]", `4:13: timeline[0]: says nothing that changes`},
	"an account's key":         {"timeline: [{on: today, do: change, account: a1, row: r1, id: r2, name: B}]", `4:72: timeline[0].name: the change of a row does not have it`},
	"a row's key":              {"timeline: [{on: today, do: change, account: a1, name: B, amount: 2}]", `4:66: timeline[0].amount: the change of an account does not have it`},
	"a wrong iban":             {"timeline: [{on: today, do: change, account: a1, iban: FR00}]", `4:55: timeline[0].iban: is no IBAN with right check digits`},
	"a wrong id":               {"timeline: [{on: today, do: change, account: a1, row: r1, id: a b}]", `4:62: timeline[0].id: must be 1 to 64 of letters, digits and . _ -`},
	"zero":                     {"timeline: [{on: today, do: change, account: a1, row: r1, amount: 0}]", `4:66: timeline[0].amount: must not be zero`},
	"half a time":              {`timeline: [{on: today, do: down, from: "08:00"}]`, `4:13: timeline[0]: down needs both from and until, or neither`},
	"backwards":                {`timeline: [{on: today, do: down, from: "08:00", until: "07:00"}]`, `4:56: timeline[0].until: must be later on the day than from`},
	"over before it begins":    {"timeline: [{on: today, do: fail, account: a1, last_day: today-1}]", `4:57: timeline[0].last_day: must not be before on`},
	"half a history":           {"bank: {feed: {recent_days: 30}}", `4:14: bank.feed: needs both full_history_for and recent_days, or neither`},
	"no such ids":              {"bank: {feed: {ids: nice}}", `4:20: bank.feed.ids: must be one of stable, session, positional, reissued, reused, blank, per_account, constant`},
	"a step back":              {"play: [{on: today+1}, {on: today}]", `4:28: play[1].on: must not be before the step before`},
	"the same time":            {`play: [{on: today, at: "10:00"}, {on: today, at: "10:00"}]`, `4:50: play[1].at: must be later than the step before`},
	"expecting nothing there":  {"play: [{on: today, expect: [{account: a2}]}]", `4:39: play[0].expect[0].account: there is no account with that ref`},
	"expecting twice":          {"play: [{on: today, expect: [{account: a1}, {account: a1}]}]", `4:54: play[0].expect[1].account: "a1" is already told of in this step`},
	"expecting a wrong number": {"play: [{on: today, expect: [{account: a1, booked: -1}]}]", `4:51: play[0].expect[0].booked: must be a whole number from 0 to 100000`},
}

func TestTimeline_names_place_and_reason(t *testing.T) {
	t.Parallel()
	for name, c := range events {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := config.Parse([]byte(later + c.line + "\n"))
			require.EqualError(t, err, c.want)
		})
	}
}

func TestTimeline_never_repeats_a_password(t *testing.T) {
	t.Parallel()
	_, err := config.Parse([]byte(later + "timeline: [{on: today, do: lock, login: ann, password: canary}]"))
	require.EqualError(t, err, `4:56: timeline[0].password: lock does not have it`)
}

func TestFeed_of_an_account_is_the_banks_where_it_says_nothing(t *testing.T) {
	t.Parallel()
	text := strings.Replace(later, "balance: 1,", "balance: 1, feed: {ids: blank},", 1) + "bank: {feed: {ids: session, order: oldest, full_history_for: 5m, recent_days: 9}}"
	file, err := config.Parse([]byte(text))
	require.NoError(t, err)
	feed := file.Accounts[0].Feed
	require.Equal(t, config.IDsBlank, feed.IDs)
	require.Equal(t, config.OrderOldest, feed.Order)
	require.Equal(t, config.SignsSigned, feed.Signs)
	require.Equal(t, 9, feed.RecentDays)
}

func TestPlay_fills_in_who_and_when(t *testing.T) {
	t.Parallel()
	file, err := config.Parse([]byte(later + "play: [{on: today, by: consent}, {on: today}, {on: today+1, do: mend, at: \"09:30\"}]"))
	require.NoError(t, err)
	first, second, third := file.Play[0], file.Play[1], file.Play[2]
	require.Equal(t, config.MoveConnect, first.Do)
	require.Equal(t, "ann", first.Login)
	require.Equal(t, 12*60, first.At.Of)
	require.Equal(t, config.MoveSynchronize, second.Do)
	require.Equal(t, 13*60, second.At.Of)
	require.Equal(t, config.ByConsent, third.By)
	require.Equal(t, 9*60+30, third.At.Of)
}
