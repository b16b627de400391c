package pgcluster

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAMissingServerIsAnErrorThatHelps(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	_, err := programs(filepath.Join(t.TempDir(), "*"))
	require.ErrorIs(t, err, ErrMissing)
	require.ErrorContains(t, err, "make deps")
}

func TestTheNewestServerIsTaken(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	for _, version := range []string{"9", "15", "16"} {
		require.NoError(t, os.MkdirAll(filepath.Join(home, version, "bin", "initdb"), 0o700))
	}
	bin, err := programs(filepath.Join(home, "*", "bin", "initdb"))
	require.NoError(t, err)
	require.Equal(t, filepath.Join(home, "16", "bin"), bin)
}
