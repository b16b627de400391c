// Package usecasetest owns a small world for the tests of what implements the
// use cases: two clients, their users, a clock that the test moves, a
// catalogue, and a store, a box and a bus in memory. It knows no service.
package usecasetest
