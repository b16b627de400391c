package xs2a

import (
	"bytes"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/asn1"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"
)

// caller is a third party, as its certificates name it.
type caller struct {
	id   string
	body []byte
}

// maxBody is the largest request that is read.
const maxBody = 64 << 10

// recognise reads who calls, from the certificate of the connection and the seal of the request.
func (x *Interface) recognise(w http.ResponseWriter, r *http.Request) (caller, *problem) {
	if x.bank.Authorities == nil || r.TLS == nil || len(r.TLS.PeerCertificates) == 0 {
		return caller{}, &problem{http.StatusUnauthorized, "CERTIFICATE_MISSING", "The connection shows no certificate."}
	}
	web, wrong := x.trusted(r.TLS.PeerCertificates[0])
	if wrong != nil {
		return caller{}, wrong
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
	seal, wrong := x.trusted(certificate)
	if wrong != nil {
		return caller{}, wrong
	}
	if seal != web {
		return caller{}, &problem{http.StatusUnauthorized, "CERTIFICATE_INVALID", "Connection and signature are of two companies."}
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		return caller{}, &problem{http.StatusBadRequest, "FORMAT_ERROR", "The body is too long."}
	}
	if !verifies(r, body, certificate) {
		return caller{}, &problem{http.StatusUnauthorized, "SIGNATURE_INVALID", "Digest or signature is wrong."}
	}
	return caller{web, body}, nil
}

// trusted gives the authorisation number of a certificate that was issued by one of the authorities, is good today and
// has the role of account information.
func (x *Interface) trusted(certificate *x509.Certificate) (string, *problem) {
	_, err := certificate.Verify(x509.VerifyOptions{Roots: x.bank.Authorities, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny}})
	switch {
	case time.Now().After(certificate.NotAfter):
		return "", &problem{http.StatusUnauthorized, "CERTIFICATE_EXPIRED", "The certificate is over."}
	case err != nil:
		return "", &problem{http.StatusUnauthorized, "CERTIFICATE_INVALID", "The certificate is of no authority known here."}
	case !slices.Contains(rolesOf(certificate), "PSP_AI"):
		return "", &problem{http.StatusUnauthorized, "ROLE_INVALID", "The certificate lacks the role PSP_AI."}
	}
	for _, name := range certificate.Subject.Names {
		if id, text := name.Value.(string); text && name.Type.String() == "2.5.4.97" {
			return id, nil
		}
	}
	return "", &problem{http.StatusUnauthorized, "CERTIFICATE_INVALID", "The certificate names no authorised company."}
}

// rolesOf reads the statement of ETSI TS 119 495 among the QCStatements.
func rolesOf(certificate *x509.Certificate) (names []string) {
	var statements []struct {
		ID   asn1.ObjectIdentifier
		Info asn1.RawValue `asn1:"optional"`
	}
	for _, e := range certificate.Extensions {
		if e.Id.String() == "1.3.6.1.5.5.7.1.3" {
			_, _ = asn1.Unmarshal(e.Value, &statements)
		}
	}
	for _, s := range statements {
		var info struct {
			Roles []struct {
				ID   asn1.ObjectIdentifier
				Name string
			}
			Supervisor, SupervisorID string
		}
		if _, err := asn1.Unmarshal(s.Info.FullBytes, &info); s.ID.String() != "0.4.0.19495.2" || err != nil {
			continue
		}
		for _, role := range info.Roles {
			names = append(names, role.Name)
		}
	}
	return names
}

var signatureShape = regexp.MustCompile(`^keyId="SN=([0-9A-Fa-f]+),CA=([^"]+)",algorithm="rsa-sha256",headers="([a-z -]+)",signature="([A-Za-z0-9+/=]+)"$`)

// verifies wants the digest of the body, and a signature over exactly the headers that the standard names.
func verifies(r *http.Request, body []byte, certificate *x509.Certificate) bool {
	sum := sha256.Sum256(body)
	found := signatureShape.FindStringSubmatch(r.Header.Get("Signature"))
	key, isRSA := certificate.PublicKey.(*rsa.PublicKey)
	if r.Header.Get("Digest") != "SHA-256="+base64.StdEncoding.EncodeToString(sum[:]) || found == nil || !isRSA {
		return false
	}
	if !strings.EqualFold(found[1], fmt.Sprintf("%x", certificate.SerialNumber)) || found[2] != certificate.Issuer.String() {
		return false
	}
	var names []string
	var text bytes.Buffer
	for _, name := range []string{"digest", "x-request-id", "psu-id", "psu-corporate-id", "tpp-redirect-uri"} {
		if value := r.Header.Get(name); value != "" {
			names = append(names, name)
			if text.Len() > 0 {
				text.WriteByte('\n')
			}
			text.WriteString(name + ": " + value)
		}
	}
	signed, err := base64.StdEncoding.DecodeString(found[4])
	hash := sha256.Sum256(text.Bytes())
	return err == nil && found[3] == strings.Join(names, " ") && rsa.VerifyPKCS1v15(key, crypto.SHA256, hash[:], signed) == nil
}
