package widget

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"unicode"
	"unicode/utf8"

	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
)

// Order is what a client wants of a visit.
type Order struct {
	// RedirectURL and CancelURL are registered, word for word, or empty.
	RedirectURL string
	CancelURL   string
	// Mode is how it is shown, ParentOrigin which page is around.
	Mode         Mode
	ParentOrigin string
	// State is the client's own word, given back with the result.
	State string
	// ProviderID spares the user the choice.
	ProviderID string
	// ConnectionID is one that there is, at the bank ProviderID; empty to make one.
	ConnectionID ident.Connection
	// Countries restrict the banks that are offered.
	Countries []string
	Accounts  AccountTypes
	// Channels restrict how the bank is reached.
	Channels []bank.ChannelType
	// Captive visits wait for the data.
	Captive  bool
	AutoSync bool
	// SelectAccounts has the user choose the accounts that are kept.
	SelectAccounts bool
	// Locale is a language, or empty for the browser's.
	Locale string
	// Theme is the name of a registered look, or empty for the usual one.
	Theme string
	// TermsHeader and TermsBody stand in the place of our own words.
	TermsHeader string
	TermsBody   string
}

// AccountTypes are those that the client needs.
type AccountTypes string

// Account types by what they are for.
const (
	PaymentAccounts AccountTypes = "PAYMENT"
	OtherAccounts   AccountTypes = "OTHER"
	AllAccounts     AccountTypes = "ALL"
)

// Wanted are the types that are meant. PSD2 opens payment accounts.
func (a AccountTypes) Wanted() []bank.AccountType {
	switch a {
	case PaymentAccounts:
		return []bank.AccountType{bank.Checkings, bank.CreditCard}
	case OtherAccounts:
		return []bank.AccountType{bank.Savings, bank.Loan}
	}
	return bank.AccountTypes()
}

// Locales are the languages that the pages speak.
func Locales() []string { return []string{"en", "fr"} }

// ErrOrder says that an order is unusable.
var ErrOrder = fault.New(fault.Invalid, "invalid_widget_session", "The widget session is not acceptable.")

// Longest texts, in characters.
const (
	longestState  = 500
	longestHeader = 200
	longestTerms  = 20000
	mostCountries = 50
)

// For is the order of a client that registered this, or an error that names all
// that is wrong.
func (o Order) For(registered Registered) (Order, error) {
	o = o.placed(registered)
	return o, o.check(registered)
}

func (o Order) check(registered Registered) error {
	var wrong []fault.Detail
	refuse := func(bad bool, where, why string) {
		if bad {
			wrong = append(wrong, fault.At("body."+where, why))
		}
	}
	refuse(o.RedirectURL != "" && !slices.Contains(registered.Addresses, o.RedirectURL), "redirect_url", "is not registered for this client")
	refuse(o.CancelURL != "" && !slices.Contains(registered.Addresses, o.CancelURL), "cancel_url", "is not registered for this client")
	refuse(!slices.Contains(Modes(), o.Mode), "mode", "is not page, popup or iframe")
	refuse(o.misplaced(registered) != "", "parent_origin", o.misplaced(registered))
	refuse(!clean(o.State, longestState), "state", fmt.Sprintf("has at most %d printable characters", longestState))
	refuse(len(o.Countries) > mostCountries, "countries", fmt.Sprintf("names at most %d", mostCountries))
	for i, country := range o.Countries {
		refuse(!isCountry(country), fmt.Sprintf("countries[%d]", i), "is no country code such as FR")
	}
	refuse(!slices.Contains([]AccountTypes{PaymentAccounts, OtherAccounts, AllAccounts}, o.Accounts), "expected_account_types", "is not PAYMENT, OTHER or ALL")
	for i, channel := range o.Channels {
		refuse(channel != bank.Redirect && channel != bank.Embedded, fmt.Sprintf("channels[%d]", i), "is not REDIRECT or EMBEDDED")
	}
	refuse(o.Locale != "" && !slices.Contains(Locales(), o.Locale), "locale", "is no language of the widget")
	refuse(o.Theme != "" && registered.Theme == nil, "theme", "is not registered for this client")
	refuse(!clean(o.TermsHeader, longestHeader), "terms_header", fmt.Sprintf("has at most %d printable characters", longestHeader))
	refuse(!text(o.TermsBody, longestTerms), "terms_body", fmt.Sprintf("has at most %d characters of text", longestTerms))
	refuse(o.TermsHeader != "" && o.TermsBody == "", "terms_body", "is needed with terms_header")
	if len(wrong) > 0 {
		return ErrOrder.With(wrong...)
	}
	return nil
}

// OwnTerms is the version of our own words.
const OwnTerms = "widget-1"

// TermsVersion names the words that the user sees: words of the client's are
// told apart by what they say.
func (o Order) TermsVersion() string {
	if o.TermsBody == "" {
		return OwnTerms
	}
	sum := sha256.Sum256([]byte(o.TermsHeader + "\x00" + o.TermsBody))
	return "client-" + hex.EncodeToString(sum[:8])
}

func isCountry(code string) bool {
	return len(code) == 2 && code[0] >= 'A' && code[0] <= 'Z' && code[1] >= 'A' && code[1] <= 'Z'
}

func clean(s string, most int) bool {
	return utf8.ValidString(s) && utf8.RuneCountInString(s) <= most && !slices.ContainsFunc([]rune(s), func(r rune) bool { return !unicode.IsPrint(r) })
}

// text is clean that may have lines.
func text(s string, most int) bool {
	return utf8.ValidString(s) && utf8.RuneCountInString(s) <= most &&
		!slices.ContainsFunc([]rune(s), func(r rune) bool { return r != '\n' && r != '\r' && r != '\t' && !unicode.IsPrint(r) })
}
