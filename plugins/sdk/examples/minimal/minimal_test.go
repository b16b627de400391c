package main_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/plugins/sdk"
	"github.com/tributary-dev/tributary/plugins/sdk/conformance"
	"github.com/tributary-dev/tributary/plugins/sdk/host"
)

// build compiles the example as its author would: in a module of its own,
// outside this repository and without its workspace.
func build(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	root, err := filepath.Abs("../..")
	require.NoError(t, err)
	source, err := os.ReadFile("main.go")
	require.NoError(t, err)
	sums, err := os.ReadFile("../../go.sum")
	require.NoError(t, err)
	write := func(name string, data []byte) {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), data, 0o600))
	}
	write("main.go", source)
	write("go.sum", sums)
	write("go.mod", []byte("module example.com/minimal\n\ngo 1.26.0\n\nrequire github.com/tributary-dev/tributary/plugins/sdk v0.0.0\n\n"+
		"replace github.com/tributary-dev/tributary/plugins/sdk => "+root+"\n"))
	binary := filepath.Join(dir, "minimal")
	cmd := exec.Command("go", "build", "-mod=mod", "-o", binary, ".")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOWORK=off")
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, string(out))
	return binary
}

// launch starts the plugin as the server does: a real process.
func launch(t *testing.T) sdk.Provider {
	t.Helper()
	path := build(t)
	sum, err := host.Checksum(path)
	require.NoError(t, err)
	process, err := host.Launch(t.Context(), host.Config{
		Path: path, SHA256: sum, Settings: map[string]string{"currency": "CHF"}, StartTimeout: time.Minute,
	})
	require.NoError(t, err)
	t.Cleanup(func() { process.Close(time.Second) })
	require.Equal(t, sdk.Capabilities{}, sdk.CapabilitiesOf(process.Provider()))
	return process.Provider()
}

func TestAPluginBuiltOutsideTheTreeKeepsTheContract(t *testing.T) {
	t.Parallel()
	conformance.Run(t, launch, conformance.Case{
		Name: "Ada", ProviderID: "piggy-bank", ChannelID: "piggy-bank-embedded",
		Credentials: sdk.Secrets{"name": "Ada"}, Wrong: sdk.Secrets{"name": ""},
	})
}
