package oauth

import (
	"encoding/json"
	"time"

	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/ports/store"
)

// lineage is what the record of a grant tells of its refresh tokens. Only one of
// them lives: the head.
type lineage struct {
	GrantType  string `json:"grant_type"`
	Generation int    `json:"generation"`
	// Head is the hash of the token that lives.
	Head string `json:"head"`
}

// link is what the record of a refresh token tells of its place in the lineage.
type link struct {
	Generation int `json:"generation"`
	// SupersededAt, in microseconds since 1970, is when it was used, or when a
	// repeated request was given another in its place; 0 for the head.
	SupersededAt int64 `json:"superseded_at,omitempty"`
}

// verdict says what becomes of a presented refresh token.
type verdict int

const (
	// rotate: it is the head; the next generation takes its place.
	rotate verdict = iota
	// repeat: an answer was lost or two requests overtook each other; another
	// token of the head's generation takes the head's place.
	repeat
	// reuse: somebody has a token that the client has long replaced.
	reuse
)

// judge applies the rule for used tokens (RFC 9700, section 4.14.2; RFC 6749,
// section 10.4): the generation before the head's is forgiven within the grace,
// counted from its first use; everything older, or later, is reuse. Because the
// head is replaced and not joined, there is one lineage however many ask.
func judge(l lineage, t link, now time.Time, grace time.Duration) verdict {
	switch {
	case t.SupersededAt == 0:
		return rotate
	case t.Generation >= l.Generation-1 && now.Before(time.UnixMicro(t.SupersededAt).Add(grace)):
		return repeat
	default:
		return reuse
	}
}

// record writes what a token's record keeps for us; values always marshal.
func record(value any) []byte {
	text, err := json.Marshal(value)
	if err != nil {
		panic("oauth: a record that JSON cannot tell: " + err.Error())
	}
	return text
}

var errRecord = fault.New(fault.Internal, "token_corrupt", "A stored token cannot be read.")

func recorded[T any](token store.Token) (value T, err error) {
	if err := json.Unmarshal(token.Data, &value); err != nil {
		return value, errRecord.Because(err)
	}
	return value, nil
}
