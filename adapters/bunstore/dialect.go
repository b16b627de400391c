package bunstore

import (
	"strings"

	"github.com/uptrace/bun/schema"
)

// tolerant is a dialect that keeps any text. PostgreSQL has no NUL in a text,
// and Bun breaks the statement at one: what a bank or a caller sends must not
// fail a synchronization or a request for that. It becomes U+FFFD, as Bun makes
// of bytes that are no UTF-8.
type tolerant struct{ schema.Dialect }

// AppendString writes a text into a statement.
func (d tolerant) AppendString(b []byte, s string) []byte {
	if strings.IndexByte(s, 0) >= 0 {
		s = strings.ReplaceAll(s, "\x00", "\ufffd")
	}
	return d.Dialect.AppendString(b, s)
}
