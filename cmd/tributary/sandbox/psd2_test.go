package sandbox

import (
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/cmd/tributary/node"
)

// installed is a folder of plugins with psd2, or without.
func installed(t *testing.T, names ...string) string {
	t.Helper()
	folder := t.TempDir()
	for _, name := range names {
		require.NoError(t, os.WriteFile(filepath.Join(folder, name+".json"), []byte("{}"), 0o600))
	}
	return folder
}

func TestThirdParty_is_made_for_who_wants_it(t *testing.T) {
	t.Parallel()
	byHand := map[string]map[string]string{psd2Plugin: {"catalogue": "mine"}}
	for name, config := range map[string]node.Config{
		"Not_installed": {Plugins: installed(t, "testbank")},
		"Told_by_hand":  {Plugins: installed(t, "psd2"), Settings: byHand},
	} {
		made, err := asThirdParty(config)
		require.NoError(t, err)
		require.Nil(t, made, name)
		require.Empty(t, made.arguments())
		same, err := made.told(config, &testBank{URL: "http://127.0.0.1:1"})
		require.NoError(t, err)
		require.Equal(t, config, same)
		made.Close()
	}
}

func TestThirdParty_leaves_nothing(t *testing.T) {
	t.Parallel()
	settings := map[string]map[string]string{"testbank": {"base_url": "x"}}
	config := node.Config{Data: t.TempDir(), Plugins: installed(t, "psd2"), Settings: settings}
	killed := filepath.Join(config.Data, "psd2-"+strconv.Itoa(1<<30))
	require.NoError(t, os.Mkdir(killed, 0o700))
	lives := filepath.Join(config.Data, "psd2-"+strconv.Itoa(os.Getppid()))
	require.NoError(t, os.Mkdir(lives, 0o700))
	made, err := asThirdParty(config)
	require.NoError(t, err)
	require.NoDirExists(t, killed, "of a process that was killed")
	require.DirExists(t, lives, "of another that lives")
	told, err := made.told(config, &testBank{URL: "http://127.0.0.1:1", PSD2URL: "https://127.0.0.1:2/xs2a", OpenBankingURL: "https://127.0.0.1:2/open-banking"})
	require.NoError(t, err)
	require.Len(t, settings, 1, "what was given is not written to")
	require.Equal(t, "x", told.Settings["testbank"]["base_url"])
	files, err := filepath.Glob(filepath.Join(told.Settings[psd2Plugin]["catalogue"], "*.yaml"))
	require.NoError(t, err)
	require.Len(t, files, len(ways)+len(british)+1)
	require.FileExists(t, told.Settings[psd2Plugin]["identities"])
	require.Len(t, served(told), len(ways), "its web site is not read here")
	info, err := os.Stat(made.folder)
	require.NoError(t, err)
	require.Zero(t, info.Mode().Perm()&0o077, "keys are for nobody else")
	made.Close()
	require.NoDirExists(t, made.folder)
}

// The default data folder is named from where the command was given.
func TestThirdParty_is_told_whole_paths(t *testing.T) {
	t.Chdir(t.TempDir())
	require.NoError(t, os.Mkdir("data", 0o700))
	config := node.Config{Data: "data", Plugins: installed(t, "psd2")}
	made, err := asThirdParty(config)
	require.NoError(t, err)
	t.Cleanup(made.Close)
	told, err := made.told(config, &testBank{URL: "http://127.0.0.1:1", PSD2URL: "https://127.0.0.1:2/xs2a"})
	require.NoError(t, err)
	require.True(t, filepath.IsAbs(told.Settings[psd2Plugin]["catalogue"]))
	require.True(t, filepath.IsAbs(told.Settings[psd2Plugin]["identities"]))
}

// TestTogether: the test bank is two plugins' where both are there and nobody says
// otherwise.
func TestTogether(t *testing.T) {
	t.Parallel()
	both, one := installed(t, "psd2", "scraper"), installed(t, "psd2")
	for name, c := range map[string]struct {
		config node.Config
		want   bool
	}{
		"Both_are_there":       {node.Config{Plugins: both}, true},
		"One_is_there":         {node.Config{Plugins: one}, false},
		"The_operator_says_so": {node.Config{Plugins: both, Together: []string{"scraper", "mine", "psd2"}}, true},
		"The_operator_objects": {node.Config{Plugins: both, Together: []string{"scraper", "mine"}}, false},
	} {
		require.Equal(t, c.want, slices.ContainsFunc(served(allowed(c.config)), func(w way) bool { return w.id == together.id }), name)
	}
}
