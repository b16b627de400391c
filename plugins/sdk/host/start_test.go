package host_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/plugins/sdk"
	"github.com/tributary-dev/tributary/plugins/sdk/host"
)

func quickly(c *host.Config) { c.StartTimeout = 4 * time.Second }

func TestAPluginThatDoesNotStartIsGivenUp(t *testing.T) {
	t.Parallel()
	for mode, reason := range map[string]string{
		"exits-at-once":                "",
		"alien-is-silent":              "",
		"alien-prints-garbage":         "",
		"alien-prints-endless-line":    "",
		"alien-speaks-another-version": "Plugin version: 99",
		"alien-speaks-net-rpc":         "netrpc",
		"alien-listens-nowhere":        "",
		"describes-badly":              "semantic version",
		"refuses-settings":             `the setting "base_url" is missing`,
	} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			began := time.Now()
			process, log, err := launch(t, mode, func(c *host.Config) {
				if reason == "" { // the others end by themselves, and may take their time
					quickly(c)
				}
			})
			require.Nil(t, process)
			requireFailure(t, err, sdk.Technical, sdk.Plugin)
			require.ErrorContains(t, err, "does not start")
			require.ErrorContains(t, err, reason)
			require.Less(t, time.Since(began), 50*time.Second)
			require.NotContains(t, log.String(), "\x1b")
			require.Less(t, len(log.String()), 64<<10)
		})
	}
}

func TestStrayLinesDoNotSpoilTheStart(t *testing.T) {
	t.Parallel()
	process, log := launched(t, "prints-before-start")
	require.NoError(t, process.Ping(within(t, 20*time.Second)))
	require.Contains(t, log.String(), "hello from below")
}

func TestOnlyThePinnedFileIsStarted(t *testing.T) {
	t.Parallel()
	tampered := filepath.Join(t.TempDir(), "plugin")
	program, err := os.ReadFile(faulty)
	require.NoError(t, err)
	program[len(program)-1] ^= 1
	require.NoError(t, os.WriteFile(tampered, program, 0o700))
	_, _, err = launch(t, "works", func(c *host.Config) { c.Path = tampered })
	require.ErrorIs(t, err, host.ErrChecksum)
	requireFailure(t, err, sdk.Technical, sdk.Host)

	for name, change := range map[string]func(*host.Config){
		"no such file":    func(c *host.Config) { c.Path += "-not" },
		"no sum":          func(c *host.Config) { c.SHA256 = nil },
		"a bad setting":   func(c *host.Config) { c.Settings = map[string]string{"PATH=": ""} },
		"not a program":   func(c *host.Config) { c.Path = text(t); c.SHA256, _ = host.Checksum(c.Path) },
		"not executable":  func(c *host.Config) { c.Path = closed(t); c.SHA256, _ = host.Checksum(c.Path) },
		"no such folder":  func(c *host.Config) { c.Dir = "/nowhere" },
		"zero in setting": func(c *host.Config) { c.Settings = map[string]string{"a": "\x00"} },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, _, err := launch(t, "works", change)
			require.Error(t, err)
		})
	}
}

func text(t *testing.T) string {
	path := filepath.Join(t.TempDir(), "text")
	require.NoError(t, os.WriteFile(path, []byte("hello"), 0o700))
	return path
}

func closed(t *testing.T) string {
	path := filepath.Join(t.TempDir(), "closed")
	require.NoError(t, os.WriteFile(path, []byte("\x7fELF"), 0o600))
	return path
}

func TestAPluginSeesNothingOfTheHost(t *testing.T) {
	t.Setenv("TRIBUTARY_DSN", "postgres://canary") // not parallel: it is our own environment
	process, _ := launched(t, "echoes-its-surroundings", func(c *host.Config) {
		c.Settings = map[string]string{"base_url": "http://127.0.0.1:1"}
		c.Env = map[string]string{"TZ": "UTC"}
	})
	step, err := process.Provider().Begin(within(t, 20*time.Second), sdk.BeginRequest{
		Credentials: sdk.Secrets{"password": "canary"},
	})
	require.NoError(t, err)
	seen := string(step.Ready.State.Data)
	require.NotContains(t, seen, "canary")
	require.Contains(t, seen, "TRIBUTARY_SETTING_BASE_URL=http://127.0.0.1:1")
	require.Contains(t, seen, "TZ=UTC")
}

func TestAStartEndsWithItsContext(t *testing.T) {
	t.Parallel()
	sum, err := host.Checksum(alien)
	require.NoError(t, err)
	for name, after := range map[string]time.Duration{"ended before": 0, "ends meanwhile": 200 * time.Millisecond} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithTimeout(t.Context(), after)
			defer cancel()
			began := time.Now()
			_, err := host.Launch(ctx, host.Config{Path: alien, SHA256: sum, Args: []string{"is-silent"}, StartTimeout: time.Minute})
			require.ErrorIs(t, err, context.DeadlineExceeded)
			require.Less(t, time.Since(began), 50*time.Second)
		})
	}
}
