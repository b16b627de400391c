package endtoend

import (
	"bufio"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// startLimit is how long a program may take to say that it answers.
const startLimit = 60 * time.Second

// process is a program that was started and has greeted.
type process struct {
	cmd      *exec.Cmd
	greeting []byte
	log      string
	stdin    io.Closer
	ended    chan struct{}
}

// launch starts a program in a process group of its own and reads its first
// line. Nothing of the test's own environment reaches it.
func launch(t *testing.T, program string, args ...string) *process {
	t.Helper()
	return launchWith(t, nil, program, args...)
}

// launchWith adds to the environment; what comes later wins.
func launchWith(t *testing.T, environment []string, program string, args ...string) *process {
	t.Helper()
	log, err := os.CreateTemp(t.TempDir(), filepath.Base(program)+"-*.log")
	require.NoError(t, err)
	defer func() { _ = log.Close() }()
	p := &process{cmd: exec.Command(program, args...), log: log.Name(), ended: make(chan struct{})}
	p.cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + os.Getenv("HOME"), "TMPDIR=" + os.Getenv("TMPDIR")}, environment...)
	p.cmd.Stderr = log
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	p.stdin, err = p.cmd.StdinPipe()
	require.NoError(t, err)
	stdout, err := p.cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, p.cmd.Start())
	t.Cleanup(func() { p.clear(t) })
	p.greet(t, stdout)
	return p
}

func (p *process) greet(t *testing.T, stdout io.Reader) {
	t.Helper()
	first := make(chan []byte, 1)
	go func() {
		lines := bufio.NewReader(stdout)
		line, _ := lines.ReadBytes('\n')
		first <- line
		_, _ = io.Copy(io.Discard, lines)
		_ = p.cmd.Wait()
		close(p.ended)
	}()
	select {
	case p.greeting = <-first:
		require.NotEmpty(t, p.greeting, "%s did not greet", p.cmd.Path)
	case <-time.After(startLimit):
		require.FailNow(t, "no greeting in time", p.cmd.Path)
	}
}

// clear ends whatever is left, and shows the log of a test that failed.
func (p *process) clear(t *testing.T) {
	group := family(p.pid())
	_ = syscall.Kill(-p.pid(), syscall.SIGKILL)
	for _, b := range alive(group) {
		_ = syscall.Kill(b.pid, syscall.SIGKILL)
	}
	<-p.ended
	if t.Failed() {
		text, _ := os.ReadFile(p.log)
		t.Logf("%s said:\n%s", filepath.Base(p.cmd.Path), text[max(0, len(text)-6000):])
	}
}

func (p *process) pid() int { return p.cmd.Process.Pid }

// survivalLimit is how long anything may live on after its server was killed.
const survivalLimit = 3 * time.Second

// kill is SIGKILL to this process alone. All that it started has to notice.
func (p *process) kill(t *testing.T) {
	t.Helper()
	orphans := family(p.pid())
	require.NoError(t, p.cmd.Process.Kill())
	<-p.ended
	require.Eventually(t, func() bool { return len(alive(orphans)) == 0 }, survivalLimit, 10*time.Millisecond,
		"something outlived its server")
}

// interrupt is Ctrl-C, and gives the exit status.
func (p *process) interrupt(t *testing.T) int {
	t.Helper()
	require.NoError(t, p.cmd.Process.Signal(os.Interrupt))
	return p.exit(t)
}

// exit waits for the end, and gives the status.
func (p *process) exit(t *testing.T) int {
	t.Helper()
	select {
	case <-p.ended:
	case <-time.After(patience):
		require.FailNow(t, "it does not end")
	}
	return p.cmd.ProcessState.ExitCode()
}
