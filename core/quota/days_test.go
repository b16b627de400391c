package quota_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/quota"
)

// TestTenDays has many clients ask for whatever they like, whenever they like,
// while processes are killed and clocks are set. The bank counts for itself.
func TestTenDays(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := &days{
			now: genesis, real: genesis, limit: rapid.IntRange(1, 4).Draw(t, "limit"), seen: map[quota.Key][]sight{},
			open: []ident.Account{"acc_0"},
		}
		for d.real.Before(genesis.Add(10*quota.Window)) && !t.Failed() {
			d.step(t)
		}
	})
}

var genesis = time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)

// within is how long a call may take.
const within = 10 * time.Minute

// days are a bank, and what is kept of the calls that it saw.
type days struct {
	limit     int
	now, real time.Time
	// seen is the bank's own count, on its clock, which is the sandbox's.
	seen map[quota.Key][]sight
	// open are the accounts that the bank shows, known those that we know.
	open, known []ident.Account
	kept        []quota.Call
}

// sight is when the bank saw a call, on its clock and really.
type sight struct{ at, real time.Time }

func (d *days) step(t *rapid.T) {
	pass := time.Duration(rapid.IntRange(0, 300).Draw(t, "minutes")) * time.Minute
	d.pass(pass)
	switch rapid.SampledFrom([]string{"call", "call", "call", "clock", "account", "sweep", "delete"}).Draw(t, "step") {
	case "call":
		d.call(t)
	case "clock":
		d.now = d.now.Add(rapid.SampledFrom([]time.Duration{time.Hour, -time.Hour, quota.Window, -quota.Window, 50 * time.Hour, -50 * time.Hour}).Draw(t, "clock"))
	case "account":
		if len(d.open) < 4 {
			d.open = append(d.open, ident.Account(fmt.Sprintf("acc_%d", len(d.open))))
		}
	case "sweep":
		d.kept = slices.DeleteFunc(d.kept, func(c quota.Call) bool {
			return c.At.Before(d.now.Add(-quota.Kept)) && c.MadeAt.Before(d.real.Add(-quota.Kept))
		})
	case "delete":
		d.rename()
	}
}

func (d *days) pass(by time.Duration) { d.now, d.real = d.now.Add(by), d.real.Add(by) }

// rename takes the last known account away and brings it back under another id.
func (d *days) rename() {
	if len(d.known) == 0 {
		return
	}
	last := len(d.known) - 1
	old := d.known[last]
	fresh := old + "x"
	d.known[last] = fresh
	d.open[slices.Index(d.open, old)] = fresh
	for i := range d.kept {
		d.kept[i].Rename(old, fresh)
	}
	for _, scope := range quota.Scopes() {
		d.seen[quota.Key{Account: fresh, Scope: scope}] = d.seen[quota.Key{Account: old, Scope: scope}]
	}
}

// call is one fetch, from the reservation to what is known of its end.
func (d *days) call(t *rapid.T) {
	attended := rapid.Bool().Draw(t, "attended")
	plan := quota.Plan{Accounts: slices.Clone(d.known), ListOnly: rapid.Bool().Draw(t, "list"), Over: rapid.IntRange(0, 1).Draw(t, "over")}
	ledger := quota.Open(d.limit, d.now, d.real, d.kept)
	call := quota.Call{ID: ident.Call(fmt.Sprint(len(d.kept))), MadeAt: d.real}
	if attended {
		d.kept = append(d.kept, ledger.Attend(call, plan, within))
		d.settle(t, d.bank(t, plan, nil, true), false)
		return
	}
	wait := ledger.Wait(plan)
	if !wait.IsZero() {
		require.True(t, wait.After(d.now), "a wait has an end that is not over")
		require.True(t, quota.Open(d.limit, wait, d.real, d.kept).Wait(plan).IsZero(), "after it there is something to do")
		if rapid.Bool().Draw(t, "impatient") {
			d.pass(wait.Sub(d.now))
		}
		return
	}
	call, allowed := ledger.Reserve(call, plan, within)
	d.kept = append(d.kept, call)
	end := rapid.SampledFrom([]string{"well", "well", "killed before", "killed after", "failed", "turned away", "clock"}).Draw(t, "end")
	switch end {
	case "killed before": // the call counts, and was never made
		return
	case "turned away":
		d.settle(t, quota.Report{Turned: true}, false)
		return
	case "clock":
		report := d.bank(t, plan, allowed, false)
		d.now = d.now.Add(-time.Hour)
		d.settle(t, report, true)
		return
	}
	report := d.bank(t, plan, allowed, false)
	if end == "killed after" {
		return
	}
	d.settle(t, report, end == "well")
}

// bank does what the plugin does of a plan, some time in the call's time.
func (d *days) bank(t *rapid.T, plan quota.Plan, allowed []quota.Allowance, attended bool) (report quota.Report) {
	ask := func(k quota.Key, allowedAs quota.Key) {
		at := slices.IndexFunc(allowed, func(a quota.Allowance) bool { return a.Key == k })
		if at < 0 {
			at = slices.IndexFunc(allowed, func(a quota.Allowance) bool { return a.Key == allowedAs })
		}
		if !attended && (at < 0 || allowed[at].Left == 0) {
			return
		}
		if rapid.IntRange(0, 2).Draw(t, "asked") == 0 { // it says that it did without
			report.Told = append(report.Told, quota.Line{Key: k})
			return
		}
		d.pass(time.Duration(rapid.IntRange(0, 60).Draw(t, "seconds")) * time.Second)
		if !attended {
			d.count(t, k)
		}
		if rapid.IntRange(0, 9).Draw(t, "told") > 0 {
			report.Told = append(report.Told, quota.Line{Key: k, Count: 1})
		}
	}
	ask(quota.Key{Scope: quota.Accounts}, quota.Key{Scope: quota.Accounts})
	for _, account := range d.open {
		for _, scope := range []quota.Scope{quota.Balances, quota.Transactions} {
			if !plan.ListOnly {
				ask(quota.Key{Account: account, Scope: scope}, quota.Key{Scope: scope})
			}
		}
	}
	return report
}

// count is the bank's own book, and the rule that this is all about. A day over
// which the clock goes again when two days have really gone by is another day.
func (d *days) count(t *rapid.T, k quota.Key) {
	d.seen[k] = append(d.seen[k], sight{d.now, d.real})
	slices.SortStableFunc(d.seen[k], func(a, b sight) int { return a.at.Compare(b.at) })
	for i, from := range d.seen[k] {
		within := 0
		for _, seen := range d.seen[k][i:] {
			if seen.at.Before(from.at.Add(quota.Window)) && d.real.Sub(seen.real) < quota.Kept {
				within++
			}
		}
		require.LessOrEqual(t, within, d.limit, "%v from %v", k, from.at)
	}
}

// settle enters the end of the last call. Where it went well, all accounts are
// known from then on.
func (d *days) settle(t *rapid.T, report quota.Report, well bool) {
	last := &d.kept[len(d.kept)-1]
	report.Now, report.Told = d.now, d.anonymous(report.Told)
	last.Settle(report)
	if well {
		d.known = slices.Clone(d.open)
	}
	before := fmt.Sprint(*last)
	last.Settle(quota.Report{Now: d.now.Add(time.Hour), Turned: true})
	require.Equal(t, before, fmt.Sprint(*last), "once")
}

// anonymous tells of accounts that are not known as such.
func (d *days) anonymous(told []quota.Line) (lines []quota.Line) {
	seen := map[quota.Key]bool{}
	for _, line := range told {
		if line.Account != "" && !slices.Contains(d.known, line.Account) {
			line.Account = ""
		}
		if line.Account != "" || !seen[line.Key] {
			lines = append(lines, line)
		}
		seen[line.Key] = true
	}
	return lines
}
