// Package ledger owns what stands on the accounts: it turns the configuration's rules and literal rows into
// transactions and balances as of a day.
//
// It knows nothing of HTTP, log-ins or consents, and has no clock: the day is an argument. Its invariants: the same
// file, origin and day always give the same rows with the same bank ids; and the booked balance of any day is the
// configured balance plus the booked rows since, exactly.
package ledger
