package thirdparty

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"net/http"
	"regexp"
	"strings"
)

// Signature is a header of that name, as draft-cavage-http-signatures has it.
type Signature struct {
	KeyID string
	// Headers are the names of what is signed, in order.
	Headers []string
	value   []byte
}

var signatureShape = regexp.MustCompile(`^keyId="([^"]+)",algorithm="rsa-sha256",headers="([a-z() -]+)",signature="([A-Za-z0-9+/=]+)"$`)

// SignatureOf reads that of a request.
func SignatureOf(r *http.Request) (Signature, bool) {
	found := signatureShape.FindStringSubmatch(r.Header.Get("Signature"))
	if found == nil {
		return Signature{}, false
	}
	value, err := base64.StdEncoding.DecodeString(found[3])
	return Signature{found[1], strings.Split(found[2], " "), value}, err == nil
}

// Verifies reports whether the key of a certificate signed the named headers as the request has them. What is named and not
// there was not signed.
func (s Signature) Verifies(r *http.Request, certificate *x509.Certificate) bool {
	key, isRSA := certificate.PublicKey.(*rsa.PublicKey)
	if !isRSA {
		return false
	}
	lines := make([]string, 0, len(s.Headers))
	for _, name := range s.Headers {
		value := r.Header.Get(name)
		if name == "(request-target)" {
			value = strings.ToLower(r.Method) + " " + r.RequestURI
		}
		if value == "" {
			return false
		}
		lines = append(lines, name+": "+value)
	}
	hash := sha256.Sum256([]byte(strings.Join(lines, "\n")))
	return rsa.VerifyPKCS1v15(key, crypto.SHA256, hash[:], s.value) == nil
}

// Digested reports whether the header Digest is that of the body.
func Digested(r *http.Request, body []byte) bool {
	sum := sha256.Sum256(body)
	return r.Header.Get("Digest") == "SHA-256="+base64.StdEncoding.EncodeToString(sum[:])
}
