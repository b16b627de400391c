package config

// AccountType is one of the four kinds of account.
type AccountType string

// The kinds of account.
const (
	Checkings  AccountType = "CHECKINGS"
	Savings    AccountType = "SAVINGS"
	Loan       AccountType = "LOAN"
	CreditCard AccountType = "CREDIT_CARD"
)

// Payment says whether PSD2 reaches accounts of this type.
func (t AccountType) Payment() bool { return t == Checkings || t == CreditCard }

// Account is one account with all that happens on it.
type Account struct {
	Ref          string        `yaml:"ref" need:"true" doc:"The bank's own id of the account. Unique, and never changed."`
	Owner        string        `yaml:"owner" need:"true" doc:"Login of the persona who owns it."`
	CoOwners     []string      `yaml:"co_owners" max:"10" doc:"Logins of further personas whose account it is too."`
	Type         AccountType   `yaml:"type" need:"true" enum:"CHECKINGS|SAVINGS|LOAN|CREDIT_CARD" doc:"Kind of account."`
	Name         string        `yaml:"name" need:"true" doc:"Name that the bank shows."`
	IBAN         string        `yaml:"iban" doc:"IBAN with right check digits; blanks are ignored. Accounts in several currencies may share one. Either this or number."`
	Number       string        `yaml:"number" doc:"Masked number, for a card or a loan. Either this or iban."`
	Currency     string        `yaml:"currency" need:"true" doc:"ISO 4217 code."`
	Balance      Amount        `yaml:"balance" need:"true" doc:"Booked balance at the end of balance_on; money owed is negative."`
	BalanceOn    Day           `yaml:"balance_on" doc:"Day of that balance; rows booked later move it. Give a plain date if the bank is started on several days and its balances must go on. Default: the origin."`
	CreditLimit  Amount        `yaml:"credit_limit" doc:"Limit of a credit card."`
	SettledOn    string        `yaml:"settled_on" doc:"Ref of the CHECKINGS account that pays what is owed once a month: a card with deferred debit. Only for CREDIT_CARD."`
	SettledDay   int           `yaml:"settled_day" min:"1" max:"31" doc:"Day of the month of that, or the last one of a shorter month. Default: 31."`
	Feed         Feed          `yaml:"feed" doc:"How the rows of this account are told, where that is not as the bank's feed says."`
	Transactions []Transaction `yaml:"transactions" max:"20000" doc:"Rows written out one by one."`
	Recurring    []Rule        `yaml:"recurring" max:"500" doc:"Rules that give one row on each of their days."`
}

// Owners gives the logins of all whose account it is, the first owner first.
func (a Account) Owners() []string { return append([]string{a.Owner}, a.CoOwners...) }

// Status says whether the bank has booked a row, or what else became of it.
type Status string

// The states of a row at the bank.
const (
	Pending   Status = "PENDING"
	Booked    Status = "BOOKED"
	Expired   Status = "EXPIRED"
	Rejected  Status = "REJECTED"
	Cancelled Status = "CANCELLED"
	Refunded  Status = "REFUNDED"
)

// Details is what a row says beside its date, amount and state.
type Details struct {
	Label        string `yaml:"label" need:"true" doc:"The bank's text. {day} {month} {year} become the transaction date's."`
	Kind         string `yaml:"kind" enum:"card|direct_debit|transfer|atm|fee|interest|cheque|loan_payment|card_settlement|other" doc:"What kind of movement it is. Default: other."`
	Counterparty string `yaml:"counterparty" doc:"Name of the other side."`
	MCC          string `yaml:"mcc" doc:"Merchant category code, 4 digits in quotes."`
}

// Transaction is a row written out.
type Transaction struct {
	ID              string `yaml:"id" doc:"The bank's id of the row. Default: made from account, date and position."`
	Date            Day    `yaml:"date" need:"true" doc:"Booking date, as 2026-03-14 or today-3. Before that day the row is PENDING."`
	ValueDate       Day    `yaml:"value_date" doc:"Value date. Default: the booking date."`
	TransactionDate Day    `yaml:"transaction_date" doc:"Day on which it was done and from which the bank shows it. Default: the booking date."`
	Amount          Amount `yaml:"amount" need:"true" doc:"Exact amount; a debit is negative."`
	Arrives         Day    `yaml:"arrives" doc:"Day from which the bank knows and shows it, where that is later than its dates say."`
	Status          Status `yaml:"status" enum:"PENDING|BOOKED" doc:"PENDING: never booked, has no booking date. Default: BOOKED."`
	Details         `yaml:",inline"`
}

// Rule gives one row on each of its days. Exactly one of Monthly, Weekly and EveryDays is set.
type Rule struct {
	ID          string  `yaml:"id" need:"true" doc:"Name of the rule, unique in the account; the bank's ids of its rows are made from it."`
	Monthly     int     `yaml:"monthly" min:"1" max:"31" doc:"On that day of each month, or on the last one of a shorter month."`
	Weekly      Weekday `yaml:"weekly" doc:"On that day of each week, such as friday."`
	EveryDays   int     `yaml:"every_days" min:"1" max:"366" doc:"Every so many days, counted from 2000-01-01, so that a moving since does not shift them."`
	Offset      int     `yaml:"offset" min:"0" max:"365" doc:"Days by which every_days is shifted."`
	Since       Day     `yaml:"since" need:"true" doc:"First day."`
	Until       Day     `yaml:"until" doc:"Last day. Default: no end."`
	Amount      Range   `yaml:"amount" need:"true" doc:"Exact amount, or a range such as -80.00..-20.00 from which the seed draws; a debit is negative."`
	PendingDays int     `yaml:"pending_days" min:"0" max:"30" doc:"A row stays PENDING for so many days after its day, then it is BOOKED on that later day. Default: 0."`
	Details     `yaml:",inline"`
}
