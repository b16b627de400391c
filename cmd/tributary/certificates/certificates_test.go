package certificates_test

import (
	"crypto/tls"
	"crypto/x509"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/cmd/tributary/certificates"
)

// Both pairs are of a kind that every program reads, for their owner alone, and written once.
func TestWrite(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "certificates")
	wanted := certificates.Wanted{Organization: "Example", Country: "FR", ID: "PSDFR-ACPR-12345", Hosts: []string{"127.0.0.1"}, Now: time.Now(), Life: time.Hour}
	written, err := certificates.Write(folder, wanted)
	require.NoError(t, err)
	require.Len(t, written, 6)
	for _, path := range written {
		about, err := os.Stat(path)
		require.NoError(t, err)
		require.Equal(t, os.FileMode(0o600), about.Mode().Perm(), path)
	}
	for _, name := range []string{"qwac", "qseal"} {
		pair, err := tls.LoadX509KeyPair(written[name+".pem"], written[name+".key"])
		require.NoError(t, err)
		require.Equal(t, x509.RSA, pair.Leaf.PublicKeyAlgorithm, name)
	}
	_, err = certificates.Write(folder, wanted)
	require.ErrorContains(t, err, "left alone")
	wanted.ID = "12345"
	_, err = certificates.Write(t.TempDir(), wanted)
	require.ErrorIs(t, err, certificates.ErrID)
}
