// Package ledger owns what stands on the accounts: it turns the configuration's rules and literal rows into
// transactions and balances as of a day, and lets the timeline happen to them.
//
// What happened (entry), what a day has to say of it (telling), and the rows that a feed makes of that (Statement) are three
// things; Truth gives the first beside the last.
//
// It knows nothing of HTTP, log-ins or consents, and has no clock: the day is an argument. Its invariants: the same
// file, origin and day always give the same rows with the same bank ids, unless the feed says otherwise; and the booked balance of any day is the
// configured balance plus the booked rows since, exactly.
package ledger
