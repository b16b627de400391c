package main

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/tributary-dev/tributary/cmd/tributary/certificates"
	"github.com/tributary-dev/tributary/cmd/tributary/measure/aspsp"
)

// aspsps are the PSD2 banks that are measured with, one of each standard, and what the plugin needs to know of them.
type aspsps struct {
	banks    []*aspsp.Bank
	settings map[string]string
	// config is that of a server that has them in its catalogue.
	config string
}

func (a aspsps) close() {
	for _, bank := range a.banks {
		bank.Close()
	}
}

// openASPSPs starts the banks.
func (b *bench) openASPSPs(rows int) (a aspsps, err error) {
	folder := filepath.Join(b.folder, "certificates")
	own, trust, err := papers(folder)
	if err != nil {
		return a, err
	}
	catalogue := filepath.Join(b.folder, "banks")
	a.settings = map[string]string{"catalogue": catalogue, "identities": filepath.Join(folder, certificates.Identities)}
	a.config = filepath.Join(b.folder, "psd2.yaml")
	files := map[string]string{a.config: fmt.Sprintf("plugin_settings:\n  psd2: {catalogue: %q, identities: %q}\n", catalogue, a.settings["identities"])}
	for _, standard := range aspsp.Standards() {
		bank, err := standard.Open(rows, own, trust)
		if err != nil {
			return a, err
		}
		a.banks = append(a.banks, bank)
		files[filepath.Join(catalogue, bank.ID()+".yaml")] = bank.Entry()
	}
	return a, writeFiles(files)
}

// papers makes the certificates of both sides: one does for both.
func papers(folder string) (own tls.Certificate, trust *x509.CertPool, err error) {
	_, err = certificates.Write(folder, certificates.Wanted{
		Organization: "Measure", Country: "FR", ID: "PSDFR-ACPR-99999", Hosts: []string{"127.0.0.1"}, Now: time.Now(), Life: 24 * time.Hour,
	})
	if err != nil {
		return own, nil, err
	}
	seal := certificates.IdentitiesWith("https://us.example/qseal.pem") // banks of STET are told where it is
	if err := writeFiles(map[string]string{filepath.Join(folder, certificates.Identities): seal}); err != nil {
		return own, nil, err
	}
	authority, err := os.ReadFile(filepath.Join(folder, certificates.Authority))
	if err != nil {
		return own, nil, err
	}
	trust = x509.NewCertPool()
	if !trust.AppendCertsFromPEM(authority) {
		return own, nil, errors.New("the authority is no certificate")
	}
	own, err = tls.LoadX509KeyPair(filepath.Join(folder, "qwac.pem"), filepath.Join(folder, "qwac.key"))
	return own, trust, err
}

func writeFiles(files map[string]string) error {
	for path, text := range files {
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return err
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			return err
		}
	}
	return nil
}
