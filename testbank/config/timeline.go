package config

// Happening names what happens on a day.
type Happening string

// What can happen.
const (
	DoOpen        Happening = "open"
	DoClose       Happening = "close"
	DoChange      Happening = "change"
	DoVanish      Happening = "vanish"
	DoReturn      Happening = "return"
	DoDouble      Happening = "double"
	DoFail        Happening = "fail"
	DoReissue     Happening = "reissue"
	DoPassword    Happening = "password"
	DoEndConsents Happening = "end_consents"
	DoDistrust    Happening = "distrust"
	DoLock        Happening = "lock"
	DoTerms       Happening = "terms"
	DoDown        Happening = "down"
)

// Event is one thing that happens on a day, from its midnight on. With a row it happens to that row, with an account
// alone to the account, with a login to the customer.
type Event struct {
	On      Day       `yaml:"on" need:"true" doc:"The day."`
	Do      Happening `yaml:"do" need:"true" enum:"open|close|change|vanish|return|double|fail|reissue|password|end_consents|distrust|lock|terms|down" doc:"open: the account is there from now on; close: it is told as closed and cannot be read; change: the row, or without one the account, is told with what is given here; vanish: the row or account is not told any more (a PENDING row has lapsed then, a BOOKED one stays real); return: it is told again; double: each answer holds the row twice; fail: data of the account cannot be read; reissue: rows get other ids where the feed says reissued; password: the customer has another one; end_consents: the customer's consents end; distrust: no device is trusted any more; lock: the log-in is locked; terms: new terms have to be accepted; down: the bank answers 503."`
	Account string    `yaml:"account" doc:"Ref of the account. All of open, close, change, vanish, return, double, fail and reissue need it."`
	Row     string    `yaml:"row" doc:"Id of one of the account's transactions, as it stands there. Only for change, vanish, return and double."`
	Login   string    `yaml:"login" doc:"Login of the customer. password, end_consents, distrust, lock and terms need it; down may have it, and without it the bank is down for all."`

	Status          Status  `yaml:"status" enum:"PENDING|BOOKED|EXPIRED|REJECTED|CANCELLED|REFUNDED" doc:"What the row becomes. BOOKED without a date is booked on this day. Only for the change of a row."`
	Date            Day     `yaml:"date" doc:"The row's other booking date. Only for the change of a row."`
	ValueDate       Day     `yaml:"value_date" doc:"The row's other value date. Only for the change of a row."`
	TransactionDate Day     `yaml:"transaction_date" doc:"The row's other transaction date. Only for the change of a row."`
	Amount          Amount  `yaml:"amount" doc:"The row's other amount. Only for the change of a row."`
	Label           string  `yaml:"label" doc:"The row's other text. Only for the change of a row."`
	ID              string  `yaml:"id" doc:"The other id of the row, or of the account. Only for change."`
	Name            string  `yaml:"name" doc:"The account's other name. Only for the change of an account."`
	IBAN            string  `yaml:"iban" doc:"The account's other IBAN, or the same one written in another way: it is told as it stands here. Only for the change of an account."`
	Number          string  `yaml:"number" doc:"The account's other number. Only for the change of an account."`
	Scope           Failing `yaml:"scope" enum:"all|balances|transactions" doc:"Which data cannot be read. Only for fail. Default: all."`
	LastDay         Day     `yaml:"last_day" doc:"The last day of it. Only for double, fail and down. Default: no end, for down the day itself."`
	From            Minute  `yaml:"from" doc:"When the bank goes down on these days, such as 08:00, in its time zone. Only for down, together with until."`
	Until           Minute  `yaml:"until" doc:"When it is back. Only for down, together with from."`
	Password        string  `yaml:"password" doc:"What the customer types from now on. Only for password, which needs it."`
}

// Failing says which data cannot be read.
type Failing string

// What can fail.
const (
	ScopeAll          Failing = "all"
	ScopeBalances     Failing = "balances"
	ScopeTransactions Failing = "transactions"
)

// OfRow reports whether it happens to a row.
func (e Event) OfRow() bool { return e.Row != "" }
