package main_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/plugins/sdk"
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

type items []sdk.Item

func (i *items) Send(item sdk.Item) error {
	*i = append(*i, item)
	return nil
}

func TestAPluginBuiltOutsideTheTreeServesARealHost(t *testing.T) {
	t.Parallel()
	path := build(t)
	sum, err := host.Checksum(path)
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	process, err := host.Launch(ctx, host.Config{Path: path, SHA256: sum, Settings: map[string]string{"currency": "CHF"}})
	require.NoError(t, err)
	defer process.Close(time.Second)

	provider := process.Provider()
	require.Equal(t, sdk.Capabilities{}, sdk.CapabilitiesOf(provider))
	session := sdk.Session{ID: "1", ProviderID: "piggy-bank", ChannelID: "piggy-bank-embedded"}
	step, err := provider.Begin(ctx, sdk.BeginRequest{Session: session, Credentials: sdk.Secrets{"name": "Ada"}})
	require.NoError(t, err)
	var got items
	require.NoError(t, provider.Fetch(ctx, sdk.FetchRequest{Session: session, State: step.Ready.State}, &got))
	require.Len(t, got, 4)
	require.Equal(t, "Pig of Ada", got[0].(sdk.AccountItem).Account.Name)
	require.Equal(t, "CHF", got[1].(sdk.BalancesItem).Balances[0].Currency)

	_, err = provider.Begin(ctx, sdk.BeginRequest{Session: session})
	require.ErrorIs(t, err, sdk.Fail(sdk.AuthFailed, nil))
}
