package oauth

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/binary"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestTokens_A5_are_random: of a million tokens no two share even 64 of their
// bits, and each of the 256 bits is set in half of them (within six deviations).
func TestTokens_A5_are_random(t *testing.T) {
	t.Parallel()
	const count = 1_000_000
	s := New(Config{Rand: rand.Reader})
	seen := make(map[uint64]struct{}, count)
	var set [256]int
	var raw [randomLength]byte
	for range count {
		text := s.newToken(accessTokenPrefix).Reveal()
		n, err := base64.RawURLEncoding.Decode(raw[:], []byte(text[len(accessTokenPrefix):]))
		if err != nil || n != randomLength {
			t.Fatal("not 256 bits:", n, err)
		}
		seen[binary.LittleEndian.Uint64(raw[8:])] = struct{}{}
		for i := range set {
			set[i] += int(raw[i/8] >> (i % 8) & 1)
		}
	}
	require.Len(t, seen, count)
	for bit, times := range set {
		require.InDelta(t, count/2, times, 6*math.Sqrt(count)/2, "bit %d", bit)
	}
}
