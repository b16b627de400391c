// Package storetest owns the contract of ports/store as a suite that every
// adapter runs, and a fake in memory that passes it. It knows nothing of SQL.
//
// Invariant: what the suite does not check, the core may not rely on.
package storetest
