package sealertest

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/secret"
	"github.com/tributary-dev/tributary/ports/sealer"
)

func roundTrip(t *testing.T, box sealer.Box) {
	rapid.Check(t, func(t *rapid.T) {
		b := drawBinding(t, "binding")
		plain := rapid.SliceOf(rapid.Byte()).Draw(t, "plain")
		key := newKey(t, box, b)
		sealed, err := box.Seal(key, b, secret.FromBytes(plain))
		require.NoError(t, err)
		opened, err := box.Open(key, b, sealed)
		require.NoError(t, err)
		require.Equal(t, string(plain), string(opened.Reveal()))
	})
}

func hides(t *testing.T, box sealer.Box) {
	key, sealed := sealCanary(t, box)
	for _, stored := range [][]byte{key, sealed} {
		require.NotContains(t, string(stored), canary)
		require.NotContains(t, string(stored), canary[:8])
	}
}

func differs(t *testing.T, box sealer.Box) {
	key := newKey(t, box, binding)
	for _, plain := range []string{"", canary} {
		require.NotEqual(t, seal(t, box, key, binding, plain), seal(t, box, key, binding, plain))
	}
}

func distinctKeys(t *testing.T, box sealer.Box) {
	first, second := newKey(t, box, binding), newKey(t, box, binding)
	require.NotEqual(t, first, second)
	requireUnreadable(t, box, second, binding, seal(t, box, first, binding, canary))
}

// drawBinding draws texts of few letters, so that neighbours collide often, and
// any others, broken UTF-8 included.
func drawBinding(t *rapid.T, label string) sealer.Binding {
	text := rapid.OneOf(
		rapid.StringMatching(`[ab:"\\]{0,3}`),
		rapid.Map(rapid.SliceOfN(rapid.Byte(), 0, 5), func(b []byte) string { return string(b) }),
	)
	return sealer.Binding{
		Client:     ident.Client(text.Draw(t, label+" client")),
		User:       ident.User(text.Draw(t, label+" user")),
		Connection: ident.Connection(text.Draw(t, label+" connection")),
		Channel:    text.Draw(t, label+" channel"),
		Plugin:     text.Draw(t, label+" plugin"),
		Purpose:    text.Draw(t, label+" purpose"),
		Version:    rapid.IntRange(-2, 300).Draw(t, label+" version"),
	}
}
