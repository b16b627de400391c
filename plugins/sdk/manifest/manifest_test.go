package manifest_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/plugins/sdk"
	"github.com/tributary-dev/tributary/plugins/sdk/manifest"
)

func TestWhatIsWrittenIsRead(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "bank")
	require.NoError(t, os.WriteFile(path, []byte("program"), 0o700))
	described := sdk.Description{Plugin: "bank", Version: "1.2.3"}
	wrote, err := manifest.Write(path, described, 1, map[string]string{"base_url": "http://127.0.0.1"})
	require.NoError(t, err)
	read, err := manifest.Read(path + ".json")
	require.NoError(t, err)
	require.Equal(t, wrote, read)
	require.Equal(t, path, read.Program(filepath.Dir(path)))
	require.Len(t, read.Checksum(), 32)

	_, err = manifest.Write(path, sdk.Description{Plugin: "other", Version: "1.2.3"}, 1, nil)
	require.Error(t, err)
	_, err = manifest.Write(path+"-not", described, 1, nil)
	require.Error(t, err)
}

func TestAMistakeIsNamed(t *testing.T) {
	t.Parallel()
	sum := strings.Repeat("0", 64)
	for name, c := range map[string]struct{ text, reason string }{
		"not JSON":         {`{`, "not a manifest"},
		"two values":       {`{"name":"bank","version":"1","protocol":1,"sha256":"` + sum + `"} {}`, "more than one"},
		"unknown property": {`{"names":"bank"}`, "names"},
		"other name":       {`{"name":"other","version":"1","protocol":1,"sha256":"` + sum + `"}`, "not that of the file"},
		"a path as name":   {`{"name":"../bank","version":"1","protocol":1,"sha256":"` + sum + `"}`, "lower-case"},
		"no version":       {`{"name":"bank","protocol":1,"sha256":"` + sum + `"}`, "version"},
		"no protocol":      {`{"name":"bank","version":"1","sha256":"` + sum + `"}`, "protocol"},
		"short sum":        {`{"name":"bank","version":"1","protocol":1,"sha256":"00"}`, "64"},
		"bad setting":      {`{"name":"bank","version":"1","protocol":1,"sha256":"` + sum + `","settings":{"A B":""}}`, "settings"},
		"too large":        {strings.Repeat(" ", 70_000), "larger"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "bank.json")
			require.NoError(t, os.WriteFile(path, []byte(c.text), 0o600))
			_, err := manifest.Read(path)
			require.ErrorContains(t, err, c.reason)
		})
	}
	_, err := manifest.Read(filepath.Join(t.TempDir(), "missing.json"))
	require.Error(t, err)
}
