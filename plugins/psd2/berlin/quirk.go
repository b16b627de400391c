package berlin

import "github.com/tributary-dev/tributary/plugins/psd2/catalogue"

// The deviations that a catalogue entry may name. What merely adds to the standard, leaves something out or writes it in
// another form is understood from every bank and has no name: numbers for amounts, nulls, unknown types of balances,
// missing ids, dates and links, links that are relative or plain texts, remittance in lists, other capital letters in
// codes. A name is for what would otherwise be read as something else.
const (
	firstCallRegisters   = "first-call-registers"
	ignorePending        = "ignore-pending"
	ignoreTransactionIDs = "ignore-transaction-ids"
	invertedSign         = "inverted-sign"
	owedIsPositive       = "owed-is-positive"
	pendingAreDebits     = "pending-are-debits"
	pendingDateIsLatest  = "pending-date-is-latest"
	availableIsCredit    = "available-is-credit"
	nameAtLoginOnly      = "name-at-login-only"
	swappedDates         = "swapped-dates"
	valueDateIsPurchase  = "value-date-is-purchase"
	uppercaseStatus      = "uppercase-booking-status"
	uppercaseCode        = "uppercase-response-type"
	untilLatest          = "until-latest"
)

// Quirks says what each of them is, and where it was seen.
func Quirks() catalogue.Quirks { return quirks }

var quirks = catalogue.Quirks{
	firstCallRegisters:   "The first call with a new certificate registers it and is answered 401: it is sent once more. Seen: Crealogix banks (DKB).",
	ignorePending:        "Pending rows hold placeholders and are left out. Seen: Stadtsparkasse Düsseldorf.",
	ignoreTransactionIDs: "The ids of transactions say nothing: doubled, reused, or one for all. Seen: ING Romania (NOTPROVIDED), Belfius, The Co-operative Bank.",
	invertedSign:         "Amounts of transactions have the opposite sign. Seen: SEB Kort and its card brands.",
	owedIsPositive:       "Balances of card accounts are positive where money is owed.",
	pendingAreDebits:     "Pending card payments lack their minus sign. Seen: National Bank of Greece.",
	pendingDateIsLatest:  "The booking date of a pending row is the latest possible one, in the future: it is left out. Seen: Nationwide.",
	availableIsCredit:    "interimAvailable is what is left of a credit line. Seen: Norwegian, SEB Kort.",
	nameAtLoginOnly:      "The user's name must not be sent with the consent, only with the authorisation. Seen: Consorsbank.",
	swappedDates:         "Booking and value date stand in each other's place. Seen: mBank.",
	valueDateIsPurchase:  "The value date is the day of the purchase. Seen: ING Poland, isybank, Hype.",
	uppercaseStatus:      "bookingStatus is taken in capital letters only. Seen: N26.",
	uppercaseCode:        "response_type is taken in capital letters only. Seen: N26.",
	untilLatest:          "validUntil is asked for as 9999-12-31: the bank shortens it to what it allows.",
}
