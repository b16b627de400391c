// Package wire owns the protocol of a plugin: provider.proto, the code
// generated from it, and the translation to and from the SDK's own types. It
// knows nothing of processes, sockets or checks of content.
//
// Invariant: nothing that the SDK's types can say is lost on the way, but the
// cause of a failure, which never leaves its process.
package wire

// The file is compiled by its path in the repository: the name is registered
// for the whole process, and another library may well have a provider.proto.
//go:generate sh -c "cd ../../../.. && protoc --plugin=protoc-gen-go=$DOLLAR(cd plugins/sdk && go tool -n protoc-gen-go) --plugin=protoc-gen-go-grpc=$DOLLAR(cd plugins/sdk && go tool -n protoc-gen-go-grpc) --go_out=. --go_opt=paths=source_relative --go-grpc_out=. --go-grpc_opt=paths=source_relative plugins/sdk/internal/wire/provider.proto"
