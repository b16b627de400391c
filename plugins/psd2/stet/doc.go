// Package stet owns the dialect of STET, the French standard: PSD2 API 1.4, account information.
//
// It knows the standard and its named deviations (quirk.go), and no bank: what differs stands in the catalogue. Nothing
// is remembered between calls; every step is durable. Invariants: a token comes first, and only Refresh spends a refresh
// token; what the bank is told of the accounts (mixed consents) is always all of them, because it replaces what was told
// before; an amount's sign is the indicator's; no word of the bank reaches a failure; a token that was renewed a moment ago and is
// refused never ends a consent, because it is our certificate or signature that is not taken.
//
//	dialect.go   one bank, what every call has in common, and its no
//	session.go   a kept token, or a new one
//	consent.go   which accounts the bank is told of
//	source.go    accounts, balances and transactions, in pages
//	account.go balance.go row.go   the bank's records in the contract's words
//	quirk.go     deviations
package stet
