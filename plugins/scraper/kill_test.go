package main

import (
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/plugins/sdk"
	"github.com/tributary-dev/tributary/plugins/sdk/host"
)

// TestKills kills the plugin, Chromium or one of its children at a random moment of a visit, N times (3). What was asked fails
// with a type or succeeds; the next visit tells everything, once; and in the end nothing is left.
func TestKills(t *testing.T) {
	t.Parallel()
	times, _ := strconv.Atoi(os.Getenv("N"))
	if times == 0 {
		times = 3
	}
	profiles := folder(t)
	random := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // kills, no secrets
	w, plugin := launched(t, []byte(small), "profiles", profiles)
	kinds := map[string]int{}
	for n := range times {
		began := make(chan error, 1)
		go func() { _, err := w.wholeVisit(); began <- err }()
		time.Sleep(time.Duration(random.IntN(4000)) * time.Millisecond)
		kinds[killOne(t, []string{"plugin", "browser", "child"}[n%3], plugin, profiles, random)]++
		if err := <-began; err != nil {
			var failure *sdk.Failure
			if !errors.As(err, &failure) {
				require.True(t, gone(plugin), "an error without type, of a plugin that lives: %v", err)
			}
		}
		if gone(plugin) {
			plugin.Close(time.Second)
			plugin = w.again(t, profiles)
		}
		k, err := w.wholeVisit()
		require.NoError(t, err, "after kill %d", n+1)
		w.requireTrue("camille", k)
	}
	plugin.Close(5 * time.Second)
	require.Eventually(t, func() bool { return len(processes(profiles)) == 0 }, 20*time.Second, 50*time.Millisecond, "processes are left")
	if left := folders(t, profiles); len(left) > 0 { // it had no time to clear away, which is then the next one's to do
		plugin = w.again(t, profiles)
		_, err := w.wholeVisit()
		require.NoError(t, err)
		for _, one := range folders(t, profiles) {
			require.NotContains(t, left, one, "profiles are left")
		}
		plugin.Close(5 * time.Second)
	}
	t.Logf("killed: %v", kinds)
}

// folders are the names of those in a folder.
func folders(t *testing.T, in string) (names []string) {
	t.Helper()
	all, err := os.ReadDir(in)
	require.NoError(t, err)
	for _, one := range all {
		names = append(names, one.Name())
	}
	return names
}

// wholeVisit logs in and reads.
func (w *world) wholeVisit() (*told, error) {
	step, err := w.begin("modern", "camille")
	if err != nil {
		return nil, err
	}
	return w.fetch("modern", step.Ready)
}

// gone reports that a plugin has ended.
func gone(plugin *host.Process) bool {
	select {
	case <-plugin.Done():
		return true
	default:
		return false
	}
}

// again starts the plugin anew, as the server does.
func (w *world) again(t *testing.T, profiles string) *host.Process {
	t.Helper()
	path, err := program()
	require.NoError(t, err)
	sum, err := host.Checksum(path)
	require.NoError(t, err)
	process, err := host.Launch(t.Context(), host.Config{Path: path, SHA256: sum, Settings: map[string]string{"testbank_url": w.url, "profiles": profiles}, StartTimeout: time.Minute})
	require.NoError(t, err)
	w.provider = process.Provider()
	return process
}

// processes are those of Chromium whose profile is in a folder.
func processes(profiles string) (pids []int) {
	all, _ := filepath.Glob("/proc/[0-9]*/cmdline")
	for _, file := range all {
		text, err := os.ReadFile(file)
		if err == nil && strings.Contains(string(text), "--user-data-dir="+profiles) {
			pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(file)))
			pids = append(pids, pid)
		}
	}
	return pids
}

// killOne kills, and says what.
func killOne(t *testing.T, kind string, plugin *host.Process, profiles string, random *rand.Rand) string {
	t.Helper()
	found := processes(profiles)
	switch {
	case kind == "plugin" || len(found) == 0:
		pid := plugin.Pid()
		require.Positive(t, pid)
		_ = syscall.Kill(pid, syscall.SIGKILL)
		<-plugin.Done()
		return "plugin"
	case kind == "browser":
		group, err := syscall.Getpgid(found[0])
		if err == nil {
			_ = syscall.Kill(group, syscall.SIGKILL)
		}
		return kind
	}
	_ = syscall.Kill(found[random.IntN(len(found))], syscall.SIGKILL)
	return kind
}
