// Package check compares what a server holds with what its bank knows and with
// what was acknowledged to its clients, after whatever happened to it. It reads
// the API, the database and the bank, and shares no type with the code that it
// checks. It changes nothing.
package check
