package operator_test

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/cmd/tributary/eidas"
	"github.com/tributary-dev/tributary/plugins/psd2/operator"
)

type papers struct {
	authority []byte
	web, seal eidas.Pair
}

var made = sync.OnceValues(func() (p papers, err error) {
	us := eidas.Organization{Name: "Example", Country: "FR", ID: "PSDFR-ACPR-12345", Supervisor: "ACPR", SupervisorID: "FR-ACPR"}
	authority, err := eidas.NewAuthority("Test", time.Now(), time.Hour)
	if err != nil {
		return p, err
	}
	p.authority = authority.Certificate()
	if p.web, err = authority.Web(us); err != nil {
		return p, err
	}
	p.seal, err = authority.Seal(us)
	return p, err
})

// folder holds everything that an operator has.
func folder(t *testing.T, identities string) string {
	t.Helper()
	p, err := made()
	require.NoError(t, err)
	dir := t.TempDir()
	for name, text := range map[string][]byte{
		"ca.pem": p.authority, "qwac.pem": p.web.Certificate, "qwac.key": p.web.Key, "qseal.pem": p.seal.Certificate, "qseal.key": p.seal.Key,
		"secret": []byte("canary-secret\n"), "identities.yaml": []byte(identities),
	} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), text, 0o600))
	}
	return filepath.Join(dir, "identities.yaml")
}

const whole = `common:
  transport: {certificate: qwac.pem, key: qwac.key}
  seal: {certificate: qseal.pem, key: qseal.key, address: "https://us.example/qseal.pem", key_id: our-key}
  authorities: ca.pem
  address: 203.0.113.7
banks:
  special: {client_id: mine, client_secret_file: secret}
`

func TestIdentities(t *testing.T) {
	t.Parallel()
	all, err := operator.Load(folder(t, whole), []string{"special", "usual"})
	require.NoError(t, err)
	usual, special := all.Of("usual"), all.Of("special")
	require.Equal(t, "PSDFR-ACPR-12345", usual.ClientID, "that of the certificate")
	require.Equal(t, "mine canary-secret", special.ClientID+" "+special.ClientSecret)
	require.NotNil(t, special.Transport)
	require.NotNil(t, special.Seal.Key)
	require.NotNil(t, special.Roots)
	require.Equal(t, "203.0.113.7", special.Address)
	require.Equal(t, "https://us.example/qseal.pem our-key", special.Seal.Address+" "+special.Seal.KeyID)
}

// Whatever is wrong, the plugin does not start, and no secret is told.
func TestMistakes(t *testing.T) {
	t.Parallel()
	for was, c := range map[string]struct{ becomes, complaint string }{
		"key: qwac.key":              {"key: qseal.key", "common.transport: certificate and key (PEM) do not belong together"},
		"key: qseal.key":             {"key: secret", "common.seal: certificate and key"},
		"https://us.example":         {"http://us.example", "common.seal.address: is not an address where banks can find the certificate"},
		"key: qwac.key}":             {"key: qwac.key, address: 'https://us.example/'}", "common.transport: only a seal has an address"},
		"{certificate: qwac.pem":     {"{key_id: x, certificate: qwac.pem", "common.transport: only a seal has an address or a key_id"},
		"certificate: qwac.pem":      {"certificate: none.pem", "common.transport.certificate: cannot be read"},
		"authorities: ca.pem":        {"authorities: secret", "common.authorities: holds no certificate"},
		"special:":                   {"unknown:", "banks.unknown: the catalogue has no such bank"},
		"client_secret_file: secret": {"client_secret_file: .", "banks.special.client_secret_file: cannot be read"},
		"client_id: mine":            {"client_secret: canary-secret", "identities.yaml:7: "},
		"address: 203.0.113.7":       {"address: [", "identities.yaml:"},
	} {
		text := strings.Replace(whole, was, c.becomes, 1)
		_, err := operator.Load(folder(t, text), []string{"special", "usual"})
		require.ErrorContains(t, err, c.complaint, was)
		require.NotContains(t, err.Error(), "canary")
		require.NotContains(t, err.Error(), "PRIVATE KEY")
	}
	_, err := operator.Load("/nowhere/identities.yaml", nil)
	require.ErrorContains(t, err, "cannot be read")
}
