package sealbox

import (
	"bytes"
	"encoding/binary"

	"github.com/tink-crypto/tink-go/v2/core/cryptofmt"

	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/ports/sealer"
)

var _ sealer.Rewrapper = (*Box)(nil)

// Rewrap implements sealer.Rewrapper. The user's own key stays the same, so
// whatever it sealed still opens.
func (b *Box) Rewrap(client ident.Client, user ident.User, sealedKey []byte) ([]byte, bool, error) {
	master, context := b.ring.fresh(), keyContext(client, user)
	plain, err := b.ring.decrypt(sealedKey, context)
	if err != nil {
		return nil, false, sealer.ErrUnreadable.Because(err)
	}
	if master.wrapped(sealedKey) {
		return sealedKey, false, nil
	}
	again, err := master.aead.Encrypt(plain, context)
	if err != nil {
		return nil, false, errSeal.Because(err)
	}
	return again, true, nil
}

// wrapped reports whether a text is sealed under the primary key: Tink writes
// the key's id before every ciphertext.
func (m *Master) wrapped(sealed []byte) bool {
	entry, err := m.handle.Primary()
	if err != nil {
		return false
	}
	return bytes.HasPrefix(sealed, binary.BigEndian.AppendUint32([]byte{cryptofmt.TinkStartByte}, entry.KeyID()))
}
