package endtoend

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestClaim_W7_a_consumer_that_is_killed between what it fetched and what it
// would acknowledge: a real process, and SIGKILL. What it had comes again when its
// lease ends, with the same ids; what was acknowledged never does, whatever
// becomes of the server meanwhile.
func TestClaim_W7_a_consumer_that_is_killed(t *testing.T) {
	t.Parallel()
	s := startSandbox(t, options{})
	queue := s.asClient(t).post(t, "/v1/queues", `{"types":["user.created"]}`).want(t, http.StatusCreated).text(t, ".id")
	before := map[string]bool{}
	for round := range 4 {
		c := s.asClient(t)
		for n := range 5 {
			c.post(t, "/v1/users", map[string]string{"external_id": fmt.Sprint(round, "-", n)}).want(t, http.StatusCreated)
		}
		doomed := c.consumer(t, queue, 2*time.Second)
		had := doomed.line(t)
		require.NoError(t, doomed.run.Process.Kill())
		if round == 2 {
			s.kill(t)
			s.restart(t)
			c = s.asClient(t)
		}
		heir := c.consumer(t, queue, time.Minute)
		require.Equal(t, had, heir.line(t), "what a dead one had")
		for id := range strings.FieldsSeq(had) {
			require.False(t, before[id], "it was acknowledged")
			before[id] = true
		}
		_, err := io.WriteString(heir.in, "go on\n")
		require.NoError(t, err)
		require.Equal(t, "acknowledged", heir.line(t)) // and waits: what it would ask for now, it would take to its grave for a minute
		require.NoError(t, heir.run.Process.Kill())
	}
	require.Len(t, before, 20)
	require.Nil(t, s.asClient(t).post(t, "/v1/queues/"+queue+"/leases", "{}").want(t, http.StatusOK).at(t, ".id"), "nothing is left")
}

// consumer is a process that takes from a queue.
type consumer struct {
	run *exec.Cmd
	in  io.Writer
	out *bufio.Scanner
}

func (c caller) consumer(t *testing.T, queue string, hold time.Duration) consumer {
	t.Helper()
	run := bounded(t, "python3", filepath.Join("testdata", "consumer", "consume.py"), strconv.Itoa(int(hold/time.Second)))
	run.Env = []string{"PATH=" + os.Getenv("PATH"), "BASE=" + c.sandbox.greeting.BaseURL, "TOKEN=" + c.token, "QUEUE=" + queue}
	run.Stderr = os.Stderr
	in, err := run.StdinPipe()
	require.NoError(t, err)
	out, err := run.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, run.Start())
	t.Cleanup(func() { _ = run.Process.Kill(); _ = run.Wait() })
	return consumer{run, in, bufio.NewScanner(out)}
}

func (c consumer) line(t *testing.T) string {
	t.Helper()
	require.True(t, c.out.Scan(), "the consumer has ended")
	return c.out.Text()
}
