// Package pluginhost reaches the banks through plugins: it finds them in a
// folder, runs each in a process of its own, and answers ports/provider with
// what they say. It knows nothing of users, storage or HTTP, and is the only
// package of the server that imports the plugins' SDK.
//
// Invariants: a program runs only while it has the checksum that was read at
// discovery; what a plugin says becomes a value of the domain or a typed
// failure, never anything else; a plugin that crashes is started again by the
// next call that needs it.
package pluginhost
