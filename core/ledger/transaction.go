package ledger

import (
	"time"

	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/money"
)

// Status is where a movement stands.
type Status string

// Transaction statuses.
const (
	Pending   Status = "PENDING"
	Booked    Status = "BOOKED"
	Other     Status = "OTHER"
	Expired   Status = "EXPIRED"
	Rejected  Status = "REJECTED"
	Cancelled Status = "CANCELLED"
	Refunded  Status = "REFUNDED"
)

// Statuses lists them.
func Statuses() []Status {
	return []Status{Pending, Booked, Other, Expired, Rejected, Cancelled, Refunded}
}

// Type is what kind of movement it is.
type Type string

// Transaction types.
const (
	CreditCardPayment Type = "CREDIT_CARD_PAYMENT"
	PointOfSale       Type = "POINT_OF_SALE"
	ATM               Type = "ATM"
	DirectDebit       Type = "DIRECT_DEBIT"
	InternalTransfer  Type = "INTERNAL_TRANSFER"
	Payment           Type = "PAYMENT"
	Deposit           Type = "DEPOSIT"
	Credit            Type = "CREDIT"
	Debit             Type = "DEBIT"
	Interest          Type = "INTEREST"
	Dividend          Type = "DIVIDEND"
	Fee               Type = "FEE"
	Check             Type = "CHECK"
	StandingOrder     Type = "STANDING_ORDER"
)

// Transaction is one movement on an account, with our own immutable id. A debit
// is negative, on every type of account.
type Transaction struct {
	ID           ident.Transaction
	ClientID     ident.Client
	UserID       ident.User
	ConnectionID ident.Connection
	AccountID    ident.Account

	Amount          money.Amount
	Status          Status
	Type            Type
	BookingDate     bank.Day
	ValueDate       bank.Day
	TransactionDate bank.Day
	// EffectiveDate is the one date to sort by; see EffectiveDay.
	EffectiveDate bank.Day
	FirstSeenAt   time.Time
	UpdatedAt     time.Time

	// Label is ours, GivenLabel the user's: it is shown in its place, and no
	// synchronization touches it.
	Label        string
	GivenLabel   string
	RawLabel     string
	Merchant     string
	Counterparty string
	MerchantCode string
	EndToEndID   string
	Category     Category
	Links        []Link

	// BankID, Fingerprint and Occurrence are how the row is recognised.
	BankID      string
	Fingerprint string
	Occurrence  int
	Raw         []byte
	// Removed rows are kept as tombstones: an id that was removed never returns.
	// Removal says why.
	Removed bool
	Removal Removal
	// Revisions counts the changes that the row's history tells.
	Revisions int
}

// ShownLabel is what the user calls the movement, or else we.
func (t Transaction) ShownLabel() string {
	if t.GivenLabel != "" {
		return t.GivenLabel
	}
	return t.Label
}

// Category says what a movement was for, and who says so.
type Category struct {
	ID string
	// Source is ENGINE, PROVIDER, RULE or USER.
	Source     string
	Confidence float64
}

// EffectiveDay is the documented rule: the day the user acted, else the day it
// was booked, else its value date, else the day we first saw it.
func EffectiveDay(row Row, firstSeen bank.Day) bank.Day {
	for _, day := range []bank.Day{row.TransactionDate, row.BookingDate, row.ValueDate} {
		if day != "" {
			return day
		}
	}
	return firstSeen
}
