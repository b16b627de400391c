// Package point names the moments of a server's work at which it may be killed,
// and puts a gate at each: around the store, the gateway to the banks, the jobs
// and their queue. It knows nothing of processes; whoever keeps the gate says
// what happens there.
//
// Invariant: a gate changes nothing of what passes it.
package point

// Gate is told what is reached, by its name. It may never return.
type Gate interface{ Reach(name string) }
