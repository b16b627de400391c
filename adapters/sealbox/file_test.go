package sealbox_test

import (
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/adapters/sealbox"
)

func text(t *testing.T, master *sealbox.Master) string {
	t.Helper()
	text, err := master.Text()
	require.NoError(t, err)
	return string(text.Reveal())
}

func TestLoadOrCreate(t *testing.T) {
	t.Parallel()

	t.Run("creates_a_private_file_and_finds_it_again", func(t *testing.T) {
		t.Parallel()
		path := filepath.Join(t.TempDir(), "master.key")
		first, err := sealbox.LoadOrCreate(path)
		require.NoError(t, err)
		info, err := os.Stat(path)
		require.NoError(t, err)
		require.Equal(t, os.FileMode(0o600), info.Mode())
		second, err := sealbox.LoadOrCreate(path)
		require.NoError(t, err)
		require.Equal(t, text(t, first), text(t, second))
		requireAlone(t, path)
	})

	t.Run("several_at_once_share_one_key", func(t *testing.T) {
		t.Parallel()
		path := filepath.Join(t.TempDir(), "master.key")
		masters := make([]*sealbox.Master, 8)
		errs := make([]error, len(masters))
		var done sync.WaitGroup
		for i := range masters {
			done.Go(func() { masters[i], errs[i] = sealbox.LoadOrCreate(path) })
		}
		done.Wait()
		for i := range masters {
			require.NoError(t, errs[i])
			require.Equal(t, text(t, masters[0]), text(t, masters[i]))
		}
		requireAlone(t, path)
	})

	t.Run("refuses_and_leaves_alone", func(t *testing.T) {
		t.Parallel()
		good := text(t, generate(t))
		for name, c := range map[string]struct {
			content string
			mode    os.FileMode
			says    string
		}{
			"readable by the group": {good, 0o640, "mode 0640"},
			"writable by others":    {good, 0o602, "mode 0602"},
			"empty":                 {"", 0o600, "invalid_master_key"},
			"cut off":               {good[:len(good)/2], 0o600, "invalid_master_key"},
			"something else":        {"Canary-77", 0o600, "invalid_master_key"},
		} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				path := filepath.Join(t.TempDir(), "master.key")
				require.NoError(t, os.WriteFile(path, []byte(c.content), 0o600))
				require.NoError(t, os.Chmod(path, c.mode))
				_, err := sealbox.LoadOrCreate(path)
				require.ErrorIs(t, err, sealbox.ErrFile)
				require.ErrorContains(t, err, c.says)
				require.ErrorContains(t, err, path)
				require.NotContains(t, err.Error(), "Canary-77")
				left, err := os.ReadFile(path)
				require.NoError(t, err)
				require.Equal(t, c.content, string(left))
			})
		}
	})

	t.Run("refuses_a_link_a_folder_and_a_missing_folder", func(t *testing.T) {
		t.Parallel()
		folder := t.TempDir()
		target := filepath.Join(folder, "real.key")
		_, err := sealbox.LoadOrCreate(target)
		require.NoError(t, err)
		link := filepath.Join(folder, "link.key")
		require.NoError(t, os.Symlink(target, link))
		for _, path := range []string{link, folder, filepath.Join(folder, "missing", "master.key")} {
			_, err := sealbox.LoadOrCreate(path)
			require.ErrorIs(t, err, sealbox.ErrFile)
			require.ErrorContains(t, err, path)
		}
	})
}

func requireAlone(t *testing.T, path string) {
	t.Helper()
	entries, err := os.ReadDir(filepath.Dir(path))
	require.NoError(t, err)
	require.Len(t, entries, 1, "no draft stays behind")
}
