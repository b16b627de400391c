// Package rehearsing is what a sandbox can do and production cannot: clients'
// own configurations of the test bank, the one clock, and scenarios that happen
// when they are asked for. It knows neither HTTP nor the format of a
// configuration.
//
// Invariants: the store is the truth, and the test bank is told of it, before
// any session with it goes on; a client reaches its own configurations only;
// what all clients share is changed only with client.SandboxControl.
package rehearsing
