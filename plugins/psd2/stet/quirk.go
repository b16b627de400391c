package stet

import "github.com/tributary-dev/tributary/plugins/psd2/catalogue"

// The deviations that a catalogue entry may name. What merely leaves something out or writes it in another form is
// understood from every bank and has no name: amounts with a sign beside the indicator, numbers for amounts, balances in the
// list of accounts, remittance as a list, an object or a text, links from any root.
const (
	datesAreDays       = "dates-are-days"
	instantIsAvailable = "instant-is-available"
	linesInAnyOrder    = "lines-in-any-order"
	owedIsPositive     = "owed-is-positive"
)

// Quirks says what each of them is, and where it was seen.
func Quirks() catalogue.Quirks { return quirks }

var quirks = catalogue.Quirks{
	datesAreDays:       "dateFrom and dateTo are taken as plain days only, not as instants.",
	instantIsAvailable: "XPCD is what can be spent, and not what is expected. Seen: BNP Paribas Connexis.",
	linesInAnyOrder:    "The lines of the remittance change their order between two readings: they are put in order. Seen: Boursorama.",
	owedIsPositive:     "Balances of cards are positive where money is owed.",
}
