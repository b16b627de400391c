// Package signature owns the HTTP signature of draft-cavage-http-signatures as PSD2 banks use it: the Digest of a body
// and the Signature over some headers with the seal certificate (QSEAL).
//
// It knows no bank and decides nothing: which headers are signed is told by the caller. It is written here because the
// libraries for this draft are abandoned, take a key id with commas apart, or sign in an order of their own; the draft's
// own test values hold it to the text. Invariant: what is signed is exactly what is sent, byte for byte.
package signature

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// Digest is the value of the header of that name. The body may be empty: then it is that of no bytes.
func Digest(algorithm string, body []byte) string {
	if algorithm == "SHA-512" {
		sum := sha512.Sum512(body)
		return "SHA-512=" + base64.StdEncoding.EncodeToString(sum[:])
	}
	sum := sha256.Sum256(body)
	return "SHA-256=" + base64.StdEncoding.EncodeToString(sum[:])
}

// Signer signs with one key.
type Signer struct {
	// KeyID tells the receiver which key it is.
	KeyID string
	Key   crypto.Signer
}

// Sign adds the header Signature over the named ones, in this order, as far as the request has them.
func (s Signer) Sign(r *http.Request, headers []string) error {
	names, text := base(r, headers)
	if len(names) == 0 {
		return errors.New("signature: nothing to sign")
	}
	algorithm, err := algorithmOf(s.Key)
	if err != nil {
		return err
	}
	sum := sha256.Sum256([]byte(text))
	signed, err := s.Key.Sign(rand.Reader, sum[:], crypto.SHA256)
	if err != nil {
		return fmt.Errorf("signature: the key does not sign: %w", err)
	}
	r.Header.Set("Signature", fmt.Sprintf(`keyId="%s",algorithm="%s",headers="%s",signature="%s"`,
		s.KeyID, algorithm, strings.Join(names, " "), base64.StdEncoding.EncodeToString(signed)))
	return nil
}

func algorithmOf(key crypto.Signer) (string, error) {
	switch key.Public().(type) {
	case *rsa.PublicKey:
		return "rsa-sha256", nil
	case *ecdsa.PublicKey:
		return "ecdsa-sha256", nil
	}
	return "", errors.New("signature: only RSA and ECDSA keys can sign")
}

// base is the signing string of the draft's section 2.3.
func base(r *http.Request, headers []string) (names []string, text string) {
	var lines []string
	for _, name := range headers {
		name = strings.ToLower(name)
		value, has := valueOf(r, name)
		if !has {
			continue
		}
		names, lines = append(names, name), append(lines, name+": "+value)
	}
	return names, strings.Join(lines, "\n")
}

func valueOf(r *http.Request, name string) (string, bool) {
	switch name {
	case "(request-target)":
		return strings.ToLower(r.Method) + " " + r.URL.RequestURI(), true
	case "host":
		if r.Host != "" {
			return r.Host, true
		}
		return r.URL.Host, true
	case "content-length": // written by net/http, where there is a body
		return strconv.FormatInt(r.ContentLength, 10), r.ContentLength > 0
	}
	var values []string
	for _, v := range r.Header.Values(name) {
		values = append(values, strings.TrimSpace(v))
	}
	return strings.Join(values, ", "), len(values) > 0
}

// KeyID names a certificate as the Berlin Group wants it: its serial number and who issued it.
func KeyID(certificate *x509.Certificate) string {
	return fmt.Sprintf("SN=%X,CA=%s", certificate.SerialNumber, strings.ReplaceAll(certificate.Issuer.String(), `"`, `'`))
}
