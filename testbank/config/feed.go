package config

// Feed is how the bank tells the rows of an account: what stands on it stays the same. Zero keys of an account's feed
// are the bank's.
type Feed struct {
	IDs         IDs        `yaml:"ids" enum:"stable|session|positional|reissued|reused|blank|per_account|constant" doc:"What the ids of rows are worth. stable: one id for ever; session: others in each log-in; positional: numbered from the newest row of a day, so that a new one shifts them; reissued: others after each new authentication or consent, and each reissue of the timeline; reused: the same ones again every week; blank: none; per_account: 1, 2, 3 in every account; constant: the same for all. Default: stable."`
	PendingIDs  PendingIDs `yaml:"pending_ids" enum:"same|blank|other" doc:"The id of a row while it is PENDING: the same as later, none, or another one. Default: same."`
	Order       Order      `yaml:"order" enum:"newest|oldest|shuffled" doc:"Order of rows: pending ones and then the newest first, the oldest first, or another order each day. Default: newest."`
	Dates       Dates      `yaml:"dates" enum:"plain|swapped|no_booking_date|no_transaction_date" doc:"plain; swapped: booking and value date stand in each other's place; no_booking_date: booked rows have none; no_transaction_date: it is only in the label. Default: plain."`
	Signs       Signs      `yaml:"signs" enum:"signed|indicator" doc:"signed: a debit is negative; indicator: amounts and balances without sign, with credit_debit DBIT or CRDT beside them. Default: signed."`
	Text        Text       `yaml:"text" enum:"label|lines|doubled" doc:"label: one text; lines: a list remittance of lines of at most 35 characters in its place; doubled: such a list, in which each line stands twice. Default: label."`
	Balances    Balances   `yaml:"balances" enum:"plain|berlin|booked|expected|none" doc:"Which balances are told, and how they are called. plain: BOOKED and EXPECTED; berlin: closingBooked, expected and interimAvailable; booked or expected: only that one; none. Default: plain."`
	Links       Links      `yaml:"links" enum:"number|relative|absolute" doc:"How an answer names its next page: next_page with its number, or next with a relative or absolute address. Over the PSD2 interface it is an address always. Default: number."`
	RepeatLast  bool       `yaml:"repeat_last_row" doc:"Each page but the first begins with the last row of the page before."`
	AccountIDs  AccountIDs `yaml:"account_ids" enum:"permanent|provisional|session" doc:"What the id of the account is worth. permanent: it never changes, and the bank says so; provisional: the bank makes no promise, and the timeline may change it; session: another one in each log-in or consent. Default: permanent."`
	FullHistory Duration   `yaml:"full_history_for" doc:"How long after an authentication, by the bank's clock, all of the history is shown; later only recent_days. Needs recent_days."`
	RecentDays  int        `yaml:"recent_days" min:"1" max:"3660" doc:"How many days of rows are shown later than that. Needs full_history_for."`
}

// The words of a feed.
type (
	// IDs says what the ids of rows are worth.
	IDs string
	// PendingIDs says what the ids of pending rows have to do with later ones.
	PendingIDs string
	// Order is the order of rows in an answer.
	Order string
	// Dates says which dates a row carries, and where.
	Dates string
	// Signs says how a debit is told from a credit.
	Signs string
	// Text says how the text of a row is written.
	Text string
	// Balances says which balances are told.
	Balances string
	// Links says how a next page is named.
	Links string
	// AccountIDs says what the id of an account is worth.
	AccountIDs string
)

// All words of a feed, the first of each kind being the default.
const (
	IDsStable     IDs = "stable"
	IDsSession    IDs = "session"
	IDsPositional IDs = "positional"
	IDsReissued   IDs = "reissued"
	IDsReused     IDs = "reused"
	IDsBlank      IDs = "blank"
	IDsPerAccount IDs = "per_account"
	IDsConstant   IDs = "constant"

	PendingSame  PendingIDs = "same"
	PendingBlank PendingIDs = "blank"
	PendingOther PendingIDs = "other"

	OrderNewest   Order = "newest"
	OrderOldest   Order = "oldest"
	OrderShuffled Order = "shuffled"

	DatesPlain         Dates = "plain"
	DatesSwapped       Dates = "swapped"
	DatesNoBooking     Dates = "no_booking_date"
	DatesNoTransaction Dates = "no_transaction_date"

	SignsSigned    Signs = "signed"
	SignsIndicator Signs = "indicator"

	TextLabel   Text = "label"
	TextLines   Text = "lines"
	TextDoubled Text = "doubled"

	BalancesPlain    Balances = "plain"
	BalancesBerlin   Balances = "berlin"
	BalancesBooked   Balances = "booked"
	BalancesExpected Balances = "expected"
	BalancesNone     Balances = "none"

	LinksNumber   Links = "number"
	LinksRelative Links = "relative"
	LinksAbsolute Links = "absolute"

	AccountIDsPermanent   AccountIDs = "permanent"
	AccountIDsProvisional AccountIDs = "provisional"
	AccountIDsSession     AccountIDs = "session"
)

// Tell says whether two rows of an account that have different ids can be told apart by them for good.
func (i IDs) Tell() bool { return i == IDsStable || i == IDsPerAccount }

// over fills what an account's feed leaves out with the bank's, and that with the defaults.
func (f Feed) over(bank Feed) Feed {
	for _, other := range []Feed{bank, {
		IDs: IDsStable, PendingIDs: PendingSame, Order: OrderNewest, Dates: DatesPlain, Signs: SignsSigned, Text: TextLabel,
		Balances: BalancesPlain, Links: LinksNumber, AccountIDs: AccountIDsPermanent,
	}} {
		orText(&f.IDs, other.IDs)
		orText(&f.PendingIDs, other.PendingIDs)
		orText(&f.Order, other.Order)
		orText(&f.Dates, other.Dates)
		orText(&f.Signs, other.Signs)
		orText(&f.Text, other.Text)
		orText(&f.Balances, other.Balances)
		orText(&f.Links, other.Links)
		orText(&f.AccountIDs, other.AccountIDs)
		f.RepeatLast = f.RepeatLast || other.RepeatLast
		if f.RecentDays == 0 {
			f.RecentDays, f.FullHistory = other.RecentDays, other.FullHistory
		}
	}
	return f
}
