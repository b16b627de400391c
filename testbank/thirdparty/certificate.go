package thirdparty

import (
	"crypto/x509"
	"encoding/asn1"
	"net/http"
	"slices"
	"time"

	"github.com/tributary-dev/tributary/testbank/bank"
)

// Doubt is why a certificate makes nobody a third party; empty where it does.
type Doubt string

// The doubts.
const (
	Missing  Doubt = "The connection shows no certificate."
	Expired  Doubt = "The certificate is over."
	Unknown  Doubt = "The certificate is of no authority known here."
	Roleless Doubt = "The certificate lacks the role PSP_AI."
	Nameless Doubt = "The certificate names no authorised company."
)

// Caller gives the authorisation number of whoever calls, by the certificate of the connection.
func Caller(b *bank.Bank, r *http.Request) (id string, doubt Doubt) {
	if b.Authorities == nil || r.TLS == nil || len(r.TLS.PeerCertificates) == 0 {
		return "", Missing
	}
	return Named(b, r.TLS.PeerCertificates[0])
}

// Named gives the authorisation number of a certificate that was issued by one of the bank's authorities, is good today and
// has the role of account information.
func Named(b *bank.Bank, certificate *x509.Certificate) (id string, doubt Doubt) {
	_, err := certificate.Verify(x509.VerifyOptions{Roots: b.Authorities, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny}})
	switch {
	case time.Now().After(certificate.NotAfter):
		return "", Expired
	case err != nil:
		return "", Unknown
	case !slices.Contains(rolesOf(certificate), "PSP_AI"):
		return "", Roleless
	}
	for _, name := range certificate.Subject.Names {
		if id, text := name.Value.(string); text && name.Type.String() == "2.5.4.97" {
			return id, ""
		}
	}
	return "", Nameless
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
