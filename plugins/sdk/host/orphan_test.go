package host_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/plugins/sdk"
	"github.com/tributary-dev/tributary/plugins/sdk/host"
)

// hostUntilKilled is a host in a process of its own. It prints the numbers of
// its plugin and of the plugin's child, and waits for SIGKILL.
func hostUntilKilled(path string) {
	sum, err := host.Checksum(path)
	if err != nil {
		panic(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	process, err := host.Launch(ctx, host.Config{
		Path: path, SHA256: sum, Args: []string{"leaves-a-child"},
		Settings: map[string]string{"marker": os.Getenv("TEST_MARKER")},
	})
	if err != nil {
		panic(err)
	}
	step, err := process.Provider().Begin(ctx, sdk.BeginRequest{})
	if err != nil {
		panic(err)
	}
	fmt.Println(process.Pid(), string(step.Ready.State.Data))
	<-ctx.Done()
	os.Exit(1)
}

func TestAPluginEndsWithItsHost(t *testing.T) {
	t.Parallel()
	marker := filepath.Join(t.TempDir(), "marker")
	cmd := exec.Command(os.Args[0])
	sockets := short(t)
	cmd.Env = append(os.Environ(), "TEST_HOST_OF="+faulty, "TEST_MARKER="+marker, "TMPDIR="+sockets)
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	line, err := bufio.NewReader(out).ReadString('\n')
	require.NoError(t, err)
	var plugin, child int
	_, err = fmt.Sscan(line, &plugin, &child)
	require.NoError(t, err)
	require.True(t, running(plugin))
	require.True(t, running(child))

	require.NoError(t, cmd.Process.Kill())
	_ = cmd.Wait()
	require.Eventually(t, func() bool { return !running(plugin) && !running(child) }, 30*time.Second, 10*time.Millisecond)
	require.NoError(t, os.Remove(sockets), "the folder of the socket was left")
	require.FileExists(t, marker, "what was registered with AtExit must have run")
}

// running tells whether a process runs. One that ended and was left to a
// parent that does not reap it does not count.
func running(pid int) bool {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return false
	}
	_, after, _ := strings.Cut(string(stat), ") ")
	return !strings.HasPrefix(after, "Z")
}

// short makes a folder for sockets, whose paths may not be as long as those of
// t.TempDir.
func short(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/tmp", "s") //nolint:usetesting // see above
	require.NoError(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}
