package life

import "time"

// IDs is how a bank numbers rows.
type IDs string

// The ways of field note 1.
const (
	// Kept ids are what one hopes for: a movement has one, for ever.
	Kept IDs = "kept"
	// Changed ids are others once a row is booked.
	Changed IDs = "changed when booked"
	// Late ids come with the booking; pending rows have none.
	Late IDs = "none while pending"
	// OfConsent are issued anew when the user signs in again.
	OfConsent IDs = "of the consent"
	// OfSession are others in each session.
	OfSession IDs = "of the session"
	// Positional ids count the rows of an answer, the newest first.
	Positional IDs = "positional"
	// Daily ids count the rows of a day: one inserted shifts those after it.
	Daily IDs = "positional within a day"
	// Blank, Spaces and Constant ids are none.
	Blank    IDs = "blank"
	Spaces   IDs = "spaces"
	Constant IDs = "constant"
	// Reused ids go to the next new row when a pending one vanishes.
	Reused IDs = "reused"
)

// Regimes lists them.
func Regimes() []IDs {
	return []IDs{Kept, Changed, Late, OfConsent, OfSession, Positional, Daily, Blank, Spaces, Constant, Reused}
}

// Habits are what a bank does the same way every day.
type Habits struct {
	IDs IDs
	// Accounts says whether ids of accounts are stable, of the consent or of the session.
	Accounts IDs
	// Listed says that an id of a consent is the account's place in a list.
	Listed bool
	// Unsure says that nobody promises that accounts keep their ids, though they do.
	Unsure bool
	Zone   *time.Location
	// Located says that the catalogue knows the zone; else days are taken for those of UTC.
	Located bool
	// IBANOnly says that an account with an IBAN is told without its number.
	IBANOnly bool
	// History is how many days back the bank tells.
	History int
	// Order is that of rows: newest, oldest or mixed.
	Order string
	// Balances are those the bank tells: booked, expected or both.
	Balances string
	// Forgets says that a booked row has lost the day of the purchase.
	Forgets bool
	// Swaps says that booking and value date stand in each other's place.
	Swaps bool
	// PendingAlways says that pending rows are told whatever the window.
	PendingAlways bool
	// Shouts says that booking turns labels into capitals, with other spacing.
	Shouts bool
	// Evidence says that the plugin keeps the bank's own record of a row.
	Evidence bool
	// Ahead says that an answer claims to cover all days asked for, also those to come.
	Ahead bool
	// Bare says that amounts are told without trailing zeroes on some days.
	Bare bool
}

var zones = []*time.Location{
	time.UTC, time.FixedZone("CET", 3600), time.FixedZone("CEST", 7200), time.FixedZone("EST", -5*3600),
	time.FixedZone("PST", -8*3600), time.FixedZone("NZDT", 13*3600),
}

func newHabits(d draw) Habits {
	h := Habits{
		IDs: pick(d, Regimes()...), Accounts: pick(d, Kept, Kept, OfConsent, OfConsent, OfConsent, OfSession),
		Zone: pick(d, zones...), History: pick(d, 60, 90, 90, 400), Order: pick(d, "newest", "oldest", "mixed"),
		Balances: pick(d, "booked", "booked", "expected", "both"), Forgets: d.chance(300), Swaps: d.chance(100),
		PendingAlways: d.chance(600), Shouts: d.chance(300), Evidence: d.chance(400), Ahead: d.chance(500), Bare: d.chance(200),
	}
	h.IBANOnly = d.chance(500)
	if h.Accounts == OfSession { // every session reads all there is
		h.History = min(h.History, 60)
	}
	return h
}

// Keeps reports whether a bank gives a movement the same id, and one of its own,
// in two stages told under the same consent or under two.
func (i IDs) Keeps(before, now Status, sameConsent bool) bool {
	switch i {
	case Kept, Reused:
		return true
	case OfConsent:
		return sameConsent
	case Changed:
		return (before == Pending) == (now == Pending)
	case Late:
		return before != Pending && now != Pending
	}
	return false
}

// distinct reports whether no two rows of an answer have one id.
func (i IDs) distinct() bool {
	return i == Kept || i == Changed || i == OfConsent || i == OfSession || i == Reused
}
