// Package sdk is what the author of a Tributary provider plugin needs: the
// interface to implement and the values that cross it.
//
// A plugin is a process of its own. It implements [Provider], hands it to
// serve.Main, and is started by the server, which speaks gRPC with it. This
// package depends on the standard library only, so that a plugin never sees
// the server's database, web or queue libraries. It knows nothing of clients,
// users or storage: the server keeps every state a plugin gives it, sealed.
//
// Invariant: everything here has a twin in the protocol (internal/wire), and a
// test by reflection fails when one side has a field that the other loses.
package sdk
