package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/tributary-dev/tributary/cmd/tributary/eidas"
	"github.com/tributary-dev/tributary/cmd/tributary/setting"
)

type keysCertificates struct {
	Out          string        `help:"The folder to write to; it is made where it is not there." required:"" placeholder:"DIR"`
	Organization string        `help:"The name of the company." default:"Tributary Sandbox"`
	Country      string        `help:"Its country, ISO 3166-1 alpha-2." default:"FR"`
	ID           string        `help:"Its authorisation number as PSD2 certificates write it." name:"organization-id" default:"PSDFR-ACPR-99999"`
	Host         []string      `help:"Hosts of the web-site certificate: names or addresses." default:"127.0.0.1,localhost"`
	Life         time.Duration `help:"How long they are good." default:"8760h"`
	JSON         bool          `name:"json" help:"Print JSON."`
}

// Help says what they are for.
func (keysCertificates) Help() string {
	return examples("Makes an authority, a web-site certificate (QWAC) and a seal (QSEAL) with the attributes of PSD2, and the file of identities "+
		"that the plugin psd2 reads. They are for test banks: real banks trust qualified ones only.",
		"tributary keys certificates --out certificates", "tributary keys certificates --out certificates --organization-id PSDFR-ACPR-12345")
}

// identities is what the plugin psd2 reads beside the certificates.
const identities = `# Who we are at the banks: the plugin psd2 reads this file (setting identities).
common:
  transport: {certificate: qwac.pem, key: qwac.key}
  seal: {certificate: qseal.pem, key: qseal.key}
  authorities: ca.pem # test banks only: leave it out for real ones
`

// Run makes them. What is there already is left alone.
func (c keysCertificates) Run(_ context.Context, std streams, _ setting.Values) error {
	files, err := c.files()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(c.Out, 0o700); err != nil {
		return err
	}
	for _, f := range files {
		if _, err := os.Lstat(filepath.Join(c.Out, f.name)); !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("%s is there already and was left alone", filepath.Join(c.Out, f.name))
		}
	}
	written := map[string]string{}
	for _, f := range files {
		path := filepath.Join(c.Out, f.name)
		if err := os.WriteFile(path, f.text, 0o600); err != nil {
			return err
		}
		written[f.name] = path
	}
	if c.JSON {
		return printJSON(std.out, written)
	}
	_, err = fmt.Fprintf(std.out, "%s holds an authority, a web-site certificate and a seal for %s, for test banks only.\n", c.Out, c.ID)
	return err
}

type namedFile struct {
	name string
	text []byte
}

func (c keysCertificates) files() ([]namedFile, error) {
	authority, err := eidas.NewAuthority("Test authority of "+c.Organization, time.Now(), c.Life)
	if err != nil {
		return nil, err
	}
	// The supervisor stands inside the number: PSDFR-ACPR-12345.
	parts := strings.SplitN(c.ID, "-", 3)
	if len(parts) != 3 || len(parts[0]) != 5 || !strings.HasPrefix(parts[0], "PSD") {
		return nil, fmt.Errorf("--organization-id: wants the form PSDFR-ACPR-12345 (ETSI TS 119 495, section 5.2.1)")
	}
	who := eidas.Organization{Name: c.Organization, Country: c.Country, ID: c.ID, Supervisor: parts[1], SupervisorID: strings.TrimPrefix(parts[0], "PSD") + "-" + parts[1]}
	web, err := authority.Web(who, c.Host...)
	seal, err2 := authority.Seal(who)
	if err := cmp.Or(err, err2); err != nil {
		return nil, err
	}
	return []namedFile{
		{"ca.pem", authority.Certificate()}, {"qwac.pem", web.Certificate}, {"qwac.key", web.Key}, {"qseal.pem", seal.Certificate}, {"qseal.key", seal.Key},
		{"identities.yaml", []byte(identities)},
	}, nil
}
