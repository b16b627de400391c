package signature_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"math/big"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/plugins/psd2/signature"
)

// drafted is the request of draft-cavage-http-signatures, appendix C.
func drafted(t *testing.T) *http.Request {
	t.Helper()
	r, err := http.NewRequest(http.MethodPost, "https://example.com/foo?param=value&pet=dog", strings.NewReader(`{"hello": "world"}`))
	require.NoError(t, err)
	for name, value := range map[string]string{
		"Date": "Sun, 05 Jan 2014 21:31:40 GMT", "Content-Type": "application/json", "Content-Length": "18",
		"Digest": signature.Digest("SHA-256", []byte(`{"hello": "world"}`)),
	} {
		r.Header.Set(name, value)
	}
	return r
}

func draftedKey(t testing.TB) *rsa.PrivateKey {
	t.Helper()
	text, err := os.ReadFile("testdata/draft-cavage.pem")
	require.NoError(t, err)
	block, _ := pem.Decode(text)
	key, err := x509.ParsePKCS1PrivateKey(block.Bytes)
	require.NoError(t, err)
	return key
}

// The values that the draft publishes in appendices C.1, C.2 and C.3.
func TestPublishedValues(t *testing.T) {
	t.Parallel()
	for headers, published := range map[string]string{
		"date":                       "SjWJWbWN7i0wzBvtPl8rbASWz5xQW6mcJmn+ibttBqtifLN7Sazz6m79cNfwwb8DMJ5cou1s7uEGKKCs+FLEEaDV5lp7q25WqS+lavg7T8hc0GppauB6hbgEKTwblDHYGEtbGmtdHgVCk9SuS13F0hZ8FD0k/5OxEPXe5WozsbM=",
		"(request-target) host date": "qdx+H7PHHDZgy4y/Ahn9Tny9V3GP6YgBPyUXMmoxWtLbHpUnXS2mg2+SbrQDMCJypxBLSPQR2aAjn7ndmw2iicw3HMbe8VfEdKFYRqzic+efkb3nndiv/x1xSHDJWeSWkx3ButlYSuBskLu6kd9Fswtemr3lgdDEmn04swr2Os0=",
		"(request-target) host date content-type digest content-length": "vSdrb+dS3EceC9bcwHSo4MlyKS59iFIrhgYkz8+oVLEEzmYZZvRs8rgOp+63LEM3v+MFHB32NfpB2bEKBIvB1q52LaEUHFv120V01IL+TAD48XaERZFukWgHoBTLMhYS2Gb51gWxpeIq8knRmPnYePbF5MOkR0Zkly4zKH7s1dE=",
	} {
		r := drafted(t)
		require.NoError(t, signature.Signer{KeyID: "Test", Key: draftedKey(t)}.Sign(r, strings.Fields(headers)))
		require.Equal(t, `keyId="Test",algorithm="rsa-sha256",headers="`+headers+`",signature="`+published+`"`, r.Header.Get("Signature"))
	}
}

func TestDigest(t *testing.T) {
	t.Parallel()
	// Published: the draft's appendix C, the description of 1.3.11 has the form, RFC 6234 the empty string's sum.
	require.Equal(t, "SHA-256=X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=", signature.Digest("SHA-256", []byte(`{"hello": "world"}`)))
	require.Equal(t, "SHA-256=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", signature.Digest("SHA-256", nil))
	require.Equal(t, "SHA-512=WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==",
		signature.Digest("SHA-512", []byte(`{"hello": "world"}`)))
}

func TestHeadersThatAreNotThereAreNotSigned(t *testing.T) {
	t.Parallel()
	r := drafted(t)
	require.NoError(t, signature.Signer{KeyID: "k", Key: draftedKey(t)}.Sign(r, []string{"Digest", "psu-id", "date"}))
	require.Contains(t, r.Header.Get("Signature"), `headers="digest date"`)
	require.ErrorContains(t, signature.Signer{Key: draftedKey(t)}.Sign(drafted(t), []string{"psu-id"}), "nothing to sign")
}

func TestEllipticKeys(t *testing.T) {
	t.Parallel()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	r := drafted(t)
	require.NoError(t, signature.Signer{KeyID: "k", Key: key}.Sign(r, []string{"date"}))
	head, signed, _ := strings.Cut(r.Header.Get("Signature"), `signature="`)
	require.Contains(t, head, `algorithm="ecdsa-sha256"`)
	raw, err := base64.StdEncoding.DecodeString(strings.TrimSuffix(signed, `"`))
	require.NoError(t, err)
	sum := sha256.Sum256([]byte("date: Sun, 05 Jan 2014 21:31:40 GMT"))
	require.True(t, ecdsa.VerifyASN1(&key.PublicKey, sum[:], raw))
	require.Error(t, signature.Signer{KeyID: "k", Key: odd{}}.Sign(r, []string{"date"}))
}

// odd is a key of no kind that can sign.
type odd struct{ crypto.Signer }

func (odd) Public() crypto.PublicKey { return "odd" }

func TestKeyID(t *testing.T) {
	t.Parallel()
	certificate := &x509.Certificate{SerialNumber: big.NewInt(0x1A2B3C), Issuer: pkix.Name{CommonName: `Test "CA"`, Country: []string{"DE"}}}
	require.Equal(t, `SN=1A2B3C,CA=CN=Test \'CA\',C=DE`, signature.KeyID(certificate))
}
