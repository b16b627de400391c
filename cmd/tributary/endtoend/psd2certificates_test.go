package endtoend

import (
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
	return certifiedAs(t, thirdPartyBank(t, settings, personas...))
}

// certifiedWith is the same with the text of its file.
func certifiedWith(t *testing.T, text string) *certified {
	t.Helper()
	path := filepath.Join(t.TempDir(), "bank.yaml")
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	return certifiedAs(t, path)
}

func certifiedAs(t *testing.T, file string) *certified {
	t.Helper()
	c := &certified{bank: &bank{config: file}, consents: filepath.Join(t.TempDir(), "consents.jsonl")}
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

// TestBanks_whose_certificates_do_not_match has banks of each standard show
// certificates that are not their own, or refuse ours: nothing is sent, the status
// is typed, nothing is lost, and with the right ones it goes on.
func TestBanks_whose_certificates_do_not_match(t *testing.T) {
	t.Parallel()
	good, elsewhere, expired, unknown := papers(t), papers(t, "--host", "bank.example"), papers(t, "--life=-30m"), papers(t)
	ours := trusting(t, good, good, elsewhere, expired)
	standards := []string{berlin, french, british}
	var customers []string
	for _, standard := range standards {
		customers = append(customers, standard, "new-"+standard)
	}
	c := certifiedWith(t, slimBank("", customers...))
	c.open(t, ours)
	sealedAt(t, ours, c)
	var entries []string
	for _, standard := range standards {
		entries = append(entries, c.entered(standard, standard, "", ""))
	}
	p := c.asThirdParty(t, ours, entries...).by(t, "anna")
	p.registers(t, c, "", ours, "private_key_jwt")
	links, before := map[string]link{}, map[string][]string{}
	for _, standard := range standards {
		links[standard] = p.agrees(t, standard, standard)
		before[standard] = links[standard].rowIDs(t)
		require.NotEmpty(t, before[standard])
	}
	for name, wrong := range map[string]struct{ folder, code, says string }{
		"for another host":            {trusting(t, elsewhere, good), "PROVIDER_UNAVAILABLE", "x509.HostnameError"},
		"expired":                     {trusting(t, expired, good), "PROVIDER_UNAVAILABLE", "x509.CertificateInvalidError"},
		"of an authority unknown":     {trusting(t, unknown, good), "PROVIDER_UNAVAILABLE", "x509.UnknownAuthorityError"},
		"that refuses ours, with TLS": {trusting(t, good, unknown), "TECHNICAL_ERROR", "tls.alert"},
	} {
		c.open(t, wrong.folder)
		for _, standard := range standards {
			data := c.stats(t, standard)["data_calls"]
			l := links[standard].synchronize(t)
			other := p.connectsTo(t, standard, nil)
			if standard == french { // whose browsers go first
				p.onPage(t, other, "new-"+standard)
			}
			other.fails(t, wrong.code)
			l.fails(t, wrong.code)
			require.Equal(t, before[standard], l.rowIDs(t), "%s, %s: nothing is lost", standard, name)
			require.Equal(t, data, c.stats(t, standard)["data_calls"], "%s, %s: the bank is told nothing", standard, name)
		}
		text, err := os.ReadFile(p.sandbox.process.log)
		require.NoError(t, err)
		require.Contains(t, string(text), wrong.says, "%s: the operator can see why", name)
		p.tellsNoSecret(t)
	}
	c.open(t, ours)
	for _, standard := range standards {
		l := links[standard].synchronize(t)
		l.succeeds(t)
		require.Equal(t, before[standard], l.rowIDs(t), "%s: with the right one all is as before", standard)
		require.Equal(t, "ACTIVE", l.consent(t).text(t, ".status"))
	}
	p.tellsNoSecret(t)
}
