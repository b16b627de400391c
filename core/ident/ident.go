// Package ident owns identifiers: opaque, prefixed, immutable, never reused.
// It knows nothing of what they identify beyond the prefix.
package ident

import (
	"crypto/rand"
	"encoding/base32"
	"encoding/binary"
	"io"
	"strings"
	"time"

	"github.com/tributary-dev/tributary/core/fault"
)

// The kinds of id; each type keeps one kind from standing where another belongs.
type (
	Client          string
	User            string
	Connection      string
	Challenge       string
	Synchronization string
	Account         string
	Transaction     string
	Event           string
	Queue           string
	Lease           string
	Consent         string
	Configuration   string
	Rule            string
	Call            string
	Access          string
	Webhook         string
	WidgetSession   string
)

// ID is any of the kinds.
type ID interface {
	~string
	Prefix() string
}

// Prefixes of the kinds.
func (Client) Prefix() string          { return "cli" }
func (User) Prefix() string            { return "usr" }
func (Connection) Prefix() string      { return "con" }
func (Challenge) Prefix() string       { return "cha" }
func (Synchronization) Prefix() string { return "syn" }
func (Account) Prefix() string         { return "acc" }
func (Transaction) Prefix() string     { return "txn" }
func (Event) Prefix() string           { return "evt" }
func (Queue) Prefix() string           { return "que" }
func (Lease) Prefix() string           { return "lea" }
func (Consent) Prefix() string         { return "cst" }
func (Configuration) Prefix() string   { return "cfg" }
func (Rule) Prefix() string            { return "rul" }
func (Call) Prefix() string            { return "cal" }
func (Access) Prefix() string          { return "acs" }
func (Webhook) Prefix() string         { return "whk" }
func (WidgetSession) Prefix() string   { return "wid" }

// Source makes ids. Time keeps neighbours in time neighbours in an index;
// randomness (80 bits) keeps them unguessable and apart.
type Source struct {
	Now  func() time.Time
	Rand io.Reader
}

// Real is a source on the system's clock and randomness.
func Real() Source { return Source{Now: time.Now, Rand: rand.Reader} }

var encoding = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

const length = 26 // 48 bits of milliseconds and 80 random ones, in base 32.

// New makes an id of kind T.
func New[T ID](s Source) T {
	var raw [16]byte
	binary.BigEndian.PutUint64(raw[:8], uint64(s.Now().UnixMilli())<<16)
	if _, err := io.ReadFull(s.Rand, raw[6:]); err != nil {
		panic("ident: no randomness: " + err.Error()) // nothing safe can go on
	}
	var kind T
	return T(kind.Prefix() + "_" + encoding.EncodeToString(raw[:]))
}

// ErrMalformed says that a text is no id of the kind asked for.
var ErrMalformed = fault.New(fault.NotFound, "not_found", "There is no such thing, or it is not yours.")

// Parse checks the form of an id from outside. A malformed id gets the same
// words as one that does not exist.
func Parse[T ID](text string) (T, error) {
	var kind T
	body, ok := strings.CutPrefix(text, kind.Prefix()+"_")
	if !ok || len(body) != length {
		return "", ErrMalformed
	}
	for _, c := range body {
		if !strings.ContainsRune("0123456789abcdefghjkmnpqrstvwxyz", c) {
			return "", ErrMalformed
		}
	}
	return T(text), nil
}
