package openbanking

import "github.com/tributary-dev/tributary/plugins/psd2/catalogue"

// The deviations that a catalogue entry may name. What merely leaves something out or writes it in another form is
// understood from every bank and has no name: the words of the other version, an empty answer where there is nothing,
// refusals without a body, numbers for amounts, a sign beside the indicator, schemes without their prefix,
// links to the next page that begin with null where their host should be (HSBC).
const (
	consentExpires      = "consent-expires"
	datesWithoutZone    = "dates-without-zone"
	halfYearQueries     = "half-year-queries"
	ignoreMutableIDs    = "ignore-mutable-ids"
	ignoreIDs           = "ignore-transaction-ids"
	nextIsSelf          = "next-is-self"
	nextLosesAccount    = "next-loses-account"
	olderSignatures     = "older-signatures"
	owedIsPositive      = "owed-is-positive"
	pendingDateIsLatest = "pending-date-is-latest"
	refreshMayBeSpent   = "refresh-may-be-spent"
)

// Quirks says what each of them is, and where it was seen.
func Quirks() catalogue.Quirks { return quirks }

// Outlives reports whether a bank's consents have no end of their own.
func Outlives(bank catalogue.Bank) bool { return !bank.Has(consentExpires) }

var quirks = catalogue.Quirks{
	consentExpires:      "A consent has to end: ExpirationDateTime is asked for, after consent.days. Seen: Santander UK, which refuses more than 90 days and consents without end.",
	datesWithoutZone:    "fromBookingDateTime and toBookingDateTime are refused with a Z. Seen: TSB.",
	halfYearQueries:     "Not more than six months can be asked for at once: it is asked in parts. Seen: HSBC.",
	ignoreMutableIDs:    "The ids of rows that are Mutable become others with the booking: they are left out. Seen: Nationwide.",
	ignoreIDs:           "The ids of transactions say nothing, because they are used again. Seen: The Co-operative Bank.",
	nextIsSelf:          "The last page names itself as the next one. Seen: Barclays.",
	nextLosesAccount:    "The link to the next page has lost the account, or is of its balances: only its query counts. Seen: Barclays.",
	olderSignatures:     "Answers are signed RS256; PS256, to which such banks change without a word, is taken as well. Seen: Santander UK.",
	owedIsPositive:      "Balances of cards are Credit where money is owed.",
	pendingDateIsLatest: "The booking date of a pending row is the latest possible one, in the future: it is left out. Seen: Nationwide.",
	refreshMayBeSpent:   "A token server that answers 5xx has spent the refresh token all the same: it is asked once more, so that the user hears of it today. Seen: Santander UK, HSBC.",
}
