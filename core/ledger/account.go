package ledger

import (
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

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
	// Name is the bank's, GivenName the user's: it is shown in its place, and no
	// synchronization touches it.
	Name      string
	GivenName string
	Holder    string
	IBAN      string
	Number    string
	Currency  string
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
	BankID   string
	StableID bool
	// KnownAs is what each channel that shows the account calls it: a bank's ids
	// mean something only within their channel.
	KnownAs map[string]string
	// SameAs are the user's other accounts that are this one, seen through another
	// connection: a joint account, mostly.
	SameAs        []ident.Account
	FirstSeenAt   time.Time
	LastSuccessAt time.Time
	LastAttemptAt time.Time
	NextTryAt     time.Time
	// History is how far back it was read.
	History History
	// Deleted accounts are tombstones: they keep nothing but what they are
	// recognised by, so that a synchronization does not add them again.
	Deleted bool
	// Supersedes is the deleted account that this one brings back.
	Supersedes ident.Account
}

// ShownName is what the user calls the account, or else the bank.
func (a Account) ShownName() string {
	if a.GivenName != "" {
		return a.GivenName
	}
	return a.Name
}

// Rename gives the account the user's own name; an empty one gives it the
// bank's back.
func (a *Account) Rename(name string) error {
	if utf8.RuneCountInString(name) > longestName || !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl) {
		return ErrAccountName
	}
	a.GivenName = strings.TrimSpace(name)
	return nil
}

const longestName = 200

// ShownBy reports whether a channel listed the account when it last told all that
// it has. One that it told as closed is listed until the bank forgets it.
func (a Account) ShownBy(channel string) bool { return slices.Contains(a.SharedBy, channel) }

// Buried is what stays of a deleted account.
func (a Account) Buried() Account {
	return Account{
		ID: a.ID, ClientID: a.ClientID, UserID: a.UserID, ConnectionID: a.ConnectionID, Type: a.Type, Status: Closed, IBAN: a.IBAN,
		Number: a.Number, Currency: a.Currency, SharedBy: a.SharedBy, FedBy: a.FedBy, BankID: a.BankID, StableID: a.StableID,
		KnownAs:     a.KnownAs,
		FirstSeenAt: a.FirstSeenAt, Deleted: true,
	}
}

// Offer is what is kept of an account until its user decides whether to share it:
// its name, and what it is recognised by. For everybody else it is deleted.
func (a Account) Offer() Account {
	offered := a.Buried()
	offered.Name, offered.Status, offered.Supersedes = a.Name, PendingConsent, a.Supersedes
	return offered
}

// Offered reports whether the user still has to decide about an account.
func (a Account) Offered() bool { return a.Deleted && a.Status == PendingConsent }

// Shared is an account that was offered, and that its user chose.
func (a Account) Shared() Account {
	a.Deleted, a.Status = false, Active
	return a
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
	ErrAccountNotFound = fault.New(fault.NotFound, "account_not_found", "There is no such account.")
	ErrAccountName     = fault.New(fault.Invalid, "invalid_account_name", "An account's name has at most 200 characters, and no control characters.").
				With(fault.At("body.name", "is not acceptable"))
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
