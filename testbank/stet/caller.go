package stet

import (
	"io"
	"mime"
	"net/http"
	"slices"
	"strings"

	"github.com/tributary-dev/tributary/testbank/config"
	"github.com/tributary-dev/tributary/testbank/reply"
	"github.com/tributary-dev/tributary/testbank/thirdparty"
)

// caller is a third party, as its certificates name it, with the token that it shows.
type caller struct {
	id, token string
	body      []byte
}

func unauthorized(text string) *problem { return &problem{http.StatusUnauthorized, text} }

// recognise reads who calls, from the certificate of the connection, the seal of the request and the token.
func (x *Interface) recognise(w http.ResponseWriter, r *http.Request) (caller, *problem) {
	id, doubt := thirdparty.Caller(x.bank, r)
	if doubt != "" {
		return caller{}, unauthorized(string(doubt))
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, thirdparty.MaxBody))
	if err != nil {
		return caller{}, &problem{http.StatusBadRequest, "The body is too long."}
	}
	if wrong := x.sealed(r, id, body); wrong != nil {
		return caller{}, wrong
	}
	token := reply.Bearer(r)
	if token == "" {
		return caller{}, unauthorized("Authorization is to be a token of the customer.")
	}
	return caller{id, token, body}, nil
}

// sealed wants a signature by the same company as the connection's, that covers what the standard names, and the digest of
// a body.
func (x *Interface) sealed(r *http.Request, id string, body []byte) *problem {
	signed, shaped := thirdparty.SignatureOf(r)
	switch {
	case r.Header.Get("Signature") == "":
		return unauthorized("Signature is mandatory.")
	case !shaped:
		return unauthorized("Signature is to name keyId, algorithm, headers and signature.")
	case !strings.HasPrefix(signed.KeyID, "https://") || x.bank.Seals == nil:
		return unauthorized("The keyId of the signature is to be the address of the certificate.")
	case len(body) > 0 && r.Header.Get("Digest") == "":
		return &problem{http.StatusBadRequest, "Digest is mandatory with a body."}
	case r.Header.Get("Digest") != "" && !thirdparty.Digested(r, body):
		return unauthorized("Digest is that of another body.")
	}
	for _, name := range x.mandatory(r, len(body) > 0) {
		if !slices.Contains(signed.Headers, name) {
			return unauthorized("The signature does not cover all that it has to.")
		}
	}
	certificate, err := x.bank.Seals(r.Context(), signed.KeyID)
	if err != nil {
		return unauthorized("There is no certificate where the signature's keyId says so.")
	}
	other, doubt := thirdparty.Named(x.bank, certificate)
	switch {
	case doubt != "":
		return unauthorized(string(doubt))
	case other != id:
		return unauthorized("Connection and signature are of two companies.")
	case !signed.Verifies(r, certificate):
		return unauthorized("The signature is wrong.")
	}
	return nil
}

// mandatory are the headers that have to be signed as far as the request has them: STET's framework, section 3.5.
func (x *Interface) mandatory(r *http.Request, body bool) []string {
	names, known := []string{"(request-target)", "x-request-id"}, []string{"digest"}
	if x.ways.Covered == config.STETComplete {
		known = []string{"date", "digest", "content-type"}
		if body {
			known = append(known, "content-length")
		}
		for name := range r.Header {
			if name = strings.ToLower(name); strings.HasPrefix(name, "psu-") {
				names = append(names, name)
			}
		}
	}
	for _, name := range known {
		if r.Header.Get(name) != "" {
			names = append(names, name)
		}
	}
	return names
}

// accepts reports whether what the bank answers is wanted.
func accepts(r *http.Request) bool {
	if len(r.Header.Values("Accept")) == 0 {
		return true
	}
	for part := range strings.SplitSeq(strings.Join(r.Header.Values("Accept"), ","), ",") {
		kind, _, err := mime.ParseMediaType(part)
		if err == nil && (kind == hal || kind == "application/json" || kind == "application/*" || kind == "*/*") {
			return true
		}
	}
	return false
}
