// Package conformance holds both sides of the PSD2 interface, the plugin's requests and the test bank's answers, to the
// official descriptions, which are not part of the project: TRIBUTARY_SPECS names their folder. "make conformance" runs
// it; without the folder it fails.
//
// It is tests only. Invariant: a schema that is skipped without a word is found, because a fault is planted in every
// operation that is used.
package conformance
