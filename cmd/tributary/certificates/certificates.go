// Package certificates owns the folder of test certificates with which we and a test bank show each other who we are: an
// authority, a web-site certificate (QWAC), a seal (QSEAL), and the file of identities that the plugin psd2 reads.
//
// How a certificate is made is package eidas's. Invariants: what is there already is left alone; keys are for the owner of
// the folder only.
package certificates

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/tributary-dev/tributary/cmd/tributary/eidas"
)

// Wanted says for whom they are.
type Wanted struct {
	// Organization is the name of the company, Country its own, ID its authorisation number: PSDFR-ACPR-12345.
	Organization, Country, ID string
	// Hosts are those of the web-site certificate: names or addresses.
	Hosts []string
	Now   time.Time
	Life  time.Duration
}

// Names of files that others read.
const (
	Authority  = "ca.pem"
	Identities = "identities.yaml"
)

// IdentitiesWith is the text of that file; seal is the address where banks find the seal, empty where none has to.
func IdentitiesWith(seal string) string {
	if seal == "" {
		return identities
	}
	return strings.Replace(identities, "qseal.key}", "qseal.key, address: \""+seal+"\"}", 1)
}

const identities = `# Who we are at the banks: the plugin psd2 reads this file (setting identities).
common:
  transport: {certificate: qwac.pem, key: qwac.key}
  seal: {certificate: qseal.pem, key: qseal.key}
  authorities: ca.pem # test banks only: leave it out for real ones
`

// ErrID says that an authorisation number has another form than certificates write it in.
var ErrID = errors.New("wants the form PSDFR-ACPR-12345 (ETSI TS 119 495, section 5.2.1)")

type file struct {
	name string
	text []byte
}

// Write makes them in a folder, and the folder where it is not there. It gives the paths by name.
func Write(folder string, w Wanted) (map[string]string, error) {
	files, err := w.files()
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, err
	}
	for _, f := range files {
		if _, err := os.Lstat(filepath.Join(folder, f.name)); !errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("%s is there already and was left alone", filepath.Join(folder, f.name))
		}
	}
	written := map[string]string{}
	for _, f := range files {
		path := filepath.Join(folder, f.name)
		if err := os.WriteFile(path, f.text, 0o600); err != nil {
			return nil, err
		}
		written[f.name] = path
	}
	return written, nil
}

func (w Wanted) files() ([]file, error) {
	authority, err := eidas.NewAuthority("Test authority of "+w.Organization, w.Now, w.Life)
	if err != nil {
		return nil, err
	}
	// The supervisor stands inside the number: PSDFR-ACPR-12345.
	parts := strings.SplitN(w.ID, "-", 3)
	if len(parts) != 3 || len(parts[0]) != 5 || !strings.HasPrefix(parts[0], "PSD") {
		return nil, ErrID
	}
	who := eidas.Organization{Name: w.Organization, Country: w.Country, ID: w.ID, Supervisor: parts[1], SupervisorID: strings.TrimPrefix(parts[0], "PSD") + "-" + parts[1]}
	web, err := authority.WebRSA(who, w.Hosts...)
	seal, err2 := authority.Seal(who)
	if err := cmp.Or(err, err2); err != nil {
		return nil, err
	}
	return []file{
		{Authority, authority.Certificate()}, {"qwac.pem", web.Certificate}, {"qwac.key", web.Key}, {"qseal.pem", seal.Certificate}, {"qseal.key", seal.Key},
		{Identities, []byte(IdentitiesWith(""))},
	}, nil
}
