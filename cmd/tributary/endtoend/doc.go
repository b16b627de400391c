// Package endtoend tests the programs as their users have them: built, started
// as processes of their own, reached over HTTP, killed from outside. It knows
// of the inside only what an operator can see: the folder of data, the folder
// of plugins, logs and processes.
//
// Invariant: no test here runs a part of the server in its own process, and no
// process that a test starts outlives it.
//
// The flows are transcripts in testdata (*.txtar); what cannot be told as one,
// such as a kill at a certain moment, is Go beside them. N makes the loops
// longer: N=200 go test -run Crash ./cmd/tributary/endtoend.
package endtoend
