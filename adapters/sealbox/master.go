package sealbox

import (
	"bytes"
	"errors"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/tink"

	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/secret"
)

// Master is the key of keys. It is a keyset, so that a new primary key can be
// added while the old ones still open what they sealed.
type Master struct {
	handle *keyset.Handle
	aead   tink.AEAD
}

// ErrMaster says that a text holds no usable master key. Its cause never
// quotes the text.
var ErrMaster = fault.New(fault.Internal, "invalid_master_key", "This is not a usable master key: a Tink keyset for AEAD, in JSON, is expected.")

// Generate makes a master key: AES-256-GCM.
func Generate() (*Master, error) {
	handle, err := keyset.NewHandle(aead.AES256GCMKeyTemplate())
	if err != nil {
		return nil, errSeal.Because(err)
	}
	return wrap(handle)
}

// Parse reads a cleartext Tink keyset in JSON, as Text writes it.
func Parse(text secret.Bytes) (*Master, error) {
	handle, err := insecurecleartextkeyset.Read(keyset.NewJSONReader(bytes.NewReader(text.Reveal())))
	if err != nil {
		// The parser's own words may quote what it read.
		return nil, ErrMaster.Because(errors.New("the keyset cannot be read"))
	}
	return wrap(handle)
}

func wrap(handle *keyset.Handle) (*Master, error) {
	primitive, err := aead.New(handle)
	if err != nil {
		return nil, ErrMaster.Because(errors.New("the keyset is not one for AEAD"))
	}
	return &Master{handle, primitive}, nil
}

// Text is the master key itself, for a file or a vault that keeps it.
func (m *Master) Text() (secret.Bytes, error) {
	var out bytes.Buffer
	if err := insecurecleartextkeyset.Write(m.handle, keyset.NewJSONWriter(&out)); err != nil {
		return secret.Bytes{}, errSeal.Because(err)
	}
	return secret.FromBytes(out.Bytes()), nil
}

// String names no key.
func (*Master) String() string { return "[master key]" }

// GoString names no key.
func (*Master) GoString() string { return "[master key]" }
