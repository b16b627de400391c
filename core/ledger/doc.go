// Package ledger owns accounts and movements, and the rules that recognise them
// again: who is who when a bank tells them anew. It knows nothing of banks,
// storage or the clock.
//
// Invariant: the same report applied twice changes nothing the second time.
package ledger
