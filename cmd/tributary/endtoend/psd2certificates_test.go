package endtoend

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/ports/store/storetest/pgcluster"
)

// certified is a bank with a PSD2 interface that is started again and again at
// the same addresses, each time with other certificates. Its customers' consents
// outlive it.
type certified struct {
	*bank
	pages, psd2, consents string
}

// certifiedBank chooses its addresses; settings are YAML of its own beside the
// name.
func certifiedBank(t *testing.T, settings string, personas ...persona) *certified {
	t.Helper()
	c := &certified{bank: &bank{config: thirdPartyBank(t, settings, personas...)}, consents: filepath.Join(t.TempDir(), "consents.jsonl")}
	for _, address := range []*string{&c.pages, &c.psd2} {
		var err error
		*address, err = pgcluster.FreeAddress()
		require.NoError(t, err)
	}
	return c
}

// open starts the bank with the certificates of a folder, in the place of the
// process before.
func (c *certified) open(t *testing.T, certificates string) {
	t.Helper()
	if c.process != nil {
		c.process.kill(t)
	}
	c.process = launch(t, filepath.Join(programs, "testbank"), "serve", "--listen", c.pages, "--psd2-listen", c.psd2, "--psd2-certificates", certificates,
		"--consents", c.consents, "--until-stdin-closes", "--config", c.config)
	c.url = "http://" + c.pages
	c.atNoon(t)
}

// papers makes certificates as an operator does, and gives their folder.
func papers(t *testing.T, args ...string) string {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "certificates")
	require.NoError(t, execute(filepath.Join(programs, "tributary"), append([]string{"keys", "certificates", "--out", folder}, args...)...))
	return folder
}

// trusting is what a folder holds with an authority file that names several.
func trusting(t *testing.T, own string, others ...string) string {
	t.Helper()
	folder := t.TempDir()
	require.NoError(t, os.CopyFS(folder, os.DirFS(own)))
	var all []byte
	for _, other := range others {
		text, err := os.ReadFile(filepath.Join(other, "ca.pem"))
		require.NoError(t, err)
		all = append(all, text...)
	}
	require.NoError(t, os.WriteFile(filepath.Join(folder, "ca.pem"), all, 0o600))
	return folder
}

// cataloguedAs is a bank's entry in the catalogue, reached at an address.
func cataloguedAs(id, address, pages, changes string) string {
	return fmt.Sprintf("id: %s\nname: Test Bank\ncountry: FR\nstandard: berlin-group\nversion: \"1.3.11\"\naddresses: {api: \"https://%s/xs2a\", hosts: [%q]}\n"+
		"consent: {model: global}\naccounts: {cards: true}\nsignature: {}\nquirks: [until-latest]\n%s", id, address, pages, changes)
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

// asThirdParty starts a server that has the bank in its catalogue, and a user.
func (c *certified) asThirdParty(t *testing.T, identities string) thirdParty {
	t.Helper()
	config := catalogued(t, identities, cataloguedAs("testbank-xs2a", c.psd2, c.pages, "sca: {approaches: [redirect]}\n"))
	s := startSandbox(t, options{bank: c.bank, plugins: pluginFolder(t, "testbank", "psd2"), level: "debug", environment: []string{"TRIBUTARY_CONFIG=" + config}})
	return thirdParty{&drama{bank: c.bank, links: map[string]link{}, staff: s.asClient(t)}, s}.by(t, "anna")
}

// TestPSD2_with_certificates_that_do_not_match has a bank show certificates that
// are not its own, or refuse ours: nothing is sent, the status is typed, nothing
// is lost, and with the right ones it goes on.
func TestPSD2_with_certificates_that_do_not_match(t *testing.T) {
	t.Parallel()
	good, elsewhere, expired, unknown := papers(t), papers(t, "--host", "bank.example"), papers(t, "--life=-30m"), papers(t)
	ours := trusting(t, good, good, elsewhere, expired)
	c := certifiedBank(t, "", plain("anna"))
	c.open(t, ours)
	p := c.asThirdParty(t, ours)
	s := p.sandbox
	l := p.connects(t, "", nil)
	p.onPage(t, l, "anna")
	l.succeeds(t)
	before := l.rowIDs(t)
	require.NotEmpty(t, before)
	for name, wrong := range map[string]struct{ folder, code, says string }{
		"for another host":            {trusting(t, elsewhere, good), "PROVIDER_UNAVAILABLE", "x509.HostnameError"},
		"expired":                     {trusting(t, expired, good), "PROVIDER_UNAVAILABLE", "x509.CertificateInvalidError"},
		"of an authority unknown":     {trusting(t, unknown, good), "PROVIDER_UNAVAILABLE", "x509.UnknownAuthorityError"},
		"that refuses ours, with TLS": {trusting(t, good, unknown), "TECHNICAL_ERROR", "tls.alert"},
	} {
		c.open(t, wrong.folder)
		data := c.stats(t, "anna")["data_calls"]
		l.synchronize(t).fails(t, wrong.code)
		require.Equal(t, before, l.rowIDs(t), "%s: nothing is lost", name)
		other := p.connects(t, "", nil)
		other.fails(t, wrong.code)
		require.Equal(t, data, c.stats(t, "anna")["data_calls"], "%s: the bank is told nothing", name)
		text, err := os.ReadFile(s.process.log)
		require.NoError(t, err)
		require.Contains(t, string(text), wrong.says, "%s: the operator can see why", name)
		text, err = os.ReadFile(c.process.log)
		require.NoError(t, err)
		require.Empty(t, bankSecrets.FindAllString(string(text), 3), name)
	}
	c.open(t, ours)
	l.synchronize(t).succeeds(t)
	require.Equal(t, before, l.rowIDs(t), "with the right one all is as before")
	require.Equal(t, "ACTIVE", l.caller.get(t, "/v1/consents/"+l.look(t).text(t, ".channels[0].consent_id")).want(t, http.StatusOK).text(t, ".status"))
	text, err := os.ReadFile(s.process.log)
	require.NoError(t, err)
	require.Empty(t, bankSecrets.FindAllString(string(text), 3))
}

// TestPSD2_with_an_identity_of_another is an operator's mistake: the seal is that
// of another company. The bank refuses it, and
// users are not asked for anything.
func TestPSD2_with_an_identity_of_another(t *testing.T) {
	t.Parallel()
	good, other := papers(t), papers(t, "--organization-id", "PSDFR-ACPR-11111")
	both := trusting(t, good, good, other)
	for _, name := range []string{"qseal.pem", "qseal.key"} {
		text, err := os.ReadFile(filepath.Join(other, name))
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(filepath.Join(both, name), text, 0o600))
	}
	c := certifiedBank(t, "", plain("anna"))
	c.open(t, both)
	p := c.asThirdParty(t, both)
	p.connects(t, "", nil).fails(t, "TECHNICAL_ERROR")
	text, err := os.ReadFile(p.sandbox.process.log)
	require.NoError(t, err)
	require.Contains(t, string(text), "TECHNICAL_ERROR (*berlin.refused)")
	require.Empty(t, bankSecrets.FindAllString(string(text), 3))
}
