// Package secret owns values that must never be read by accident: they print,
// log and marshal as "[redacted]". It knows nothing of encryption.
package secret

import (
	"fmt"
	"log/slog"
)

const redacted = "[redacted]"

// String is a secret text. Its value leaves only through Reveal. It stands
// behind a pointer because fmt skips Format for the verb %p and prints fields.
// It cannot be compared with ==, which would tell by its time how much is right:
// crypto/subtle compares what Reveal gives.
type String struct {
	_     [0]func()
	value *string
}

// New wraps a value.
func New(value string) String { return String{value: &value} }

// Reveal gives the value: to a bank, a hash or a cipher, and to nothing else.
func (s String) Reveal() string {
	if s.value == nil {
		return ""
	}
	return *s.value
}

// Empty reports whether there is no value.
func (s String) Empty() bool { return s.Reveal() == "" }

// Format redacts under every verb.
func (String) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(redacted)) }

// String redacts.
func (String) String() string { return redacted }

// GoString redacts.
func (String) GoString() string { return redacted }

// MarshalText redacts; it also serves JSON, where a struct holds a secret.
func (String) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// LogValue redacts.
func (String) LogValue() slog.Value { return slog.StringValue(redacted) }

// Values are secrets by name, such as credentials by field.
type Values map[string]String

// Bytes is a secret byte string, such as a plugin's state.
type Bytes struct {
	_     [0]func()
	value *[]byte
}

// FromBytes wraps a value without copying it.
func FromBytes(value []byte) Bytes { return Bytes{value: &value} }

// Reveal gives the value.
func (b Bytes) Reveal() []byte {
	if b.value == nil {
		return nil
	}
	return *b.value
}

// Empty reports whether there is no value.
func (b Bytes) Empty() bool { return len(b.Reveal()) == 0 }

// Format redacts under every verb.
func (Bytes) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(redacted)) }

// String redacts.
func (Bytes) String() string { return redacted }

// GoString redacts.
func (Bytes) GoString() string { return redacted }

// MarshalText redacts.
func (Bytes) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// LogValue redacts.
func (Bytes) LogValue() slog.Value { return slog.StringValue(redacted) }
