// Package world is what a crash happens in: a bank, a database and a server,
// each a process of its own that can be killed and started again where it was.
// Nothing in it is simulated. It knows nothing of what is done there.
package world
