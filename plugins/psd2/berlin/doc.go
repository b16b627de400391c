// Package berlin owns the dialect of the Berlin Group: NextGenPSD2 XS2A 1.3.x, account information.
//
// It knows the standard and its named deviations (quirk.go), and no bank: what differs stands in the catalogue. Nothing
// is remembered between calls; every step is durable. Invariants: the browser's return is never believed, only what the
// bank says when asked; PSU headers are sent when the user is there and never otherwise; only Refresh spends a refresh
// token; amounts go from text to text; no word of the bank reaches a failure, but the messages that the standard means
// for the user.
//
//	dialect.go     one bank, and what every call has in common
//	begin.go       a session: a kept consent, or a new one
//	authorise.go   the links of an answer, and what is done next
//	challenge.go   what the user is asked
//	answer.go      what the user, or the bank's page, brought back
//	consent.go     what the bank says of a consent
//	oauth.go       tokens: before the consent, or for it
//	source.go      accounts, balances and transactions, in pages
//	account.go balance.go row.go code.go   the bank's records in the contract's words
//	failure.go     the bank's refusals in the contract's words
//	quirk.go       deviations
package berlin
