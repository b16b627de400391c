package sandbox

import (
	_ "embed" // the logos
	"encoding/base64"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/tributary-dev/tributary/cmd/tributary/certificates"
	"github.com/tributary-dev/tributary/cmd/tributary/node"
)

// psd2Plugin is the plugin that speaks with banks over PSD2 interfaces.
const psd2Plugin = "psd2"

// thirdParty is what the plugin psd2 and the test bank need of each other: certificates, and the bank's entry in the
// catalogue. It lies in a folder of the data that ends with the sandbox, so that certificates never outlive their time.
type thirdParty struct {
	folder string
	// consents are the bank's, which outlive it with our data.
	consents string
}

// asThirdParty makes the folder, where the plugin is installed and is told nothing by hand; nil otherwise.
func asThirdParty(config node.Config) (*thirdParty, error) {
	if _, err := os.Stat(filepath.Join(config.Plugins, psd2Plugin+".json")); err != nil || len(config.Settings[psd2Plugin]) > 0 {
		return nil, nil //nolint:nilerr // who does not want it has nothing of it
	}
	folder, err := freshFolder(config.Data)
	if err != nil {
		return nil, err
	}
	p := &thirdParty{folder: folder, consents: filepath.Join(config.Data, "testbank-consents.jsonl")}
	_, err = certificates.Write(p.papers(), certificates.Wanted{
		Organization: "Tributary Sandbox", Country: "FR", ID: company, Hosts: []string{"127.0.0.1"}, Now: time.Now(), Life: 5 * 365 * 24 * time.Hour,
	})
	if err == nil {
		err = os.Mkdir(p.banks(), 0o700)
	}
	if err != nil {
		p.Close()
		return nil, fmt.Errorf("certificates for the test bank: %w", err)
	}
	return p, nil
}

// freshFolder is one of this process, below the data, by its whole path: plugins do not work where we do. Those of processes
// that were killed are removed.
func freshFolder(data string) (string, error) {
	data, err := filepath.Abs(data)
	if err != nil {
		return "", err
	}
	left, err := filepath.Glob(filepath.Join(data, "psd2-*"))
	if err != nil {
		return "", err
	}
	for _, folder := range left {
		pid, err := strconv.Atoi(strings.TrimPrefix(filepath.Base(folder), "psd2-"))
		if err == nil && (pid == os.Getpid() || errors.Is(syscall.Kill(pid, 0), syscall.ESRCH)) {
			_ = os.RemoveAll(folder)
		}
	}
	folder := filepath.Join(data, "psd2-"+strconv.Itoa(os.Getpid()))
	return folder, os.Mkdir(folder, 0o700)
}

func (p *thirdParty) papers() string { return filepath.Join(p.folder, "certificates") }
func (p *thirdParty) banks() string  { return filepath.Join(p.folder, "banks") }

// arguments open the bank's interface.
func (p *thirdParty) arguments() []string {
	if p == nil {
		return nil
	}
	return []string{"--psd2-listen", "127.0.0.1:0", "--psd2-certificates", p.papers(), "--consents", p.consents}
}

// entry is the test bank in the catalogue, once for each way in which its customers can prove who they are.
const entry = `id: %s
name: %s
country: FR
logo: "data:image/png;base64,%s"
standard: berlin-group
version: "1.3.11"
addresses: {api: "%s", hosts: ["%s"]}
sca: %s
consent: {model: global}
accounts: {cards: true, with_balance: true}
signature: {}
quirks: [until-latest] # the bank's clock may have been moved
`

// The bank's logos are drawn by testbank/picture.
var (
	//go:embed logo.png
	logo []byte
	//go:embed logo-app.png
	logoApp []byte
	//go:embed logo-password.png
	logoPassword []byte
)

// way is the id, name, approaches and logo of an entry.
type way struct {
	id, name, approaches string
	logo                 []byte
}

var ways = []way{
	{"testbank-xs2a", "Test Bank (PSD2)", "{approaches: [redirect]}", logo},
	{"testbank-xs2a-app", "Test Bank (PSD2, app)", "{approaches: [decoupled], psu_id: required}", logoApp},
	{"testbank-xs2a-password", "Test Bank (PSD2, password)", "{approaches: [embedded], psu_id: required}", logoPassword},
}

// told writes the catalogue for a bank that runs, and has the plugin read it.
func (p *thirdParty) told(config node.Config, bank *testBank) (node.Config, error) {
	if p == nil {
		return config, nil
	}
	pages, err := url.Parse(bank.URL)
	if err != nil {
		return config, err
	}
	for _, way := range served(config) {
		text := fmt.Sprintf(entry, way.id, way.name, base64.StdEncoding.EncodeToString(way.logo), bank.PSD2URL, pages.Host, way.approaches)
		if err := os.WriteFile(filepath.Join(p.banks(), way.id+".yaml"), []byte(text), 0o600); err != nil {
			return config, err
		}
	}
	if err := p.frenchEntry(bank, pages.Host); err != nil {
		return config, err
	}
	if err := p.britishEntries(bank, pages.Host); err != nil {
		return config, err
	}
	config.Settings = maps.Clone(config.Settings)
	if config.Settings == nil {
		config.Settings = map[string]map[string]string{}
	}
	config.Settings[psd2Plugin] = map[string]string{"catalogue": p.banks(), "identities": filepath.Join(p.papers(), certificates.Identities)}
	return config, nil
}

// Close removes the folder.
func (p *thirdParty) Close() {
	if p != nil {
		_ = os.RemoveAll(p.folder)
	}
}
