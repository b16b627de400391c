// Package walker tries the whole API against strangers and against nonsense. It
// holds tests only. What it walks is the OpenAPI document itself, so that a call
// which is added is walked without anybody thinking of it; one that the walk
// cannot fill, or that the owner of the data cannot reach by it, fails.
//
// The server is real but for its borders: database, tokens and use cases are
// those that run; the banks, the clock of password hashing and the network are
// not there. What only a process can show belongs to package endtoend.
package walker
