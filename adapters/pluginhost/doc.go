// Package pluginhost reaches the banks through plugins: it finds them in a
// folder, keeps a process of each running, and answers ports/provider with what
// they say. It knows nothing of users, storage or HTTP, and is the only package
// of the server that imports the plugins' SDK.
//
// Invariants: a program runs only while it has the checksum of its manifest;
// what a plugin says becomes a value of the domain or a typed failure, never
// anything else; a plugin that ends, does not start or does not answer is
// started again with growing pauses, and given up when that happens too often;
// a program is replaced only by one that is up, and ends when nothing holds it.
//
// policy.go decides and does nothing; supervise.go does what it decides;
// acquire.go and sessions.go find the process for a call; reload.go and
// drain.go exchange programs.
package pluginhost
