package contract

import (
	"fmt"

	"github.com/tributary-dev/tributary/plugins/sdk"
)

// Stream checks the items of one fetch in their order. It is not safe for
// concurrent use.
type Stream struct {
	// MaxItems bounds how many items there may be; 0 means no bound.
	MaxItems int

	count    int
	accounts map[string]bool
	done     map[string]bool
}

// Next checks the next item: its own content, and that what it is about was
// told before.
func (s *Stream) Next(item sdk.Item) error {
	s.count++
	if s.MaxItems > 0 && s.count > s.MaxItems {
		return fmt.Errorf("fetch: more than %d items", s.MaxItems)
	}
	if err := Item(item); err != nil {
		return err
	}
	c := &checker{}
	switch i := item.(type) {
	case sdk.AccountItem:
		c.require(!s.accounts[i.Account.Ref], "account.ref", "stands twice")
		c.count("accounts", len(s.accounts)+1, maxAccounts)
		s.accounts = put(s.accounts, i.Account.Ref)
	case sdk.BalancesItem:
		s.known(c, "balances.account", i.Account)
	case sdk.TransactionsItem:
		s.known(c, "transactions.account", i.Account)
	case sdk.AccountFailureItem:
		s.known(c, "account_failure.account", i.Account)
	case sdk.AccountDoneItem:
		s.known(c, "account_done.account", i.Account)
		s.done = put(s.done, i.Account)
	}
	return c.err()
}

// known wants an account that was told and is not finished.
func (s *Stream) known(c *checker, place, account string) {
	c.require(s.accounts[account], place, "this account was not told before")
	c.require(!s.done[account], place, "this account was said to be done")
}

func put(set map[string]bool, key string) map[string]bool {
	if set == nil {
		set = map[string]bool{}
	}
	set[key] = true
	return set
}
