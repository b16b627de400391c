package scripted

import (
	"crypto"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"time"

	"github.com/tributary-dev/tributary/cmd/tributary/eidas"
	"github.com/tributary-dev/tributary/plugins/psd2/operator"
)

// Papers are the certificates of both sides.
type Papers struct {
	Authority *eidas.Authority
	// Bank and Web are what each side shows the other.
	Bank, Web tls.Certificate
	// Seal is ours.
	Seal operator.Seal
}

// PapersOf makes them, which takes long: a test makes them once.
func PapersOf(us, bank eidas.Organization) *Papers {
	p := &Papers{Authority: must(eidas.NewAuthority("Test", time.Now(), time.Hour))}
	ours, sealed, theirs := must(p.Authority.Web(us)), must(p.Authority.Seal(us)), must(p.Authority.Web(bank, "127.0.0.1"))
	p.Web, p.Bank = must(tls.X509KeyPair(ours.Certificate, ours.Key)), must(tls.X509KeyPair(theirs.Certificate, theirs.Key))
	key, _ := pem.Decode(sealed.Key)
	leaf, _ := pem.Decode(sealed.Certificate)
	private, is := must(x509.ParsePKCS8PrivateKey(key.Bytes)).(crypto.Signer)
	if !is {
		panic("a key that cannot sign")
	}
	p.Seal = operator.Seal{Certificate: must(x509.ParseCertificate(leaf.Bytes)), Key: private}
	return p
}

// Identity is who we are at the bank.
func (p *Papers) Identity(clientID string) operator.Identity {
	return operator.Identity{Transport: &p.Web, Seal: &p.Seal, Roots: p.Authority.Pool(), ClientID: clientID}
}

func must[T any](made T, err error) T {
	if err != nil {
		panic(err)
	}
	return made
}
