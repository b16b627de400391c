// Package bank owns the bank's state: who is logged in, which challenges are open, which consents and tokens are
// valid, and what was counted.
//
// It knows nothing of HTTP, JSON or HTML. Its invariants: everything happens under one mutex; a code is sent only in a
// log-in that says a person is there; a code, a refresh token and an authorization code work once; and a grant never
// reaches more accounts than its persona owns and its consent names.
package bank
