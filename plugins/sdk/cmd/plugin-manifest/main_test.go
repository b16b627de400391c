package main

import (
	"bytes"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/plugins/sdk/manifest"
)

func TestTheManifestIsWrittenAfterABuild(t *testing.T) {
	t.Parallel()
	program := filepath.Join(t.TempDir(), "minimal")
	built, err := exec.Command("go", "build", "-o", program, "../../examples/minimal").CombinedOutput()
	require.NoError(t, err, string(built))
	var out, notes bytes.Buffer
	require.Zero(t, run([]string{program, "currency=CHF"}, &out, &notes), notes.String())
	m, err := manifest.Read(program + ".json")
	require.NoError(t, err)
	require.Equal(t, "minimal", m.Name)
	require.Equal(t, "1.0.0", m.Version)
	require.Equal(t, map[string]string{"currency": "CHF"}, m.Settings)
	require.Contains(t, out.String(), m.SHA256)
}

func TestMistakesAreTold(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		args []string
		code int
		note string
	}{
		"no program":      {nil, 2, "usage:"},
		"missing program": {[]string{"/nowhere/bank"}, 1, "does not describe itself"},
		"not a plugin":    {[]string{"/bin/true"}, 1, "does not describe itself"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out, notes bytes.Buffer
			require.Equal(t, c.code, run(c.args, &out, &notes))
			require.Contains(t, notes.String(), c.note)
		})
	}
}
