// Package operator owns who we are at the banks: certificates and credentials, from files that the operator names. They
// never stand in the catalogue, which anybody may read.
//
// It knows no bank's interface. Invariant: nothing of a key or a secret is in an error; an Identity that was loaded can
// be used, or the plugin does not start.
package operator

import (
	"cmp"
	"crypto"
	"crypto/tls"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/goccy/go-yaml"
)

// maxFile bounds each file that is read, in bytes.
const maxFile = 256 << 10

// Identity is who we are at one bank.
type Identity struct {
	// Transport is the web-site certificate (QWAC) that TLS connections show; nil shows none.
	Transport *tls.Certificate
	// Seal is the seal certificate (QSEAL) that requests are signed with; nil cannot sign.
	Seal *Seal
	// Roots are trusted instead of the system's, for test banks; nil trusts the system's.
	Roots        *x509.CertPool
	ClientID     string
	ClientSecret string
	// Address is ours, for a consent whose user's address is not known.
	Address string
}

// Seal is a key with its certificate.
type Seal struct {
	Certificate *x509.Certificate
	Key         crypto.Signer
	// Address is where banks find the certificate, for those that want to be told so.
	Address string
	// KeyID is the name by which the key was registered; empty where it has none.
	KeyID string
}

// Identities are those of all banks.
type Identities struct {
	common Identity
	byBank map[string]Identity
}

// Of gives the identity at a bank.
func (i Identities) Of(bank string) Identity {
	if own, ok := i.byBank[bank]; ok {
		return own
	}
	return i.common
}

// entry is how an identity is written.
type entry struct {
	Transport   *pair  `yaml:"transport"`
	Seal        *pair  `yaml:"seal"`
	Authorities string `yaml:"authorities"`
	ClientID    string `yaml:"client_id"`
	// ClientSecret names a file: secrets do not stand among settings.
	ClientSecret string `yaml:"client_secret_file"`
	Address      string `yaml:"address"`
}

type pair struct {
	Certificate string `yaml:"certificate"`
	Key         string `yaml:"key"`
	// Address and KeyID are of a seal alone.
	Address string `yaml:"address"`
	KeyID   string `yaml:"key_id"`
}

// Load reads the file of identities. Paths in it are relative to its folder. known are the ids of the catalogue.
func Load(path string, known []string) (Identities, error) {
	text, err := read(path)
	if err != nil {
		return Identities{}, fmt.Errorf("%s: cannot be read", path)
	}
	var written struct {
		Common entry            `yaml:"common"`
		Banks  map[string]entry `yaml:"banks"`
	}
	if err := yaml.UnmarshalWithOptions(text, &written, yaml.Strict()); err != nil {
		return Identities{}, mistaken(filepath.Base(path), err)
	}
	l := loader{folder: filepath.Dir(path)}
	out := Identities{common: l.identity("common", written.Common), byBank: map[string]Identity{}}
	isKnown := map[string]bool{}
	for _, id := range known {
		isKnown[id] = true
	}
	for id, own := range written.Banks {
		if !isKnown[id] {
			l.complain("banks."+id, errors.New("the catalogue has no such bank"))
		}
		out.byBank[id] = l.identity("banks."+id, own.over(written.Common))
	}
	if err := errors.Join(l.wrong...); err != nil {
		return Identities{}, fmt.Errorf("%s: %w", filepath.Base(path), err)
	}
	return out, nil
}

// over fills what a bank's own entry leaves out.
func (e entry) over(common entry) entry {
	e.Transport, e.Seal = cmp.Or(e.Transport, common.Transport), cmp.Or(e.Seal, common.Seal)
	e.Authorities, e.ClientID = cmp.Or(e.Authorities, common.Authorities), cmp.Or(e.ClientID, common.ClientID)
	e.ClientSecret, e.Address = cmp.Or(e.ClientSecret, common.ClientSecret), cmp.Or(e.Address, common.Address)
	return e
}

// mistaken tells the line, and what is wrong there without quoting the file: a secret may stand in the wrong place.
func mistaken(name string, err error) error {
	var at yaml.Error
	if errors.As(err, &at) && at.GetToken() != nil {
		message, _, _ := strings.Cut(at.GetMessage(), "\n")
		return fmt.Errorf("%s:%d: %s", name, at.GetToken().Position.Line, message)
	}
	return fmt.Errorf("%s: is not YAML", name)
}

// loader reads what the entries name and collects what is wrong.
type loader struct {
	folder string
	wrong  []error
}

func (l *loader) complain(place string, err error) {
	l.wrong = append(l.wrong, fmt.Errorf("%s: %w", place, err))
}

func (l *loader) identity(place string, e entry) Identity {
	out := Identity{ClientID: e.ClientID, Address: e.Address}
	if e.Transport != nil {
		if e.Transport.Address != "" || e.Transport.KeyID != "" {
			l.complain(place+".transport", errors.New("only a seal has an address or a key_id"))
		}
		if loaded, ok := l.pair(place+".transport", *e.Transport); ok {
			out.Transport = &loaded
			out.ClientID = cmp.Or(out.ClientID, OrganizationID(loaded.Leaf))
		}
	}
	if e.Seal != nil {
		if loaded, ok := l.pair(place+".seal", *e.Seal); ok {
			out.Seal = l.seal(place+".seal", loaded, *e.Seal)
		}
	}
	if e.Authorities != "" {
		out.Roots = x509.NewCertPool()
		if text, err := read(l.path(e.Authorities)); err != nil || !out.Roots.AppendCertsFromPEM(text) {
			l.complain(place+".authorities", errors.New("holds no certificate (PEM)"))
		}
	}
	if e.ClientSecret != "" {
		text, err := read(l.path(e.ClientSecret))
		if err != nil {
			l.complain(place+".client_secret_file", errors.New("cannot be read"))
		}
		out.ClientSecret = strings.TrimSpace(string(text))
	}
	return out
}

func (l *loader) seal(place string, loaded tls.Certificate, written pair) *Seal {
	address := written.Address
	if parsed, err := url.Parse(address); address != "" && (err != nil || parsed.Scheme != "https" || parsed.Host == "" || strings.ContainsAny(address, `"\ `)) {
		l.complain(place+".address", errors.New("is not an address where banks can find the certificate (https)"))
	}
	key, ok := loaded.PrivateKey.(crypto.Signer)
	if !ok {
		l.complain(place, errors.New("the key cannot sign"))
	}
	return &Seal{Certificate: loaded.Leaf, Key: key, Address: address, KeyID: written.KeyID}
}

// pair reads a certificate with its key. What crypto/tls says of them names no content.
func (l *loader) pair(place string, p pair) (tls.Certificate, bool) {
	certificate, err := read(l.path(p.Certificate))
	if err != nil {
		l.complain(place+".certificate", errors.New("cannot be read"))
		return tls.Certificate{}, false
	}
	key, err := read(l.path(p.Key))
	if err != nil {
		l.complain(place+".key", errors.New("cannot be read"))
		return tls.Certificate{}, false
	}
	loaded, err := tls.X509KeyPair(certificate, key)
	if err != nil {
		l.complain(place, errors.New("certificate and key (PEM) do not belong together, or are none"))
		return tls.Certificate{}, false
	}
	return loaded, true
}

func (l *loader) path(name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(l.folder, name)
}

func read(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil || !info.Mode().IsRegular() || info.Size() > maxFile {
		return nil, errors.New("no such file, or too large")
	}
	return os.ReadFile(path)
}

// organization is the attribute organizationIdentifier (ITU-T X.520, ETSI EN 319 412-1).
var organization = asn1.ObjectIdentifier{2, 5, 4, 97}

// OrganizationID is the authorisation number in a PSD2 certificate, such as PSDFR-ACPR-12345; empty where there is none.
func OrganizationID(certificate *x509.Certificate) string {
	if certificate == nil {
		return ""
	}
	for _, name := range certificate.Subject.Names {
		if text, ok := name.Value.(string); ok && name.Type.Equal(organization) {
			return text
		}
	}
	return ""
}
