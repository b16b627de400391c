package pluginhost_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/tributary-dev/tributary/adapters/pluginhost"
	"github.com/tributary-dev/tributary/core/secret"
	"github.com/tributary-dev/tributary/plugins/sdk"
	"github.com/tributary-dev/tributary/plugins/sdk/host"
	"github.com/tributary-dev/tributary/plugins/sdk/manifest"
	port "github.com/tributary-dev/tributary/ports/provider"
	"github.com/tributary-dev/tributary/ports/provider/providertest"
)

// program is the built rehearsal.
var program []byte

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "rehearsal")
	if err != nil {
		panic(err)
	}
	path := filepath.Join(dir, "rehearsal")
	if out, err := exec.Command("go", "build", "-o", path, "./internal/rehearsal").CombinedOutput(); err != nil {
		panic(fmt.Sprintf("%v: %s", err, out))
	}
	if program, err = os.ReadFile(path); err != nil {
		panic(err)
	}
	_ = os.RemoveAll(dir)
	goleak.VerifyTestMain(m)
}

// install puts the rehearsal into a folder under a name.
func install(t *testing.T, dir, name string, settings map[string]string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	place(t, path, program)
	version := cmp.Or(settings["version"], "1.0.0")
	_, err := manifest.Write(path, sdk.Description{Plugin: name, Version: version}, host.Protocol, settings)
	require.NoError(t, err)
	return path
}

// place puts a file in the place of another: one that runs cannot be written to.
func place(t *testing.T, path string, content []byte) {
	t.Helper()
	require.NoError(t, os.RemoveAll(path))
	require.NoError(t, os.WriteFile(path, content, 0o700))
}

func open(t *testing.T, dir string, change ...func(*pluginhost.Options)) *pluginhost.Host {
	t.Helper()
	options := pluginhost.Options{Dir: dir, StartTimeout: 20 * time.Second}
	for _, f := range change {
		f(&options)
	}
	h, err := pluginhost.Open(t.Context(), options)
	require.NoError(t, err)
	t.Cleanup(func() { h.Close(time.Second) })
	return h
}

func begin(t *testing.T, h *pluginhost.Host) error {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	_, err := h.Begin(ctx, port.Begin{
		Session:     port.Session{ID: "1", ProviderID: "rehearsal", ChannelID: "rehearsal-embedded"},
		Credentials: secret.Values{"login": secret.New("plain"), "password": secret.New("right")},
	})
	return err
}

func TestPluginsKeepThePortsContract(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	install(t, dir, "rehearsal", nil)
	h, err := pluginhost.Open(t.Context(), pluginhost.Options{Dir: dir})
	require.NoError(t, err)
	require.Empty(t, h.Problems())
	t.Cleanup(func() { h.Close(time.Second) }) // after the parallel cases
	providertest.Run(t, h)
}

func TestAPluginThatCrashedWorksAgainOnTheNextCall(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	crash := filepath.Join(t.TempDir(), "crash")
	install(t, dir, "rehearsal", nil)
	h := open(t, dir, func(o *pluginhost.Options) {
		o.Settings = map[string]map[string]string{"rehearsal": {"crash": crash}}
	})
	for range 3 { // the second time with a pause
		require.NoError(t, os.WriteFile(crash, nil, 0o600))
		failure, ok := errors.AsType[*port.Failure](begin(t, h))
		require.True(t, ok)
		require.Equal(t, port.Technical, failure.Code)
		require.Equal(t, port.Plugin, failure.Whose)
		require.NoError(t, begin(t, h))
	}
}

func TestATamperedProgramIsNeverStarted(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	crash := filepath.Join(t.TempDir(), "crash")
	path := install(t, dir, "rehearsal", map[string]string{"crash": crash})
	h := open(t, dir)
	require.NoError(t, begin(t, h))
	require.NoError(t, os.Remove(path)) // a running program cannot be written
	require.NoError(t, os.WriteFile(path, append(program[:len(program):len(program)], 'x'), 0o700))
	require.NoError(t, os.WriteFile(crash, nil, 0o600))
	require.Error(t, begin(t, h))
	for range 2 {
		failure, ok := errors.AsType[*port.Failure](begin(t, h))
		require.True(t, ok)
		require.Equal(t, port.Technical, failure.Code)
		require.Equal(t, port.Host, failure.Whose)
		require.ErrorIs(t, failure, host.ErrChecksum)
	}
	one, err := h.Provider(t.Context(), "rehearsal")
	require.NoError(t, err)
	require.EqualValues(t, "DOWN", one.Health())
}

func TestWhatIsNoGoodIsToldAndTheOthersGoOn(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	install(t, dir, "rehearsal", nil)
	wrong := map[string]string{
		"broken-json":   "not a manifest",
		"no-program":    "program is missing",
		"not-runnable":  "not an executable",
		"other-sum":     "not the one that was pinned",
		"other-name":    "the manifest says other-name",
		"protocol-2":    "speaks protocol 2",
		"same-provider": "served by the plugin",
		"bare":          "no manifest",
	}
	require.NoError(t, os.WriteFile(filepath.Join(dir, "broken-json.json"), []byte("{"), 0o600))
	require.NoError(t, os.Remove(install(t, dir, "no-program", nil)))
	require.NoError(t, os.Chmod(install(t, dir, "not-runnable", nil), 0o600))
	tampered := install(t, dir, "other-sum", nil)
	require.NoError(t, os.WriteFile(tampered, append(program[:len(program):len(program)], 'x'), 0o700))
	install(t, dir, "other-name", nil)
	rewrite(t, filepath.Join(dir, "protocol-2.json"), install(t, dir, "protocol-2", nil)+".json", `"protocol": 1`, `"protocol": 2`)
	install(t, dir, "same-provider", map[string]string{"name": "same-provider"})
	require.NoError(t, os.WriteFile(filepath.Join(dir, "bare"), program, 0o700))

	h := open(t, dir)
	told := map[string]string{}
	for _, problem := range h.Problems() {
		told[problem.Name] = problem.Reason.Error()
	}
	require.Len(t, told, len(wrong), "%v", told)
	for name, reason := range wrong {
		require.Contains(t, told[name], reason, name)
	}
	require.NoError(t, begin(t, h))
	all, err := h.Providers(t.Context())
	require.NoError(t, err)
	require.Len(t, all, 1)
}

func rewrite(t *testing.T, to, from, old, replacement string) {
	t.Helper()
	text, err := os.ReadFile(from)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(to, []byte(strings.Replace(string(text), old, replacement, 1)), 0o600))
}

func TestAFolderThatIsMissingIsAnError(t *testing.T) {
	t.Parallel()
	_, err := pluginhost.Open(t.Context(), pluginhost.Options{Dir: filepath.Join(t.TempDir(), "missing")})
	require.Error(t, err)
}

func TestAfterCloseNothingIsStarted(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	install(t, dir, "rehearsal", nil)
	h := open(t, dir)
	h.Close(time.Second)
	failure, ok := errors.AsType[*port.Failure](begin(t, h))
	require.True(t, ok)
	require.Equal(t, port.Host, failure.Whose)
}
