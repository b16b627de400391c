package sandbox

import (
	"crypto/rand"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/adapters/oauth"
	"github.com/tributary-dev/tributary/adapters/sealbox"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/secret"
	"github.com/tributary-dev/tributary/ports/store/storetest"
)

// The demo client is nobody's user: a rotation has to think of it by itself.
func TestRewrap_keeps_the_demo_client(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	key := filepath.Join(folder, "master.key")
	_, err := sealbox.Create(key)
	require.NoError(t, err)
	state := storetest.NewFake(storetest.Options{Now: time.Now, IDs: ident.Real()})
	known := func() demoClient {
		box, err := sealbox.Watch(key, time.Now)
		require.NoError(t, err)
		fresh := func() (secret.String, string) { return oauth.NewSecret(rand.Reader) }
		found, err := demoClientOf(t.Context(), folder, state, box, ident.Real(), fresh)
		require.NoError(t, err)
		return found
	}
	rewrap := func() error {
		box, err := sealbox.Watch(key, time.Now)
		require.NoError(t, err)
		return Rewrap(folder, box)
	}
	require.NoError(t, rewrap(), "there is none yet")
	made := known()

	rotation, err := sealbox.Rotate(key)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, rotation.Close()) })
	require.NoError(t, rotation.Prepare())
	require.NoError(t, rotation.Promote())
	require.NoError(t, rewrap())
	content, err := os.ReadFile(clientFile(folder))
	require.NoError(t, err)
	require.NoError(t, rewrap())
	again, err := os.ReadFile(clientFile(folder))
	require.NoError(t, err)
	require.Equal(t, content, again, "nothing is left to do")
	require.NoError(t, rotation.Destroy())
	found := known()
	require.Equal(t, made.ID, found.ID)
	require.Equal(t, made.secret.Reveal(), found.secret.Reveal())
}
