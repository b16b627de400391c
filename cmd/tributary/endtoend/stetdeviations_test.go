package endtoend

import "testing"

// TestSTET_of_banks_that_deviate connects banks each of which deviates from the
// standard in a way that banks do, and compares all with what they hold to be true, on
// two days. Where the catalogue has a word for it, it is missed where it is not said.
func TestSTET_of_banks_that_deviate(t *testing.T) {
	t.Parallel()
	all := []deviation{
		{name: "days", bank: "stet: {filters: days}", entry: "quirks: [dates-are-days]\n", without: "TECHNICAL_ERROR"},
		{name: "four-balances", bank: "stet: {balances: four}", entry: "quirks: [instant-is-available]\n", seen: otherWords},
		{name: "moving-lines", bank: "stet: {lines: moving}", feed: "text: lines, ids: blank", entry: "quirks: [lines-in-any-order]\n", seen: otherRows},
		{name: "owed-is-positive", bank: "stet: {owed: positive}", entry: "quirks: [owed-is-positive]\n", seen: otherBalance},
		{name: "full", bank: "stet: {consents: full}", entry: "consent: {model: full}\n", why: "it has no such call, and shows its accounts all the same"},
		{name: "path", bank: "stet: {path: v1.4}", entry: "version_path: v1.4\n", without: "TECHNICAL_ERROR"},
		{name: "least", bank: "stet: {covered: least}", entry: "signature: {headers: [(request-target), x-request-id, digest]}\n", why: "a bank that wants less signed takes more"},
		{name: "batch", bank: "stet: {batch: 1}", entry: "quota: {per_day: 1}\n", why: "with the user there nothing is counted; TestQuota has who is not there"},
		{name: "object", bank: "stet: {remittance: object}"},
		{name: "text", bank: "stet: {remittance: text}"},
		{name: "signed", bank: "stet: {amounts: signed}"},
		{name: "numbers", bank: "stet: {amounts: numbers}"},
		{name: "inline", bank: "stet: {balances: inline}"},
		{name: "nothing", bank: "stet: {nothing: empty}"},
		{name: "bare", bank: "stet: {errors: bare}"},
		{name: "json", bank: "stet: {media: json}"},
		{name: "kept", bank: "stet: {refresh: kept}"},
		{name: "session-ids", feed: "account_ids: session, ids: session"},
		{name: "from-the-root", feed: "links: relative, repeat_last_row: true"},
		{name: "whole-links", feed: "links: absolute"},
	}
	quirksAre(t, "Of STET banks:", all)
	deviates(t, french, all)
}
