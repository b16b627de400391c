package quota_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/quota"
)

var (
	list     = quota.Key{Scope: quota.Accounts}
	balances = quota.Key{Account: "acc_0", Scope: quota.Balances}
	rows     = quota.Key{Account: "acc_0", Scope: quota.Transactions}
	plan     = quota.Plan{Accounts: []ident.Account{"acc_0"}}
)

// at is a call that was settled at a time and spent one of each.
func at(after time.Duration) quota.Call {
	return quota.Call{At: genesis.Add(after), Settled: true, Lines: []quota.Line{{Key: list, Count: 1}, {Key: balances, Count: 1}, {Key: rows, Count: 1}}}
}

func TestLimitOf(t *testing.T) {
	t.Parallel()
	require.Equal(t, 4, quota.LimitOf(bank.Redirect, 0))
	require.Equal(t, 4, quota.LimitOf(bank.Redirect, -1))
	require.Equal(t, 2, quota.LimitOf(bank.Redirect, 2))
	require.Equal(t, 10, quota.LimitOf(bank.Redirect, 10), "bank and reader may agree on more")
	require.Zero(t, quota.LimitOf(bank.Embedded, 0))
	require.Zero(t, quota.LimitOf(bank.Embedded, -1))
	require.Equal(t, 3, quota.LimitOf(bank.Embedded, 3))
}

func TestLeft_and_NextFree(t *testing.T) {
	t.Parallel()
	calls := []quota.Call{at(0), at(time.Hour), at(2 * time.Hour)}
	attended := at(3 * time.Hour)
	attended.Attended = true
	l := quota.Open(4, genesis.Add(5*time.Hour), time.Time{}, append(calls, attended))
	left, limited := l.Left(rows)
	require.True(t, limited)
	require.Equal(t, 1, left)
	require.Equal(t, 3, l.Used(rows))
	require.Equal(t, 1, l.Attended(rows))
	require.Zero(t, l.Used(quota.Key{Account: "acc_1", Scope: quota.Balances}))
	require.Zero(t, l.NextFree(rows, 0), "the last one is free for who needs it")
	require.Equal(t, genesis.Add(24*time.Hour), l.NextFree(rows, 1), "and not for the plan")
	require.Equal(t, genesis.Add(25*time.Hour), l.NextFree(rows, 2))
	require.Equal(t, genesis.Add(26*time.Hour), l.NextFree(rows, 99), "nobody leaves all of them over")
	require.Equal(t, genesis.Add(24*time.Hour), l.Wait(quota.Plan{Accounts: plan.Accounts, Over: quota.Reserve}))
	one := quota.Open(1, genesis, time.Time{}, nil)
	require.Zero(t, one.NextFree(rows, quota.Reserve), "of one there is nothing to keep")
	l = quota.Open(3, genesis.Add(24*time.Hour), time.Time{}, calls)
	left, _ = l.Left(rows)
	require.Equal(t, 1, left, "the first one counts no more")
	_, limited = quota.Open(0, genesis, time.Time{}, calls).Left(rows)
	require.False(t, limited)
	require.Zero(t, quota.Open(0, genesis, time.Time{}, calls).Wait(plan))
}

func TestWait_is_for_what_is_worth_a_call(t *testing.T) {
	t.Parallel()
	two := quota.Plan{Accounts: []ident.Account{"acc_0", "acc_1"}}
	l := quota.Open(1, genesis, time.Time{}, []quota.Call{{At: genesis, Lines: []quota.Line{{Key: balances, Count: 1}, {Key: rows, Count: 1}}}})
	require.Equal(t, genesis.Add(quota.Window), l.Wait(plan), "no account of it can be read")
	require.Zero(t, l.Wait(two), "the other one can")
	require.Zero(t, l.Wait(quota.Plan{ListOnly: true}))
	require.Zero(t, l.Wait(quota.Plan{}), "nobody knows what there is")
	l = quota.Open(1, genesis, time.Time{}, []quota.Call{{At: genesis, Lines: []quota.Line{{Key: list, Count: 1}}}})
	require.Equal(t, genesis.Add(quota.Window), l.Wait(two), "nothing is read without the list")

	l = quota.Open(1, genesis, time.Time{}, []quota.Call{{At: genesis, Lines: []quota.Line{{Key: rows, Count: 1}}}})
	call, allowed := l.Reserve(quota.Call{}, two, time.Minute)
	require.Contains(t, allowed, quota.Allowance{Key: rows, Left: 0})
	require.Contains(t, allowed, quota.Allowance{Key: balances, Left: 1})
	require.Contains(t, allowed, quota.Allowance{Key: quota.Key{Scope: quota.Transactions}, Left: 1}, "an account that nobody knows yet")
	require.Len(t, allowed, 7)
	require.Len(t, call.Lines, 6)
	_, allowed = quota.Open(0, genesis, time.Time{}, nil).Reserve(quota.Call{}, two, time.Minute)
	require.Empty(t, allowed)
}

func TestSettle_believes_the_bank(t *testing.T) {
	t.Parallel()
	refused := func(until time.Time) quota.Ledger {
		call, _ := quota.Open(4, genesis, time.Time{}, nil).Reserve(quota.Call{}, plan, time.Minute)
		call.Settle(quota.Report{Now: genesis, Told: []quota.Line{{Key: list, Until: until}}})
		return quota.Open(4, genesis.Add(time.Minute), time.Time{}, []quota.Call{call})
	}
	l := refused(genesis.Add(3 * time.Hour))
	left, limited := l.Left(list)
	require.True(t, limited)
	require.Zero(t, left, "whatever we counted")
	require.Equal(t, genesis.Add(3*time.Hour), l.NextFree(list, 0))
	require.Zero(t, l.Used(list), "it did not take place")
	require.Equal(t, 1, l.Used(rows), "nobody told that this did not")
	require.Equal(t, genesis.Add(quota.Window), refused(genesis.AddDate(7000, 0, 0)).NextFree(list, 0), "no bank counts longer than that")
	require.Zero(t, refused(genesis).NextFree(list, 0))
	l.Limit = 0
	left, limited = l.Left(list)
	require.True(t, limited, "a bank without a limit has one when it says so")
	require.Zero(t, left)
	_, allowed := l.Reserve(quota.Call{}, plan, time.Minute)
	require.Equal(t, []quota.Allowance{{Key: list, Left: 0}}, allowed)
}

func TestEntries_never_go_back(t *testing.T) {
	t.Parallel()
	first := at(0)
	l := quota.Open(4, genesis.Add(-12*time.Hour), time.Time{}, []quota.Call{first})
	second, _ := l.Reserve(quota.Call{}, plan, time.Minute)
	require.Equal(t, genesis, second.BegunAt, "the clock went back, time did not")
	second.Settle(quota.Report{Now: genesis.Add(-12 * time.Hour)})
	require.Equal(t, genesis.Add(time.Minute), second.At, "nobody knows when the bank saw it, but not later than that")
	third := l.Attend(quota.Call{}, plan, time.Minute)
	require.True(t, third.Attended)
	third.Settle(quota.Report{Now: genesis.Add(time.Hour)})
	require.Equal(t, genesis.Add(time.Hour), third.At)
}

func TestClock_that_is_put_right_shuts_nobody_out(t *testing.T) {
	t.Parallel()
	ahead := at(40 * quota.Window)
	ahead.MadeAt = genesis
	calls := []quota.Call{ahead}
	require.Equal(t, 1, quota.Open(1, genesis, genesis, calls).Used(rows), "it may have been right")
	require.Zero(t, quota.Open(1, genesis, genesis.Add(quota.Kept), calls).Used(rows), "two days later nobody counts it")
}
