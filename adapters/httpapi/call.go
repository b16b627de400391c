package httpapi

import (
	"context"
	"encoding/base32"
	"io"
	"net"
	"net/http"
	"regexp"

	"github.com/tributary-dev/tributary/core/ident"
)

// call is what is known of one request beside its parameters. The edge makes
// it, authentication completes it, the access log reads it.
type call struct {
	id        string
	locale    string
	remote    string
	userAgent string
	client    ident.Client
	user      ident.User
}

type callKey struct{}

// callOf never gives nil, so that a test or a handler without an edge works.
func callOf(ctx context.Context) *call {
	if c, ok := ctx.Value(callKey{}).(*call); ok {
		return c
	}
	return &call{locale: english}
}

// requestID is the form in which a caller's own id is taken over; anything else
// is replaced, because it is echoed and logged.
var requestID = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$`)

var letters = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

func (s *server) newCall(r *http.Request) *call {
	c := &call{id: r.Header.Get("X-Request-Id"), locale: preferred(r.Header.Get("Accept-Language")), userAgent: r.UserAgent()}
	if !requestID.MatchString(c.id) {
		c.id = s.newRequestID()
	}
	if host, _, err := net.SplitHostPort(r.RemoteAddr); err == nil {
		c.remote = host
	}
	return c
}

func (s *server) newRequestID() string {
	var raw [10]byte
	if _, err := io.ReadFull(s.IDs.Rand, raw[:]); err != nil {
		return "req_unknown" // an answer without a fresh id is better than none
	}
	return "req_" + letters.EncodeToString(raw[:])
}
