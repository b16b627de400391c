package xs2a

import (
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/tributary-dev/tributary/testbank/thirdparty"
)

// caller is a third party, as its certificates name it.
type caller struct {
	id   string
	body []byte
}

// doubts are in the standard's words.
var doubts = map[thirdparty.Doubt]string{
	thirdparty.Missing: "CERTIFICATE_MISSING", thirdparty.Expired: "CERTIFICATE_EXPIRED", thirdparty.Unknown: "CERTIFICATE_INVALID",
	thirdparty.Roleless: "ROLE_INVALID", thirdparty.Nameless: "CERTIFICATE_INVALID",
}

func doubted(d thirdparty.Doubt) *problem {
	return &problem{http.StatusUnauthorized, doubts[d], string(d)}
}

// recognise reads who calls, from the certificate of the connection and the seal of the request.
func (x *Interface) recognise(w http.ResponseWriter, r *http.Request) (caller, *problem) {
	web, doubt := thirdparty.Caller(x.bank, r)
	if doubt != "" {
		return caller{}, doubted(doubt)
	}
	if r.Header.Get("Signature") == "" || r.Header.Get("Digest") == "" || r.Header.Get("TPP-Signature-Certificate") == "" {
		return caller{}, &problem{http.StatusUnauthorized, "SIGNATURE_MISSING", "Digest, Signature and TPP-Signature-Certificate are mandatory."}
	}
	der, err := base64.StdEncoding.DecodeString(r.Header.Get("TPP-Signature-Certificate"))
	if err != nil {
		return caller{}, &problem{http.StatusUnauthorized, "CERTIFICATE_INVALID", "TPP-Signature-Certificate is no certificate."}
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		return caller{}, &problem{http.StatusUnauthorized, "CERTIFICATE_INVALID", "TPP-Signature-Certificate is no certificate."}
	}
	seal, doubt := thirdparty.Named(x.bank, certificate)
	if doubt != "" {
		return caller{}, doubted(doubt)
	}
	if seal != web {
		return caller{}, &problem{http.StatusUnauthorized, "CERTIFICATE_INVALID", "Connection and signature are of two companies."}
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, thirdparty.MaxBody))
	if err != nil {
		return caller{}, &problem{http.StatusBadRequest, "FORMAT_ERROR", "The body is too long."}
	}
	if !verifies(r, body, certificate) {
		return caller{}, &problem{http.StatusUnauthorized, "SIGNATURE_INVALID", "Digest or signature is wrong."}
	}
	return caller{web, body}, nil
}

var keyShape = regexp.MustCompile(`^SN=([0-9A-Fa-f]+),CA=(.+)$`)

// verifies wants the digest of the body, and a signature over exactly the headers that the standard names.
func verifies(r *http.Request, body []byte, certificate *x509.Certificate) bool {
	signed, shaped := thirdparty.SignatureOf(r)
	key := keyShape.FindStringSubmatch(signed.KeyID)
	if !shaped || key == nil || !strings.EqualFold(key[1], fmt.Sprintf("%x", certificate.SerialNumber)) || key[2] != certificate.Issuer.String() {
		return false
	}
	var names []string
	for _, name := range []string{"digest", "x-request-id", "psu-id", "psu-corporate-id", "tpp-redirect-uri"} {
		if r.Header.Get(name) != "" {
			names = append(names, name)
		}
	}
	return slices.Equal(signed.Headers, names) && thirdparty.Digested(r, body) && signed.Verifies(r, certificate)
}
