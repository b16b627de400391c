package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/tributary-dev/tributary/cmd/tributary/certificates"
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

// Run makes them. What is there already is left alone.
func (c keysCertificates) Run(_ context.Context, std streams, _ setting.Values) error {
	written, err := certificates.Write(c.Out, certificates.Wanted{
		Organization: c.Organization, Country: c.Country, ID: c.ID, Hosts: c.Host, Now: time.Now(), Life: c.Life,
	})
	if errors.Is(err, certificates.ErrID) {
		return fmt.Errorf("--organization-id: %w", err)
	}
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(std.out, written)
	}
	_, err = fmt.Fprintf(std.out, "%s holds an authority, a web-site certificate and a seal for %s, for test banks only.\n", c.Out, c.ID)
	return err
}
