// Package host owns one process of a plugin: its start, its output, the calls
// to it and its end. It knows nothing of restarts, catalogues or the server's
// own types.
//
// Invariants: only the program whose checksum was pinned runs; it inherits no
// variable, descriptor or standard input of the server; every call ends by its
// deadline, with an answer that the contract allows or a typed failure; when
// the process ends, nothing of it is left: no zombie, descriptor or socket.
//
// It runs on Unix systems.
package host
