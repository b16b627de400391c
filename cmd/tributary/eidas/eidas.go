// Package eidas owns test certificates like those that a qualified trust service provider issues to payment service
// providers: an authority of one's own, a web-site certificate (QWAC) and a seal (QSEAL) with the attributes of PSD2.
//
// They are for test banks: no real bank trusts them. It knows nothing of banks or files. Invariant: what it issues has
// the fields of ETSI TS 119 495 and EN 319 412 byte for byte, so that a bank's own reader finds the roles and the
// authorisation number; keys are made here and kept by the caller alone.
package eidas

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"math/big"
	"net"
	"time"
)

// Organization is who a certificate is for.
type Organization struct {
	// Name is that of the company.
	Name string
	// Country is ISO 3166-1 alpha-2.
	Country string
	// ID is the authorisation number as ETSI TS 119 495 writes it: PSDFR-ACPR-12345.
	ID string
	// Supervisor is the national competent authority, its name and its id.
	Supervisor, SupervisorID string
	// Roles are what it may do; account information alone when left out.
	Roles []Role
}

// Pair is a certificate with its key, both as PEM.
type Pair struct{ Certificate, Key []byte }

// Authority issues certificates.
type Authority struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
	now         time.Time
	life        time.Duration
}

// NewAuthority makes an authority whose certificates are good for life from now on.
func NewAuthority(name string, now time.Time, life time.Duration) (*Authority, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	serial, err := serialNumber()
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: name}, NotBefore: now.Add(-time.Hour), NotAfter: now.Add(life),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return nil, err
	}
	certificate, err := x509.ParseCertificate(der)
	return &Authority{certificate: certificate, key: key, now: now, life: life}, err
}

// Certificate is the authority's own, as PEM: what a test bank trusts.
func (a *Authority) Certificate() []byte { return certificatePEM(a.certificate.Raw) }

// Pool trusts this authority alone.
func (a *Authority) Pool() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(a.certificate)
	return pool
}

// Web issues a web-site certificate (QWAC): for TLS, on both sides, and for the hosts named.
func (a *Authority) Web(o Organization, hosts ...string) (Pair, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return Pair{}, err
	}
	return a.web(key, o, hosts)
}

// WebRSA is Web with a key that every program reads: the conformance suite of UK Open Banking knows no other.
func (a *Authority) WebRSA(o Organization, hosts ...string) (Pair, error) {
	key, err := rsa.GenerateKey(rand.Reader, rsaBits)
	if err != nil {
		return Pair{}, err
	}
	return a.web(key, o, hosts)
}

func (a *Authority) web(key crypto.Signer, o Organization, hosts []string) (Pair, error) {
	template, err := a.template(o, webType, psd2WebPolicy)
	if err != nil {
		return Pair{}, err
	}
	for _, host := range hosts {
		if address := net.ParseIP(host); address != nil {
			template.IPAddresses = append(template.IPAddresses, address)
			continue
		}
		template.DNSNames = append(template.DNSNames, host)
	}
	template.KeyUsage = x509.KeyUsageDigitalSignature
	template.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth, x509.ExtKeyUsageServerAuth}
	return a.issue(template, key)
}

const rsaBits = 2048

// Seal issues a seal certificate (QSEAL): for signatures.
func (a *Authority) Seal(o Organization) (Pair, error) {
	template, err := a.template(o, sealType, sealPolicy)
	if err != nil {
		return Pair{}, err
	}
	template.KeyUsage = x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment
	key, err := rsa.GenerateKey(rand.Reader, rsaBits) // the only kind that every bank takes for rsa-sha256
	if err != nil {
		return Pair{}, err
	}
	return a.issue(template, key)
}

func (a *Authority) template(o Organization, kind, policy oid) (*x509.Certificate, error) {
	if o.Name == "" || o.ID == "" || len(o.Country) != 2 {
		return nil, errors.New("eidas: an organization has a name, an authorisation number and a country")
	}
	statements, err := o.statements(kind)
	if err != nil {
		return nil, err
	}
	serial, err := serialNumber()
	if err != nil {
		return nil, err
	}
	named, err := x509.OIDFromInts(policy.wide())
	return &x509.Certificate{
		SerialNumber: serial, NotBefore: a.now.Add(-time.Hour), NotAfter: a.now.Add(a.life), BasicConstraintsValid: true,
		Subject: pkix.Name{
			CommonName: o.Name, Organization: []string{o.Name}, Country: []string{o.Country},
			ExtraNames: []pkix.AttributeTypeAndValue{{Type: organizationIdentifier.asn1(), Value: o.ID}},
		},
		Policies: []x509.OID{named}, ExtraExtensions: []pkix.Extension{{Id: qcStatements.asn1(), Value: statements}},
	}, err
}

func (a *Authority) issue(template *x509.Certificate, key crypto.Signer) (Pair, error) {
	der, err := x509.CreateCertificate(rand.Reader, template, a.certificate, key.Public(), a.key)
	if err != nil {
		return Pair{}, err
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	return Pair{Certificate: certificatePEM(der), Key: pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private})}, err
}

func certificatePEM(der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
}

func serialNumber() (*big.Int, error) {
	return rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
}
