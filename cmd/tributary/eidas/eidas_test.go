package eidas_test

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/asn1"
	"encoding/hex"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/cmd/tributary/eidas"
)

var (
	now     = time.Now()
	company = eidas.Organization{
		Name: "Example SAS", Country: "FR", ID: "PSDFR-ACPR-12345", Supervisor: "Autorité de contrôle prudentiel et de résolution", SupervisorID: "FR-ACPR",
	}
)

func issued(t *testing.T, issue func(*eidas.Authority) (eidas.Pair, error)) (*eidas.Authority, *x509.Certificate) {
	t.Helper()
	authority, err := eidas.NewAuthority("Test authority", now, 365*24*time.Hour)
	require.NoError(t, err)
	pair, err := issue(authority)
	require.NoError(t, err)
	loaded, err := tls.X509KeyPair(pair.Certificate, pair.Key)
	require.NoError(t, err)
	return authority, loaded.Leaf
}

func TestWeb(t *testing.T) {
	t.Parallel()
	for kind, issue := range map[x509.PublicKeyAlgorithm]func(*eidas.Authority) (eidas.Pair, error){
		x509.ECDSA: func(a *eidas.Authority) (eidas.Pair, error) { return a.Web(company, "tpp.example", "127.0.0.1") },
		x509.RSA:   func(a *eidas.Authority) (eidas.Pair, error) { return a.WebRSA(company, "tpp.example", "127.0.0.1") },
	} {
		authority, leaf := issued(t, issue)
		for _, host := range []string{"tpp.example", "127.0.0.1"} {
			_, err := leaf.Verify(x509.VerifyOptions{Roots: authority.Pool(), DNSName: host, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}})
			require.NoError(t, err)
		}
		require.Equal(t, kind, leaf.PublicKeyAlgorithm)
		require.Equal(t, "PSDFR-ACPR-12345", attribute(leaf, asn1.ObjectIdentifier{2, 5, 4, 97}))
		require.Equal(t, "0.4.0.19495.3.1", leaf.Policies[0].String())
	}
}

// The bytes are those of the standards' own syntax, read here without the code that wrote them.
func TestStatements(t *testing.T) {
	t.Parallel()
	_, leaf := issued(t, func(a *eidas.Authority) (eidas.Pair, error) { return a.Seal(company) })
	var value []byte
	for _, e := range leaf.Extensions {
		if e.Id.String() == "1.3.6.1.5.5.7.1.3" {
			value = e.Value
		}
	}
	for _, want := range []string{
		"300806060400" + "8e460101",                    // QcCompliance 0.4.0.1862.1.1
		"060704008e46010602",                           // QcType eseal 0.4.0.1862.1.6.2
		"0606040081982702",                             // PSD2 0.4.0.19495.2
		"06070400819827" + "0103",                      // PSP_AI 0.4.0.19495.1.3
		"0c06" + hex.EncodeToString([]byte("PSP_AI")),  // UTF8String
		"0c07" + hex.EncodeToString([]byte("FR-ACPR")), // UTF8String
	} {
		require.True(t, bytes.Contains(value, unhex(t, want)), "%s is not in %x", want, value)
	}
}

// OpenSSL, which is not ours, reads the same.
func TestOpenSSLReadsIt(t *testing.T) {
	t.Parallel()
	authority, leaf := issued(t, func(a *eidas.Authority) (eidas.Pair, error) { return a.Web(company, "tpp.example") })
	folder := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(folder, "ca.pem"), authority.Certificate(), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(folder, "qwac.der"), leaf.Raw, 0o600))
	openssl, err := exec.LookPath("openssl")
	require.NoError(t, err, "openssl is needed")
	out, err := exec.CommandContext(t.Context(), openssl, "x509", "-inform", "DER", "-in", filepath.Join(folder, "qwac.der"), "-noout", "-subject", "-text").CombinedOutput()
	require.NoError(t, err, "%s", out)
	require.Regexp(t, `organizationIdentifier ?= ?PSDFR-ACPR-12345`, string(out))
}

func TestWhatIsMissingIsRefused(t *testing.T) {
	t.Parallel()
	authority, err := eidas.NewAuthority("x", now, time.Hour)
	require.NoError(t, err)
	_, err = authority.Seal(eidas.Organization{Name: "Example"})
	require.ErrorContains(t, err, "authorisation number")
	wrong := company
	wrong.Roles = []eidas.Role{"PSP_XX"}
	_, err = authority.Seal(wrong)
	require.ErrorContains(t, err, "no role")
}

func attribute(c *x509.Certificate, id asn1.ObjectIdentifier) string {
	for _, n := range c.Subject.Names {
		if n.Type.Equal(id) {
			return n.Value.(string)
		}
	}
	return ""
}

func unhex(t *testing.T, text string) []byte {
	t.Helper()
	out, err := hex.DecodeString(text)
	require.NoError(t, err)
	return out
}
