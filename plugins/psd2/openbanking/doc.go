// Package openbanking owns the dialect of UK Open Banking (OBIE Read/Write API 3.1.11 and 4.0), account information.
//
// It knows the standard and its named deviations (quirk.go), and no bank: what differs stands in the catalogue. The words
// of both versions are understood from every bank. Nothing of a session is remembered between calls; every step is
// durable. Invariants: a code is worth nothing before an id_token proved it to be of this session and consent; only
// Refresh spends a refresh token; an amount's sign is the indicator's; who the user is and that one is there is told on
// attended calls alone; no word of the bank reaches a failure, but the number by which it finds the call again does.
//
//	dialect.go   one bank, and what every call has in common
//	failure.go   the bank's no
//	begin.go     a consent that lives on, or a new one, and the way to the bank's page
//	answer.go    what the browser brought back
//	session.go   what is kept; tokens are renewed, consents end
//	source.go    accounts, balances and transactions, in pages and windows
//	account.go balance.go row.go   the bank's records in the contract's words
//	quirk.go     deviations
package openbanking
