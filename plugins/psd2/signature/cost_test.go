package signature_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/plugins/psd2/signature"
)

// BenchmarkSign is what a signature costs a call, beside the bare operation of the key: the rest is ours.
func BenchmarkSign(b *testing.B) {
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(b, err)
	ecKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(b, err)
	body := []byte(strings.Repeat("x", 400)) // as long as a consent
	for _, c := range []struct {
		name string
		key  crypto.Signer
	}{{"RSA-2048", rsaKey}, {"ECDSA-P256", ecKey}} {
		b.Run(c.name, func(b *testing.B) {
			r, err := http.NewRequest(http.MethodPost, "https://bank.example/v1/consents", http.NoBody)
			require.NoError(b, err)
			r.Header.Set("X-Request-ID", "99391c7e-ad88-49ec-a2ad-99ddcb1f7721")
			r.Header.Set("TPP-Redirect-URI", "https://us.example/connect/return?state=12345678")
			signer := signature.Signer{KeyID: "SN=1,CA=CN=Test", Key: c.key}
			for b.Loop() {
				r.Header.Set("Digest", signature.Digest("SHA-256", body))
				require.NoError(b, signer.Sign(r, []string{"digest", "x-request-id", "tpp-redirect-uri"}))
			}
		})
		b.Run(c.name+"/bare", func(b *testing.B) {
			sum := sha256.Sum256(body)
			for b.Loop() {
				_, err := c.key.Sign(rand.Reader, sum[:], crypto.SHA256)
				require.NoError(b, err)
			}
		})
	}
}
