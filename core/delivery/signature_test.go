package delivery_test

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"math/rand/v2"
	"net/http"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/delivery"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/secret"
)

// bodies is how many random bodies are signed: BODIES has the claim's number.
func bodies(t *testing.T) int {
	t.Helper()
	if count, err := strconv.Atoi(os.Getenv("BODIES")); err == nil {
		return count
	}
	return 300
}

// random makes a JSON text with letters of all kinds, now and then a large one.
func random(r *rand.Rand) []byte {
	length := r.IntN(200)
	if r.IntN(100) == 0 {
		length = r.IntN(250_000)
	}
	letters := make([]rune, length)
	for i := range letters {
		letters[i] = rune(r.IntN(0xd800))
		if r.IntN(4) == 0 {
			letters[i] = 0x10000 + rune(r.IntN(0xffff))
		}
	}
	text, _ := json.Marshal(string(letters)) // texts always marshal
	return text
}

func key(r *rand.Rand) secret.Bytes {
	raw := make([]byte, delivery.KeySize)
	for i := range raw {
		raw[i] = byte(r.IntN(256))
	}
	return secret.FromBytes(raw)
}

func headers(id ident.Event, at time.Time, signature string) http.Header {
	h := http.Header{}
	h.Set("webhook-id", string(id))
	h.Set("webhook-timestamp", strconv.FormatInt(at.Unix(), 10))
	h.Set("webhook-signature", signature)
	return h
}

// TestClaim_W1_others_verify_what_is_signed has the Go library of Standard
// Webhooks verify random bodies, and refuse each with one bit changed.
func TestClaim_W1_others_verify_what_is_signed(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // bodies to try, no secrets
	now := time.Now()
	for range bodies(t) {
		k, body := key(r), random(r)
		signature := delivery.Sign([]delivery.Signer{delivery.NewSigner(delivery.HMACSHA256, key(r), time.Time{}), delivery.NewSigner(delivery.HMACSHA256, k, time.Time{})}, "evt_1", now, body)
		verifier, err := standardwebhooks.NewWebhook(delivery.HMACSecret(k).Reveal())
		require.NoError(t, err)
		h := headers("evt_1", now, signature)
		require.NoError(t, verifier.Verify(body, h))
		spoiled := append([]byte(nil), body...)
		spoiled[r.IntN(len(body))] ^= 1 << r.IntN(8)
		require.Error(t, verifier.Verify(spoiled, h))
		require.Error(t, verifier.Verify(body, headers("evt_2", now, signature)))
		require.Error(t, verifier.Verify(body, headers("evt_1", now.Add(time.Second), signature)))
	}
}

// TestClaim_W2_an_old_request_is_refused: what was recorded is of no use later.
func TestClaim_W2_an_old_request_is_refused(t *testing.T) {
	t.Parallel()
	k := key(rand.New(rand.NewPCG(1, 2))) //nolint:gosec // no secret
	verifier, err := standardwebhooks.NewWebhook(delivery.HMACSecret(k).Reveal())
	require.NoError(t, err)
	for age, refused := range map[time.Duration]bool{0: false, 4 * time.Minute: false, 6 * time.Minute: true, -6 * time.Minute: true} {
		at := time.Now().Add(-age)
		signature := delivery.Sign([]delivery.Signer{delivery.NewSigner(delivery.HMACSHA256, k, time.Time{})}, "evt_1", at, []byte("{}"))
		require.Equal(t, refused, verifier.Verify([]byte("{}"), headers("evt_1", at, signature)) != nil, age)
	}
}

// The reference libraries know no asymmetric signatures: the standard library
// verifies here what the text of the standard says, node's in endtoend.
func TestEd25519_verifies_with_the_public_key(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 4)) //nolint:gosec // bodies to try, no secrets
	for range bodies(t) {
		k, body := key(r), random(r)
		signature := delivery.Sign([]delivery.Signer{delivery.NewSigner(delivery.Ed25519, k, time.Time{})}, "evt_1", noon, body)
		text, ok := strings.CutPrefix(signature, "v1a,")
		require.True(t, ok)
		raw, err := base64.StdEncoding.DecodeString(text)
		require.NoError(t, err)
		public, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(delivery.PublicKey(k), "whpk_"))
		require.NoError(t, err)
		signed := "evt_1." + strconv.FormatInt(noon.Unix(), 10) + "." + string(body)
		require.True(t, ed25519.Verify(public, []byte(signed), raw))
		require.False(t, ed25519.Verify(public, []byte(signed+" "), raw))
	}
}

func TestSecrets_sign_until_they_end(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(5, 6)) //nolint:gosec // no secrets
	signers := []delivery.Signer{
		delivery.NewSigner(delivery.HMACSHA256, key(r), time.Time{}), delivery.NewSigner(delivery.HMACSHA256, key(r), noon.Add(time.Hour)),
	}
	for at, count := range map[time.Duration]int{0: 2, time.Hour - 1: 2, time.Hour: 1, 99 * time.Hour: 1} {
		require.Len(t, strings.Fields(delivery.Sign(signers, "evt_1", noon.Add(at), nil)), count, at)
	}
}
