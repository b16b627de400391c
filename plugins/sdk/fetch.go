package sdk

import "time"

// FetchMode says how much a fetch reads.
type FetchMode string

// Fetch modes.
const (
	// FetchAll reads accounts, balances and transactions.
	FetchAll FetchMode = "ALL"
	// FetchAccounts only lists accounts.
	FetchAccounts FetchMode = "LIST_ACCOUNTS"
)

// Scope is a kind of data that a bank counts and permits on its own.
type Scope string

// Scopes.
const (
	ScopeAccounts     Scope = "ACCOUNTS"
	ScopeBalances     Scope = "BALANCES"
	ScopeTransactions Scope = "TRANSACTIONS"
)

// FetchRequest says what to read.
type FetchRequest struct {
	Session Session
	PSU     *PSU
	Mode    FetchMode
	// Window says from which day: From by the BankID of an account, Default for
	// accounts not named (new ones). An empty day asks for all there is. To is
	// inclusive. Where it is long past and no day is named, what is older is asked
	// for after another fetch read what is recent: balances may be left out then.
	Window Window
	// Skip are accounts, by BankID, that another channel feeds: list them, read
	// nothing of them.
	Skip []string
	// Allowances are what may still be spent; an absent pair is not limited.
	Allowances []Allowance
	// State and Secrets from the Ready step.
	State   Bundle
	Secrets Bundle
	// Deadline bounds the whole fetch; the context carries the same.
	Deadline time.Time
}

// Window is the range of banking days asked for.
type Window struct {
	Default Day
	From    map[string]Day
	To      Day
}

// Allowance is how many accesses are left for one account (by BankID) and scope
// in the bank's rolling 24 hours. Account is "" for the list of accounts, and with
// another scope for each account that is not named.
type Allowance struct {
	Account string
	Scope   Scope
	Left    int
}

// Item is one thing that Fetch streams: [AccountItem], [BalancesItem],
// [TransactionsItem], [ProgressItem], [AccountFailureItem], [AccountDoneItem]
// or [UsageItem].
type Item interface{ isItem() }

// AccountItem tells an account. It comes before anything else about it.
type AccountItem struct{ Account Account }

// BalancesItem tells the balances of an account.
type BalancesItem struct {
	Account  string
	Balances []Balance
}

// TransactionsItem tells a batch of transactions; batches of about 100 travel
// best. A message may hold at most 500.
type TransactionsItem struct {
	Account      string
	Transactions []Transaction
}

// ProgressItem tells how far the fetch is.
type ProgressItem struct {
	Stage Stage
	// Done and Total count accounts; Total 0 when not known yet.
	Done, Total int
}

// AccountFailureItem tells that one account could not be read; the others go on.
type AccountFailureItem struct {
	Account string
	Scope   Scope
	Failure Failure
}

// AccountDoneItem tells that everything asked of an account was read, and
// which days are completely covered.
type AccountDoneItem struct {
	Account string
	From    Day
	To      Day
}

// UsageItem tells that the bank was asked once, so that the quota can be settled.
type UsageItem struct {
	Account string
	Scope   Scope
	// Count is how many accesses the bank counts.
	Count int
	// RetryAt is set when the bank said that nothing is left.
	RetryAt time.Time
}

func (AccountItem) isItem()        {}
func (BalancesItem) isItem()       {}
func (TransactionsItem) isItem()   {}
func (ProgressItem) isItem()       {}
func (AccountFailureItem) isItem() {}
func (AccountDoneItem) isItem()    {}
func (UsageItem) isItem()          {}

// Stage is a phase of a fetch.
type Stage string

// Stages, in their order.
const (
	StageAccounts Stage = "ACCOUNTS"
	StageRecent   Stage = "RECENT"
	StageFull     Stage = "FULL"
)
