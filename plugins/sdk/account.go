package sdk

import "time"

// Day is a banking day in the bank's zone, written 2006-01-02; empty when not known.
type Day string

// Account is one account as the bank tells it.
type Account struct {
	// Ref is how the other items name the account, within this fetch only.
	Ref string
	// BankID is the bank's identity of the account, as stable as the bank makes it.
	BankID string
	// StableID is set when BankID is known to survive a new consent or device.
	StableID bool
	Type     AccountType
	Name     string
	Holder   string
	// IBAN without blanks; empty where there is none.
	IBAN string
	// Number is a masked or local number.
	Number string
	// Currency is ISO 4217.
	Currency string
	// CreditLimit is a positive decimal; empty where there is none.
	CreditLimit string
	Status      AccountStatus
	// Parent is the Ref of the account a deferred-debit card is settled on.
	Parent string
	// Raw is the bank's own record (JSON), kept as evidence; may be empty.
	Raw []byte
}

// AccountStatus is the bank's word on an account.
type AccountStatus string

// Account statuses a bank can tell.
const (
	AccountOpen      AccountStatus = "OPEN"
	AccountClosed    AccountStatus = "CLOSED"
	AccountSuspended AccountStatus = "SUSPENDED"
)

// BalanceType tells what a balance counts.
type BalanceType string

// Balance types.
const (
	// BalanceBooked counts booked transactions.
	BalanceBooked BalanceType = "BOOKED"
	// BalanceExpected counts booked and pending ones.
	BalanceExpected BalanceType = "EXPECTED"
	// BalanceAvailable is what can be spent, credit lines included where the bank does so.
	BalanceAvailable BalanceType = "AVAILABLE"
	// BalanceOther is any other the bank shows.
	BalanceOther BalanceType = "OTHER"
)

// Balance is what is on an account. Money owed is negative.
type Balance struct {
	Type BalanceType
	// Amount is an exact decimal such as "-12.30".
	Amount   string
	Currency string
	// AsOf is when the bank says it was so; zero means now. A bank that tells no
	// more than a day is given as midnight UTC of that day.
	AsOf time.Time
	// CreditIncluded says that the credit limit is part of the amount.
	CreditIncluded bool
}

// TransactionStatus is the bank's word on a movement.
type TransactionStatus string

// Transaction statuses a bank can tell.
const (
	Pending   TransactionStatus = "PENDING"
	Booked    TransactionStatus = "BOOKED"
	Other     TransactionStatus = "OTHER"
	Expired   TransactionStatus = "EXPIRED"
	Rejected  TransactionStatus = "REJECTED"
	Cancelled TransactionStatus = "CANCELLED"
	Refunded  TransactionStatus = "REFUNDED"
)

// TransactionType is what kind of movement it is; empty when the bank does not say.
type TransactionType string

// Transaction types.
const (
	TypeCreditCardPayment TransactionType = "CREDIT_CARD_PAYMENT"
	TypePointOfSale       TransactionType = "POINT_OF_SALE"
	TypeATM               TransactionType = "ATM"
	TypeDirectDebit       TransactionType = "DIRECT_DEBIT"
	TypeInternalTransfer  TransactionType = "INTERNAL_TRANSFER"
	TypePayment           TransactionType = "PAYMENT"
	TypeDeposit           TransactionType = "DEPOSIT"
	TypeCredit            TransactionType = "CREDIT"
	TypeDebit             TransactionType = "DEBIT"
	TypeInterest          TransactionType = "INTEREST"
	TypeDividend          TransactionType = "DIVIDEND"
	TypeFee               TransactionType = "FEE"
	TypeCheck             TransactionType = "CHECK"
	TypeStandingOrder     TransactionType = "STANDING_ORDER"
)

// Transaction is one movement. A debit is negative, on every type of account.
type Transaction struct {
	// BankID is the bank's id, as it is: may be blank, doubled or reused. The
	// server believes it only when the content agrees.
	BankID string
	Amount string
	// Currency is ISO 4217.
	Currency        string
	Status          TransactionStatus
	Type            TransactionType
	BookingDate     Day
	ValueDate       Day
	TransactionDate Day
	// Label is the bank's text, untouched.
	Label        string
	Counterparty string
	// MerchantCode is the ISO 18245 merchant category code.
	MerchantCode string
	// EndToEndID is the payment's own reference, where the bank gives it.
	EndToEndID string
	// BalanceAfter is the balance the bank prints beside the row; may be empty.
	BalanceAfter string
	// Raw is the bank's own record (JSON), kept as evidence; may be empty.
	Raw []byte
}
