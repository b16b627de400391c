// Package sealer is the port to encryption at rest. Every user has a key of its
// own, itself sealed under the master key: erasing that key erases the user's
// secrets. Its contract suite is sealertest.Run.
package sealer

import (
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/secret"
)

// Binding is the context a ciphertext belongs to (its associated data): moved
// anywhere else it does not open.
type Binding struct {
	Client     ident.Client
	User       ident.User
	Connection ident.Connection
	Channel    string
	Plugin     string
	// Purpose is what is sealed: "credentials", "secrets", "state", "answer".
	Purpose string
	// Version of the plugin's state, where it is one.
	Version int
}

// Box seals and opens.
type Box interface {
	// NewKey makes a user's key, sealed under the master key.
	NewKey(client ident.Client, user ident.User) (sealedKey []byte, err error)
	// Seal encrypts under a user's key.
	Seal(sealedKey []byte, binding Binding, plain secret.Bytes) ([]byte, error)
	// Open decrypts; anything wrong (key, binding, text) is ErrUnreadable.
	Open(sealedKey []byte, binding Binding, sealed []byte) (secret.Bytes, error)
}

// Rewrapper is what a Box may also be: one whose master key can be replaced.
type Rewrapper interface {
	// Rewrap gives a user's key sealed under the present master key, and whether
	// that changed anything; what does not open is ErrUnreadable.
	Rewrap(client ident.Client, user ident.User, sealedKey []byte) (again []byte, changed bool, err error)
}

// ErrUnreadable says that a ciphertext does not open here.
var ErrUnreadable = fault.New(fault.Internal, "unreadable_secret", "A stored secret could not be read.")
