package sealertest

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"fmt"

	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/secret"
	"github.com/tributary-dev/tributary/ports/sealer"
)

// Fake is a box for tests. It really encrypts, with the standard library: a
// fake that only compared bindings would let plain text reach a database that a
// test searches for it.
type Fake struct{ master []byte }

// NewFake makes a box with a master key that dies with it.
func NewFake() *Fake { return &Fake{randomKey()} }

// NewKey implements sealer.Box.
func (f *Fake) NewKey(client ident.Client, user ident.User) ([]byte, error) {
	return lock(f.master, fmt.Sprintf("key %q %q", client, user), randomKey()), nil
}

// Seal implements sealer.Box.
func (f *Fake) Seal(sealedKey []byte, b sealer.Binding, plain secret.Bytes) ([]byte, error) {
	key, err := f.userKey(sealedKey, b)
	if err != nil {
		return nil, err
	}
	return lock(key, context(b), plain.Reveal()), nil
}

// Open implements sealer.Box.
func (f *Fake) Open(sealedKey []byte, b sealer.Binding, sealed []byte) (secret.Bytes, error) {
	key, err := f.userKey(sealedKey, b)
	if err != nil {
		return secret.Bytes{}, err
	}
	plain, err := unlock(key, context(b), sealed)
	if err != nil {
		return secret.Bytes{}, err
	}
	return secret.FromBytes(plain), nil
}

func (f *Fake) userKey(sealedKey []byte, b sealer.Binding) ([]byte, error) {
	return unlock(f.master, fmt.Sprintf("key %q %q", b.Client, b.User), sealedKey)
}

// context quotes each text, so that no two bindings look alike.
func context(b sealer.Binding) string {
	return fmt.Sprintf("value %q %q %q %q %q %q %d", b.Client, b.User, b.Connection, b.Channel, b.Plugin, b.Purpose, b.Version)
}

func randomKey() []byte {
	key := make([]byte, 32)
	_, _ = rand.Read(key) // never fails: the runtime ends the program instead
	return key
}

func lock(key []byte, context string, plain []byte) []byte {
	return gcm(key).Seal(nil, nil, plain, []byte(context))
}

func unlock(key []byte, context string, sealed []byte) ([]byte, error) {
	plain, err := gcm(key).Open(nil, nil, sealed, []byte(context))
	if err != nil {
		return nil, sealer.ErrUnreadable.Because(err)
	}
	return plain, nil
}

func gcm(key []byte) cipher.AEAD {
	block, err := aes.NewCipher(key)
	if err != nil {
		panic("sealertest: a key of the wrong size") // every key comes from randomKey
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		panic(err)
	}
	return aead
}
