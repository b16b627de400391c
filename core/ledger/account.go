package ledger

import (
	"time"

	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/money"
)

// AccountStatus is where an account stands.
type AccountStatus string

// Account statuses.
const (
	Active         AccountStatus = "ACTIVE"
	Failing        AccountStatus = "ERROR"
	Missing        AccountStatus = "NOT_FOUND"
	Closed         AccountStatus = "CLOSED"
	Suspended      AccountStatus = "SUSPENDED"
	PendingConsent AccountStatus = "PENDING_CONSENT"
)

// Account is one account of a user, with our own immutable id.
type Account struct {
	ID           ident.Account
	ClientID     ident.Client
	UserID       ident.User
	ConnectionID ident.Connection
	Type         bank.AccountType
	Status       AccountStatus
	Name         string
	Holder       string
	IBAN         string
	Number       string
	Currency     string
	// CreditLimit is no amount where there is none.
	CreditLimit money.Amount
	Balance     money.Amount
	Balances    []Balance
	BalanceAsOf time.Time
	// SharedBy are the channel definitions that show the account, FedBy the one
	// that feeds it.
	SharedBy []string
	FedBy    string
	// BankID is the bank's identity of it, StableID whether that survives a
	// new consent.
	BankID        string
	StableID      bool
	FirstSeenAt   time.Time
	LastSuccessAt time.Time
	LastAttemptAt time.Time
	NextTryAt     time.Time
}

// Balance is one of the balances a bank tells.
type Balance struct {
	Type   BalanceType
	Amount money.Amount
	AsOf   time.Time
	// CreditIncluded says that the credit limit is part of the amount.
	CreditIncluded bool
}

// BalanceType tells what a balance counts.
type BalanceType string

// Balance types.
const (
	BalanceBooked    BalanceType = "BOOKED"
	BalanceExpected  BalanceType = "EXPECTED"
	BalanceAvailable BalanceType = "AVAILABLE"
	BalanceOther     BalanceType = "OTHER"
)

// Errors.
var (
	ErrAccountNotFound     = fault.New(fault.NotFound, "account_not_found", "There is no such account.")
	ErrTransactionNotFound = fault.New(fault.NotFound, "transaction_not_found", "There is no such transaction.")
)

// Report is an account as a bank told it in one run, with what was read of it.
type Report struct {
	BankID      string
	StableID    bool
	Type        bank.AccountType
	Status      AccountStatus
	Name        string
	Holder      string
	IBAN        string
	Number      string
	Currency    string
	CreditLimit money.Amount
	Balances    []Balance
	Rows        []Row
	// From and To are the days completely covered; From "" means nothing was.
	From, To bank.Day
	// Read is whether the transactions were read to their end.
	Read bool
}

// Row is a movement as a bank told it.
type Row struct {
	BankID          string
	Amount          money.Amount
	Status          Status
	Type            Type
	BookingDate     bank.Day
	ValueDate       bank.Day
	TransactionDate bank.Day
	Label           string
	Counterparty    string
	MerchantCode    string
	EndToEndID      string
	BalanceAfter    string
	Raw             []byte
}
