package host_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/tributary-dev/tributary/plugins/sdk"
	"github.com/tributary-dev/tributary/plugins/sdk/host"
)

// TestMain is also the host that the tests kill: see orphan_test.go.
func TestMain(m *testing.M) {
	if path := os.Getenv("TEST_HOST_OF"); path != "" {
		hostUntilKilled(path)
	}
	dir, err := os.MkdirTemp("", "plugins-of-test")
	if err != nil {
		panic(err)
	}
	faulty, alien = filepath.Join(dir, "faulty"), filepath.Join(dir, "alien")
	out, err := exec.Command("go", "build", "-o", dir, "./internal/faulty", "./internal/alien").CombinedOutput()
	if err != nil {
		panic(fmt.Sprintf("%v: %s", err, out))
	}
	goleak.VerifyTestMain(m, goleak.Cleanup(func(code int) {
		_ = os.RemoveAll(dir)
		os.Exit(code)
	}))
}

// The paths of the built plugins of these names.
var faulty, alien string

// output keeps what a plugin printed.
type output struct {
	mu   sync.Mutex
	text strings.Builder
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

func launch(t *testing.T, mode string, change ...func(*host.Config)) (*host.Process, *output, error) {
	t.Helper()
	path := faulty
	if strings.HasPrefix(mode, "alien-") {
		path = alien
	}
	sum, err := host.Checksum(path)
	require.NoError(t, err)
	log := &output{}
	cfg := host.Config{
		Path: path, SHA256: sum, Args: []string{strings.TrimPrefix(mode, "alien-")}, StartTimeout: time.Minute,
		Logger: slog.New(slog.NewTextHandler(log, nil)),
	}
	for _, f := range change {
		f(&cfg)
	}
	process, err := host.Launch(t.Context(), cfg)
	return process, log, err
}

// launched starts a plugin that must start, and ends it with the test.
func launched(t *testing.T, mode string, change ...func(*host.Config)) (*host.Process, *output) {
	t.Helper()
	process, log, err := launch(t, mode, change...)
	require.NoError(t, err)
	t.Cleanup(func() {
		process.Close(0)
		requireGone(t, process.Pid())
	})
	return process, log
}

// requireGone wants the process to have been reaped, not only to have ended.
func requireGone(t *testing.T, pid int) {
	t.Helper()
	_, err := os.Stat(fmt.Sprintf("/proc/%d/stat", pid))
	require.ErrorIs(t, err, os.ErrNotExist, "the process is still there, or a zombie")
}

func within(t *testing.T, d time.Duration) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), d)
	t.Cleanup(cancel)
	return ctx
}

func requireFailure(t *testing.T, err error, code sdk.Code, whose sdk.Whose) {
	t.Helper()
	failure, ok := errors.AsType[*sdk.Failure](err)
	require.True(t, ok, "%v", err)
	require.Equal(t, code, failure.Code, "%v", failure.Cause)
	require.Equal(t, whose, failure.Whose)
}

type discard struct{}

func (discard) Send(sdk.Item) error { return nil }
