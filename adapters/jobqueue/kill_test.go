package jobqueue_test

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

	"github.com/tributary-dev/tributary/adapters/jobqueue"
	"github.com/tributary-dev/tributary/ports/jobs"
	"github.com/tributary-dev/tributary/ports/jobs/jobstest"
)

const childVariable = "JOBQUEUE_TEST_CHILD_DATABASE"

func childDatabase() string { return os.Getenv(childVariable) }

// child is the process that gets killed: it takes a job, says so, and never
// finishes it.
func child(address string) {
	queue, err := openChild(address)
	if err == nil {
		err = queue.Run(context.Background(), map[string]jobs.Handler{"sync": func(_ context.Context, key string) error {
			fmt.Println(key)
			select {}
		}})
	}
	fmt.Println("child ended:", err)
	os.Exit(1)
}

func openChild(address string) (*jobqueue.Queue, error) {
	if strings.HasPrefix(address, "postgres://") {
		db, err := openPostgres(address)
		if err != nil {
			return nil, err
		}
		return jobqueue.OpenPostgres(context.Background(), db, testConfig())
	}
	db, err := openDB(address)
	if err != nil {
		return nil, err
	}
	return jobqueue.Open(context.Background(), db, testConfig())
}

// TestKilledProcess kills real processes with SIGKILL, again and again: each
// next one finds the job soon, and none is lost or doubled in the end.
func TestKilledProcess(t *testing.T) {
	t.Parallel()
	t.Run("SQLite", func(t *testing.T) {
		t.Parallel()
		backend := &sqlite{path: filepath.Join(t.TempDir(), "jobs.db")}
		killed(t, backend, backend.path)
	})
	t.Run("PostgreSQL", func(t *testing.T) {
		t.Parallel()
		backend := newPostgres(t)
		killed(t, backend, running.DSN(backend.name))
	})
}

func killed(t *testing.T, backend jobstest.Backend, address string) {
	t.Helper()
	require.NoError(t, backend.Open(t).Enqueue(t.Context(), jobs.Job{Kind: "sync", Key: "syn_killed"}))
	backend.Close(t)
	for range 2 {
		runAndKill(t, address)
	}

	queue := backend.Open(t)
	ctx, cancel := context.WithCancel(t.Context())
	began := make(chan time.Time, 10)
	asked := time.Now()
	ended := make(chan error, 1)
	go func() {
		ended <- queue.Run(ctx, map[string]jobs.Handler{"sync": func(context.Context, string) error {
			began <- time.Now()
			return nil
		}})
	}()
	select {
	case at := <-began:
		require.Less(t, at.Sub(asked), 30*time.Second, "taken up late")
	case <-time.After(time.Minute):
		require.Fail(t, "the killed process's job was not taken up")
	}
	cancel()
	require.NoError(t, <-ended)
	require.Empty(t, began)
}

func runAndKill(t *testing.T, address string) {
	t.Helper()
	soon, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	process := startChild(soon, t, address)
	require.NoError(t, process.Process.Kill())
	_ = process.Wait() // killed, as asked
}

// startChild starts a process and waits until it has the job.
func startChild(ctx context.Context, t *testing.T, address string) *exec.Cmd {
	t.Helper()
	process := exec.CommandContext(ctx, os.Args[0], "-test.run=^$")
	process.Env = append(os.Environ(), childVariable+"="+address)
	out, err := process.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, process.Start())
	line, err := bufio.NewReader(out).ReadString('\n')
	require.NoError(t, err)
	require.Equal(t, "syn_killed\n", line)
	return process
}
