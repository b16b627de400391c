package sdk

import "time"

// Text is a sentence or label by language: BCP 47 primary tags such as "en"
// and "fr". English should always be there; it is what others fall back to.
type Text map[string]string

// Description is what a plugin serves.
type Description struct {
	// Plugin is the plugin's name: lower-case letters, digits and dashes.
	Plugin string
	// Version is the plugin's own version (semantic versioning).
	Version string
	// Providers may be empty: a plugin that reads its banks from a catalogue may have been told of none yet.
	Providers []ProviderInfo
}

// ProviderInfo is one bank or institution of the catalogue. Where the operator lets
// several plugins serve it together, each describes its own channels, and what else
// is said of the bank is the first one's word.
type ProviderInfo struct {
	// ID is stable for ever: connections refer to it.
	ID   string
	Name string
	// Country is ISO 3166-1 alpha-2.
	Country string
	// LogoURL is the bank's picture itself: [Image.URL] of a PNG or JPEG of at most
	// 16 KiB and 256 pixels a side, to be seen on white. The server draws it anew and
	// shows it to users, with letters in its place where it cannot. An http or https
	// address is passed on to clients alone: the server fetches nothing, and users see
	// the letters.
	LogoURL  string
	Channels []ChannelDefinition
	// Maintenance is when the bank is not there.
	Maintenance []Maintenance
	// Zone is the time zone in which the bank dates what it tells, by its IANA name.
	// Empty means the one zone of its country; name it where the country has several.
	Zone string
}

// ChannelType says how a provider is reached.
type ChannelType string

// The two channels.
const (
	// Redirect is the bank's PSD2 interface; the user authenticates at the bank.
	Redirect ChannelType = "REDIRECT"
	// Embedded collects credentials in a form and reads the bank's web site.
	Embedded ChannelType = "EMBEDDED"
)

// AccountType is the kind of an account.
type AccountType string

// The account types the product knows.
const (
	Checkings  AccountType = "CHECKINGS"
	Savings    AccountType = "SAVINGS"
	Loan       AccountType = "LOAN"
	CreditCard AccountType = "CREDIT_CARD"
)

// ChannelDefinition is one way to reach a provider.
type ChannelDefinition struct {
	// ID is stable for ever and unique among all channel definitions.
	ID               string
	Type             ChannelType
	AccountTypes     []AccountType
	CredentialFields []Field
	Limits           Limits
}

// FieldType says how a field is asked for.
type FieldType string

// Field types.
const (
	FieldText     FieldType = "TEXT"
	FieldPassword FieldType = "PASSWORD"
	FieldNumber   FieldType = "NUMBER"
	FieldDate     FieldType = "DATE"
	FieldList     FieldType = "LIST"
	FieldHidden   FieldType = "HIDDEN"
	// FieldKeypad is a secret of digits, which the user types on keys that are on the
	// screen.
	FieldKeypad FieldType = "KEYPAD"
)

// Field is one thing the user is asked for: a credential or an answer.
type Field struct {
	Name     string
	Type     FieldType
	Label    Text
	Required bool
	// Regex must match the whole value (RE2 syntax); empty means anything.
	Regex  string
	Values []Choice
}

// Choice is one value of a list, or one option of a challenge.
type Choice struct {
	Value string
	Label Text
}

// Limits are what the bank allows.
type Limits struct {
	// UnattendedPerDay is how many accesses without the user a rolling 24 hours
	// allow, per account and scope; 0 means no limit is known.
	// Source: RTS (EU) 2018/389 Art. 36(5)(b) allows four.
	UnattendedPerDay int
	// HistoryDays is how far back transactions reach; 0 means unknown.
	HistoryDays int
	// ConsentDays is the longest life of a consent; 0 means none ends.
	ConsentDays int
	// ConsentOutlives says that the consent at the bank lives on after ConsentDays,
	// which are between the user and us: a user who renews it says so to us, and
	// goes to the bank only where its own is over. Such a renewal begins with the
	// secrets that are kept.
	ConsentOutlives bool
	// Concurrency is how many sessions of all connections the bank bears at once;
	// 0 means the server's default. The server keeps to it when it plans runs.
	Concurrency int
	// MinInterval is the least time between two sessions of a connection.
	MinInterval time.Duration
}
