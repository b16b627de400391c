package check

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"
)

// lawful is how often a bank's interface may be asked in 24 hours with nobody
// there, of each account and kind of data.
const lawful = 4

// spent is a fetch as we counted it.
type spent struct {
	channel  string
	attended bool
	// made is in real time, at on the clock that users see.
	made, at time.Time
	lines    []spentLine
	// asked is what the bank had of it, by account and kind.
	asked map[string]int
}

type spentLine struct {
	Account string `json:"account"`
	Scope   string `json:"scope"`
	Count   int    `json:"count"`
}

// of is what a fetch spent of a kind of data of an account; a line without one
// stands for each account that was not known.
func (c spent) of(account, scope string) int {
	for _, name := range []string{account, ""} {
		for _, line := range c.lines {
			if line.Scope == scope && line.Account == name {
				return line.Count
			}
		}
	}
	return 0
}

// counted compares what the bank was asked with nobody there with what we
// counted: each call before it was made, never too few, and never more than
// there may be.
func (s Scene) counted(ctx context.Context, connection string, visits []visit, r *Report) error {
	calls, err := s.spent(ctx, connection)
	if err != nil {
		return err
	}
	names, err := s.names(ctx, connection)
	if err != nil {
		return err
	}
	for _, v := range visits {
		if v.Text("what") != "READ" || v.Text("attended") == "true" || v.Text("continued") == "true" {
			continue
		}
		scope, account := v.Text("scope"), names[v.Text("account")]
		switch refused := v.Text("refused"); refused {
		case "":
		case "quota_exceeded":
			add(&r.Quota, "%s had to be turned away at %s: %s of %s", connection, v.real, scope, account)
		default:
			continue
		}
		call := before(calls, v)
		if call == nil {
			add(&r.Quota, "%s asked for %s of %s at %s, and no fetch is counted", connection, scope, account, v.real)
			continue
		}
		call.asked[account+" "+scope]++
		if call.asked[account+" "+scope] > call.of(account, scope) {
			add(&r.Quota, "%s asked for %s of %s at %s oftener than was counted: %d", connection, scope, account, v.real, call.of(account, scope))
		}
	}
	for _, account := range names {
		for _, scope := range []string{"BALANCES", "TRANSACTIONS"} {
			atMost(connection, account, scope, calls, r)
		}
	}
	atMost(connection, "", "ACCOUNTS", calls, r)
	return nil
}

// before is the fetch that the bank's call belongs to: one connection has one at
// a time, so it is the last that began before.
func before(calls []*spent, v visit) (found *spent) {
	channel := "testbank-embedded"
	if v.Text("consent") != "" {
		channel = "testbank-redirect"
	}
	for _, c := range calls {
		if c.channel == channel && !c.made.After(v.real) {
			found = c
		}
	}
	if found == nil || found.attended {
		return nil
	}
	return found
}

// atMost fails what was counted oftener in some 24 hours than a bank's interface
// allows.
func atMost(connection, account, scope string, calls []*spent, r *Report) {
	for i, last := range calls {
		count := 0
		for _, c := range calls[:i+1] {
			if !c.attended && c.channel == "testbank-redirect" && last.at.Sub(c.at) < 24*time.Hour {
				count += c.of(account, scope)
			}
		}
		if count > lawful {
			add(&r.Quota, "%s counted %d of %s of %s in 24 hours before %s", connection, count, scope, account, last.at)
			return
		}
	}
}

// spent are a connection's fetches, the oldest first.
func (s Scene) spent(ctx context.Context, connection string) (calls []*spent, err error) {
	wrong := s.each(ctx, `SELECT channel, attended, made_at, at, lines FROM quota_calls WHERE connection_id = '`+connection+`' ORDER BY made_at`, func(cells []string) {
		c := &spent{channel: cells[0], attended: isTrue(cells[1]), made: instant(cells[2]), at: instant(cells[3]), asked: map[string]int{}}
		if cells[4] != "" && err == nil {
			err = json.Unmarshal([]byte(cells[4]), &c.lines)
		}
		calls = append(calls, c)
	})
	if wrong != nil {
		return nil, wrong
	}
	return calls, err
}

// names are our accounts by what the bank calls them.
func (s Scene) names(ctx context.Context, connection string) (map[string]string, error) {
	names := map[string]string{}
	err := s.each(ctx, `SELECT id, bank_id, known_as FROM accounts WHERE connection_id = '`+connection+`'`, func(cells []string) {
		known := map[string]string{}
		_ = json.Unmarshal([]byte(cells[2]), &known)
		for _, name := range append([]string{cells[1]}, slices.Collect(maps.Values(known))...) {
			if strings.TrimSpace(name) != "" {
				names[name] = cells[0]
			}
		}
	})
	return names, err
}
