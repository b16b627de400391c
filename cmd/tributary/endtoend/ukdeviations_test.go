package endtoend

import "testing"

// TestOpenBanking_of_banks_that_deviate is the same of banks of the United Kingdom.
func TestOpenBanking_of_banks_that_deviate(t *testing.T) {
	t.Parallel()
	const doubtless = "the ledger sees itself that an id is of several rows, or of none of its own"
	all := []deviation{
		{name: "expiry", bank: "open_banking: {expiry: demanded}", entry: "consent: {model: permissions, days: 88}\nquirks: [consent-expires]\n", without: "TECHNICAL_ERROR"},
		{name: "zones", bank: "open_banking: {zones: refused}", entry: "quirks: [dates-without-zone]\n", without: "TECHNICAL_ERROR"},
		{name: "half-year", bank: "open_banking: {span: half_year}", entry: "quirks: [half-year-queries]\n", without: "TECHNICAL_ERROR"},
		{name: "mutable-ids", feed: "pending_ids: other", entry: "quirks: [ignore-mutable-ids]\n", why: doubtless},
		{name: "reused-ids", feed: "ids: reused", entry: "quirks: [ignore-transaction-ids]\n", why: doubtless},
		{name: "constant-ids", feed: "ids: constant", entry: "quirks: [ignore-transaction-ids]\n", why: doubtless},
		{name: "round", bank: "open_banking: {links: round}", entry: "quirks: [next-is-self]\n", without: "TECHNICAL_ERROR"},
		{name: "lost-account", bank: "open_banking: {links: lost}", entry: "quirks: [next-loses-account]\n", without: "TECHNICAL_ERROR"},
		{name: "older-signatures", bank: "open_banking: {id_tokens: RS256}", entry: "quirks: [older-signatures]\n", without: "TECHNICAL_ERROR"},
		{name: "owed-is-positive", bank: "open_banking: {owed: positive}", entry: "quirks: [owed-is-positive]\n", seen: otherBalance},
		{name: "latest", bank: "open_banking: {pending_dates: latest}", entry: "quirks: [pending-date-is-latest]\n", seen: otherRows, dayless: true},
		{name: "lost-refresh", bank: "open_banking: {refresh: lost}", entry: "quirks: [refresh-may-be-spent]\n", third: [2]string{"TOKEN_EXPIRED", "PROVIDER_UNAVAILABLE"}},
		{name: "null-links", bank: `open_banking: {links: "null"}`},
		{name: "bare", bank: "open_banking: {errors: bare}"},
		{name: "interactions", bank: "open_banking: {interactions: any}"},
		{name: "not-before", bank: "open_banking: {not_before: demanded}"},
		{name: "nothing", bank: "open_banking: {nothing: empty}"},
		{name: "closes", bank: "open_banking: {closes_after: 5m}"},
		{name: "agree-again", bank: "open_banking: {agree_again: 1}", later: "TOKEN_EXPIRED"},
		{name: "session-ids", feed: "account_ids: session, ids: session, repeat_last_row: true"},
		{name: "version-4", entry: "version: \"4.0\"\noauth: response: code\n", why: "both versions are of one bank, which answers to either"},
	}
	quirksAre(t, "Of banks of the United Kingdom:", all)
	deviates(t, british, all)
}
