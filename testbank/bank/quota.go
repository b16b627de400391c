package bank

import (
	"slices"
	"time"

	"github.com/tributary-dev/tributary/testbank/config"
)

// Scope is a kind of data that the bank counts on its own.
type Scope string

// The scopes.
const (
	ScopeAccounts     Scope = "ACCOUNTS"
	ScopeBalances     Scope = "BALANCES"
	ScopeTransactions Scope = "TRANSACTIONS"
)

// Use is what a data call is about.
type Use struct {
	Scope   Scope
	Account string // empty for the list of accounts
	// Attended says that the customer is there; such calls are not limited.
	Attended bool
	// Limit is how many calls are allowed with nobody there where the customer's file says nothing; 0 for any number.
	Limit int
	// Continued says that the call goes on with one that was counted, for its next page.
	Continued bool
}

type access struct {
	scope   Scope
	account string
}

// quotaPeriod is the window in which calls are counted, by the bank's clock.
const quotaPeriod = 24 * time.Hour

const quotaReason = "You have used up the number of accesses without the customer for today."

// spend counts a call against the persona's quota. Refusal: QuotaExceeded, with when the next call is free.
func (b *Bank) spend(login string, use Use) error {
	quota, limited := b.who(login).Behaviour(config.BehaviourQuota)
	if !limited && use.Limit > 0 {
		quota, limited = config.Behaviour{Calls: use.Limit}, true
	}
	if !limited || use.Attended || use.Continued {
		return nil
	}
	s, now := b.standings[login], b.clock.now()
	key := access{use.Scope, use.Account}
	spent := slices.DeleteFunc(s.spent[key], func(at time.Time) bool { return now.Sub(at) >= quotaPeriod })
	if len(spent) >= quota.Calls {
		b.stats[login].QuotaRefused++
		refusal := &Refusal{Code: QuotaExceeded, Message: quota.Reason, RetryAt: now.Add(quotaPeriod)}
		if refusal.Message == "" {
			refusal.Message = quotaReason
		}
		if len(spent) > 0 {
			refusal.RetryAt = spent[0].Add(quotaPeriod)
		}
		return refusal
	}
	if s.spent == nil {
		s.spent = map[access][]time.Time{}
	}
	s.spent[key] = append(spent, now)
	return nil
}
