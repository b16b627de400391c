package endtoend

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/delivery"
	"github.com/tributary-dev/tributary/core/secret"
)

// TestClaim_W1_node_verifies_what_is_signed has the reference library of
// Standard Webhooks for node verify random bodies, and node's own cryptography
// those with Ed25519, which the library does not know. One bit changed is
// refused. BODIES has the claim's 10,000.
func TestClaim_W1_node_verifies_what_is_signed(t *testing.T) {
	t.Parallel()
	bodies := 200
	if count, err := strconv.Atoi(os.Getenv("BODIES")); err == nil {
		bodies = count
	}
	r := rand.New(rand.NewPCG(7, 8)) //nolint:gosec // bodies to try, no secrets
	var lines bytes.Buffer
	for n := range bodies {
		require.NoError(t, json.NewEncoder(&lines).Encode(signedBody(r, n%2 == 0)))
	}
	verify := exec.CommandContext(t.Context(), "node", "verify.mjs")
	verify.Dir, verify.Stdin = library(t), &lines
	out, err := verify.CombinedOutput()
	require.NoError(t, err, "%s", out)
	require.JSONEq(t, `{"believed":`+strconv.Itoa(bodies)+`,"spoiled":0}`, string(out))
}

type signedMessage struct {
	Secret    string `json:"secret"`
	ID        string `json:"id"`
	At        int64  `json:"at"`
	Signature string `json:"signature"`
	Body      []byte `json:"body"`
	Bit       int    `json:"bit"`
}

func signedBody(r *rand.Rand, symmetric bool) signedMessage {
	raw := make([]byte, delivery.KeySize)
	for i := range raw {
		raw[i] = byte(r.IntN(256))
	}
	letters := make([]rune, 1+r.IntN(200))
	if r.IntN(100) == 0 {
		letters = make([]rune, r.IntN(250_000)+1)
	}
	for i := range letters {
		letters[i] = rune(r.IntN(0x10000))
	}
	body, _ := json.Marshal(string(letters)) // texts always marshal
	algorithm, told := delivery.Ed25519, delivery.PublicKey(secret.FromBytes(raw))
	if symmetric {
		algorithm, told = delivery.HMACSHA256, delivery.HMACSecret(secret.FromBytes(raw)).Reveal()
	}
	now := time.Now()
	signer := delivery.NewSigner(algorithm, secret.FromBytes(raw), time.Time{})
	return signedMessage{told, "evt_1", now.Unix(), delivery.Sign([]delivery.Signer{signer}, "evt_1", now, body), body, r.IntN(8 * len(body))}
}
