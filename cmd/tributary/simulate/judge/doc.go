// Package judge compares what the ledger holds with what really happened. It
// recognises a stored row by what the bank said of a movement and by nothing
// that the code under test made up, and it follows our ids over time.
//
// Invariant: what the feed leaves open is forgiven only where the generator
// marked it beforehand, or where movements are alike in amount and label: never
// because of what the ledger did.
package judge
