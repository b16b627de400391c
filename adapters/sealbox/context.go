package sealbox

import (
	"encoding/binary"

	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/ports/sealer"
)

// The labels keep a user's key and a value apart whatever their fields hold,
// and name the encoding: a later one gets another number.
const (
	keyLabel   = "tributary/sealbox/key/1"
	valueLabel = "tributary/sealbox/value/1"
)

// keyContext is the associated data of a user's key.
func keyContext(client ident.Client, user ident.User) []byte {
	return join(keyLabel, string(client), string(user))
}

// valueContext is the associated data of a value. Every text is preceded by its
// length and the number has a fixed one, so that two bindings never give the
// same bytes.
func valueContext(b sealer.Binding) []byte {
	texts := join(valueLabel, string(b.Client), string(b.User), string(b.Connection), b.Channel, b.Plugin, b.Purpose)
	return binary.BigEndian.AppendUint64(texts, uint64(int64(b.Version))) //nolint:gosec // all 64 bits, whatever the sign
}

func join(texts ...string) []byte {
	var out []byte
	for _, text := range texts {
		out = binary.BigEndian.AppendUint64(out, uint64(len(text)))
		out = append(out, text...)
	}
	return out
}
