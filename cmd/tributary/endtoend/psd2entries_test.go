package endtoend

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// The standards by the names that a catalogue has for them.
const (
	berlin  = "berlin-group"
	french  = "stet"
	british = "open-banking-uk"
)

// entered is a bank's entry in the catalogue. It is reached at an address, or
// below a path of it, and has its pages elsewhere; more is YAML of its own.
func (c *certified) entered(standard, id, below, more string) string {
	switch standard {
	case french:
		return cataloguedInFrench(id, c.psd2, c.pages, below, more)
	case british:
		return cataloguedInEnglish(id, c.psd2, c.pages, below, more)
	}
	return cataloguedAs(id, c.psd2, c.pages, "sca: {approaches: [redirect]}\n"+more)
}

// cataloguedAs is a bank's entry in the catalogue, reached at an address.
func cataloguedAs(id, address, pages, changes string) string {
	return fmt.Sprintf("id: %s\nname: Test Bank\ncountry: FR\nstandard: berlin-group\nversion: \"1.3.11\"\naddresses: {api: \"https://%s/xs2a\", hosts: [%q]}\n"+
		"consent: {model: global}\naccounts: {cards: true}\nsignature: {}\nquirks: [until-latest]\n%s", id, address, pages, changes)
}

// cataloguedInFrench is the entry of one of STET. Without another path and model
// it is v1 with mixed consents.
func cataloguedInFrench(id, address, pages, below, more string) string {
	for word, usual := range map[string]string{"consent:": "consent: {model: mixed}\n", "signature:": "signature: {}\n", "version_path:": ""} {
		if !strings.Contains(more, word) {
			more += usual
		}
	}
	path, more := cutLine(more, "version_path: ")
	if path != "" {
		path = ", version_path: " + path
	}
	return fmt.Sprintf("id: %s\nname: Banque\ncountry: FR\nstandard: stet\nversion: \"1.4.0\"\naddresses: {api: \"https://%[2]s%[4]s/stet\", hosts: [%[3]q]%[5]s}\nsca: {approaches: [redirect]}\n"+
		"oauth: {kind: pre-step, authorization: \"http://%[3]s%[4]s/stet/authorize\", token: \"https://%[2]s%[4]s/stet/token\", scope: aisp extended_transaction_history}\n%[6]s",
		id, address, pages, below, path, more)
}

// cataloguedInEnglish is the entry of one of UK Open Banking: of 3.1, whose
// values come back in the fragment, unless it says otherwise.
func cataloguedInEnglish(id, address, pages, below, more string) string {
	way, more := cutLine(more, "oauth: ")
	version, more := cutLine(more, "version: ")
	if version == "" {
		version = `"3.1.11"`
	}
	if !strings.Contains(more, "consent:") {
		more += "consent: {model: permissions, days: 90}\n"
	}
	if way != "" {
		way = ", " + way
	}
	return fmt.Sprintf("id: %s\nname: Bank\ncountry: GB\nstandard: open-banking-uk\nversion: %[6]s\naddresses: {api: \"https://%[2]s%[4]s\", hosts: [%[3]q]}\nsca: {approaches: [redirect]}\n"+
		"oauth: {kind: openid, issuer: \"https://%[2]s%[4]s/open-banking\"%[5]s}\naccounts: {types: [CHECKINGS, CREDIT_CARD]}\nhistory: {days: 400}\n%[7]s",
		id, address, pages, below, way, version, more)
}

// cutLine takes a line that begins so out of a text, and gives what follows on it.
func cutLine(text, begin string) (found, rest string) {
	for line := range strings.Lines(text) {
		if after, is := strings.CutPrefix(line, begin); is {
			found = strings.TrimSpace(after)
			continue
		}
		rest += line
	}
	return found, rest
}

// catalogued writes what an operator tells the plugin, and gives the server's
// file of settings.
func catalogued(t *testing.T, identities string, entries ...string) string {
	t.Helper()
	banks, config := t.TempDir(), filepath.Join(t.TempDir(), "tributary.yaml")
	for i, entry := range entries {
		require.NoError(t, os.WriteFile(filepath.Join(banks, fmt.Sprintf("bank-%d.yaml", i)), []byte(entry), 0o600))
	}
	settings := fmt.Sprintf("plugin_settings:\n  psd2: {catalogue: %q, identities: %q}\n", banks, filepath.Join(identities, "identities.yaml"))
	require.NoError(t, os.WriteFile(config, []byte(settings), 0o600))
	return config
}

// asThirdParty starts a server that has entries of the bank in its catalogue.
func (c *certified) asThirdParty(t *testing.T, identities string, entries ...string) thirdParty {
	t.Helper()
	config := catalogued(t, identities, entries...)
	s := startSandbox(t, options{bank: c.bank, plugins: pluginFolder(t, "testbank", "psd2"), level: "debug", environment: []string{"TRIBUTARY_CONFIG=" + config}})
	return thirdParty{&drama{bank: c.bank, links: map[string]link{}, staff: s.asClient(t)}, s}
}

// registers tells a bank of UK Open Banking who we are, as an operator does: whose
// key is ours, how we prove to be us, and where browsers come back to.
func (p thirdParty) registers(t *testing.T, c *certified, below, certificates, proof string) {
	t.Helper()
	in := func(name string) string { return filepath.Join(certificates, name) }
	own, err := tls.LoadX509KeyPair(in("qwac.pem"), in("qwac.key"))
	require.NoError(t, err)
	trusted := x509.NewCertPool()
	for _, name := range []string{"ca.pem", "qseal.pem"} {
		text, err := os.ReadFile(in(name))
		require.NoError(t, err)
		trusted.AppendCertsFromPEM(text)
	}
	seal, err := os.ReadFile(in("qseal.pem"))
	require.NoError(t, err)
	body, err := json.Marshal(map[string]any{
		"redirect_uris": []string{p.sandbox.greeting.BaseURL + "/connect/return"}, "token_endpoint_auth_method": proof, "certificates": []string{string(seal)},
	})
	require.NoError(t, err)
	client := &http.Client{Transport: &http.Transport{
		TLSClientConfig: &tls.Config{RootCAs: trusted, Certificates: []tls.Certificate{own}, MinVersion: tls.VersionTLS12}, DisableKeepAlives: true,
	}}
	response, err := client.Post("https://"+c.psd2+below+"/open-banking/register", "application/json", bytes.NewReader(body))
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	require.Equal(t, http.StatusCreated, response.StatusCode)
}

// guest opens a further bank of the same process, below a path.
func (b *bank) guest(t *testing.T, id, text string) (below string) {
	t.Helper()
	request, err := http.NewRequest(http.MethodPut, b.url+"/api/admin/configurations/"+id, strings.NewReader(text))
	require.NoError(t, err)
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	said := new(bytes.Buffer)
	_, err = said.ReadFrom(response.Body)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	require.Equal(t, http.StatusCreated, response.StatusCode, said)
	return "/b/" + id
}

// endTokens ends the access tokens of a customer before their time, as banks do.
func (b *bank) endTokens(t *testing.T, login string) {
	t.Helper()
	b.admin(t, http.MethodPost, "personas/"+login+"/end-tokens", nil, nil)
}
