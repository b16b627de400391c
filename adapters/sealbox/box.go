// Package sealbox owns encryption at rest, with Tink: a master keyset seals one
// keyset per user, and that one seals the user's secrets. It knows nothing of
// what it seals or of where that is kept.
//
// Invariant: a ciphertext opens only where it belongs. A user's key is bound to
// its client and user, a value to the whole sealer.Binding; whatever does not
// fit is sealer.ErrUnreadable, with a cause that holds no secret.
//
// Tink draws its own randomness from crypto/rand: there is nothing to inject.
package sealbox

import (
	"bytes"
	"os"
	"time"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/tink"

	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/secret"
	"github.com/tributary-dev/tributary/ports/sealer"
)

// Box implements sealer.Box.
type Box struct{ ring *ring }

var _ sealer.Box = (*Box)(nil)

// New makes a box under a master key.
func New(master *Master) *Box { return &Box{still(master)} }

// grace is how long a keyset that was replaced stays in memory: longer than
// any request or run that read a wrapped key before it was wrapped anew.
const grace = 15 * time.Minute

// Watch makes a box under the master key of a file, and follows the file when
// it is replaced: a rotation needs no restart.
func Watch(path string, now func() time.Time) (*Box, error) {
	seen, err := os.Stat(path)
	if err != nil {
		return nil, ErrFile.Because(err)
	}
	master, err := Load(path)
	if err != nil {
		return nil, err
	}
	return &Box{&ring{path: path, now: now, grace: grace, master: master, seen: seen}}, nil
}

var errSeal = fault.New(fault.Internal, "sealing_failed", "A secret could not be encrypted.")

// NewKey implements sealer.Box.
//
// The keyset is serialized and sealed here, as a whole: Tink's own encrypted
// keyset is a protobuf message around the ciphertext, and one that has grown an
// unknown field would still open.
func (b *Box) NewKey(client ident.Client, user ident.User) ([]byte, error) {
	handle, err := keyset.NewHandle(aead.AES256GCMKeyTemplate())
	if err != nil {
		return nil, errSeal.Because(err)
	}
	var plain bytes.Buffer
	if err := insecurecleartextkeyset.Write(handle, keyset.NewBinaryWriter(&plain)); err != nil {
		return nil, errSeal.Because(err)
	}
	sealed, err := b.ring.fresh().aead.Encrypt(plain.Bytes(), keyContext(client, user))
	if err != nil {
		return nil, errSeal.Because(err)
	}
	return sealed, nil
}

// Seal implements sealer.Box.
func (b *Box) Seal(sealedKey []byte, binding sealer.Binding, plain secret.Bytes) ([]byte, error) {
	key, err := b.userKey(sealedKey, binding)
	if err != nil {
		return nil, err
	}
	sealed, err := key.Encrypt(plain.Reveal(), valueContext(binding))
	if err != nil {
		return nil, errSeal.Because(err)
	}
	return sealed, nil
}

// Open implements sealer.Box.
func (b *Box) Open(sealedKey []byte, binding sealer.Binding, sealed []byte) (secret.Bytes, error) {
	key, err := b.userKey(sealedKey, binding)
	if err != nil {
		return secret.Bytes{}, err
	}
	plain, err := key.Decrypt(sealed, valueContext(binding))
	if err != nil {
		return secret.Bytes{}, sealer.ErrUnreadable.Because(err)
	}
	return secret.FromBytes(plain), nil
}

func (b *Box) userKey(sealedKey []byte, binding sealer.Binding) (tink.AEAD, error) {
	plain, err := b.ring.decrypt(sealedKey, keyContext(binding.Client, binding.User))
	if err != nil {
		return nil, sealer.ErrUnreadable.Because(err)
	}
	handle, err := insecurecleartextkeyset.Read(keyset.NewBinaryReader(bytes.NewReader(plain)))
	if err != nil {
		return nil, sealer.ErrUnreadable.Because(err)
	}
	key, err := aead.New(handle)
	if err != nil {
		return nil, sealer.ErrUnreadable.Because(err)
	}
	return key, nil
}
