// Package conformance holds a plugin to the contract. A provider's author runs
// it against the built program, started by host.Launch, with credentials of a
// test bank:
//
//	conformance.Run(t, launch, conformance.Case{Name: "one account", ProviderID: …})
//
// It knows no bank: what it needs to know is in the cases.
package conformance
