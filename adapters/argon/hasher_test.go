package argon

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/secret"
	"github.com/tributary-dev/tributary/ports/passwords"
	"github.com/tributary-dev/tributary/ports/passwords/passwordstest"
)

func TestContract(t *testing.T) {
	t.Parallel()
	passwordstest.Run(t, func(*testing.T) passwords.Hasher { return New(Config{}) })
}

func TestHash_uses_the_current_settings(t *testing.T) {
	t.Parallel()
	hash, err := New(Config{Rand: strings.NewReader("sixteen bytes!!!")}).Hash(t.Context(), secret.New("abc123"))
	require.NoError(t, err)
	require.Regexp(t, `^\$argon2id\$v=19\$m=19456,t=2,p=1\$c2l4dGVlbiBieXRlcyEhIQ\$[A-Za-z0-9+/]{43}$`, hash)

	_, err = New(Config{Rand: strings.NewReader("too short")}).Hash(t.Context(), secret.New("abc123"))
	require.Equal(t, fault.Internal, fault.KindOf(err))
}

// The vector is one that the reference implementation tests itself with
// (P-H-C/phc-winner-argon2, src/test.c).
func TestVerify_reads_hashes_of_the_reference_implementation(t *testing.T) {
	t.Parallel()
	const hash = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
	ok, err := New(Config{}).Verify(t.Context(), hash, secret.New("password"))
	require.NoError(t, err)
	require.True(t, ok)
}

// counted is a hasher that remembers the settings of each computation and
// computes nothing.
func counted() (*Hasher, *[]encoded) {
	var work []encoded
	h := New(Config{Concurrency: 1})
	h.derive = func(_ []byte, e encoded) []byte {
		work = append(work, e)
		return make([]byte, len(e.key)) // equal to the decoy's key
	}
	return h, &work
}

func TestVerify_does_the_current_work_and_answers_no(t *testing.T) {
	t.Parallel()
	good := encoded{settings: current, salt: make([]byte, 16), key: make([]byte, 32)}.String()
	for name, hash := range map[string]string{
		"no hash":               "",
		"another algorithm":     strings.Replace(good, "argon2id", "argon2i", 1),
		"another version":       strings.Replace(good, "v=19", "v=16", 1),
		"much memory":           strings.Replace(good, "m=19456", "m=4194304", 1),
		"no memory":             strings.Replace(good, "m=19456", "m=0", 1),
		"too little for lanes":  strings.Replace(good, "m=19456,t=2,p=1", "m=8,t=2,p=2", 1),
		"many passes":           strings.Replace(good, "t=2", "t=4000000000", 1),
		"no pass":               strings.Replace(good, "t=2", "t=0", 1),
		"many lanes":            strings.Replace(good, "p=1", "p=255", 1),
		"no lane":               strings.Replace(good, "p=1", "p=0", 1),
		"lanes out of range":    strings.Replace(good, "p=1", "p=257", 1),
		"negative":              strings.Replace(good, "t=2", "t=-2", 1),
		"leading zero":          strings.Replace(good, "t=2", "t=02", 1),
		"more settings":         strings.Replace(good, "p=1", "p=1,x=2", 1),
		"padded":                good + "=",
		"loose bits":            good[:len(good)-1] + "B",
		"short salt":            encoded{current, make([]byte, 7), make([]byte, 32)}.String(),
		"long salt":             encoded{current, make([]byte, 65), make([]byte, 32)}.String(),
		"a key that is trivial": encoded{current, make([]byte, 16), nil}.String(),
		"a very long key":       encoded{current, make([]byte, 16), make([]byte, 65)}.String(),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h, work := counted()
			ok, err := h.Verify(t.Context(), hash, secret.New("abc123"))
			require.NoError(t, err)
			require.False(t, ok)
			require.Len(t, *work, 1)
			require.Equal(t, current, (*work)[0].settings)
			require.Len(t, (*work)[0].key, keyLength)
		})
	}
}

func TestVerify_keeps_the_settings_of_an_old_hash(t *testing.T) {
	t.Parallel()
	h, work := counted()
	old := encoded{settings{memory: 4096, passes: 3, lanes: 2}, make([]byte, 8), make([]byte, 16)}
	ok, err := h.Verify(t.Context(), old.String(), secret.New("abc123"))
	require.NoError(t, err)
	require.True(t, ok)
	require.Equal(t, []encoded{old}, *work)
}

func TestTurns(t *testing.T) {
	t.Parallel()

	t.Run("never_more_at_once_than_allowed", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			const allowed, callers = 3, 8
			h := New(Config{Concurrency: allowed})
			var running atomic.Int64
			step := make(chan struct{})
			h.derive = func(_ []byte, e encoded) []byte {
				running.Add(1)
				defer running.Add(-1)
				<-step
				return e.key
			}
			for range callers {
				go func() { _, _ = h.Verify(t.Context(), "", secret.New("x")) }()
			}
			for ended := range callers {
				synctest.Wait()
				require.EqualValues(t, min(allowed, callers-ended), running.Load())
				step <- struct{}{}
			}
		})
	})

	t.Run("waiting_ends_with_the_context", func(t *testing.T) {
		t.Parallel()
		h := New(Config{Concurrency: 1})
		h.turns <- struct{}{} // somebody's turn
		ctx, cancel := context.WithCancel(t.Context())
		result := make(chan error)
		go func() {
			_, err := h.Hash(ctx, secret.New("Canary-1"))
			result <- err
		}()
		cancel()
		err := <-result
		require.ErrorIs(t, err, ErrBusy)
		require.ErrorIs(t, err, context.Canceled)
		require.NotContains(t, err.Error(), "Canary-1")
	})
}
