package host

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/tributary-dev/tributary/plugins/sdk/internal/launch"
)

// drain is how long output is still read after the process has ended, when a
// child of it holds the pipes open.
const drain = 250 * time.Millisecond

// runner is the operating system's side of one process; go-plugin drives it.
// It leads a process group of its own, so that what it started ends with it
// and Ctrl-C in a terminal reaches the server alone.
type runner struct {
	log  *slog.Logger
	cmd  *exec.Cmd
	path string

	handshake *io.PipeReader
	exited    chan struct{} // closed when nothing of the process is left
	failed    error         // how it ended; read after exited

	mu     sync.Mutex
	pid    int    // 0 before the start
	doomed bool   // to be killed as soon as it starts
	gone   bool   // reaped: its number may belong to another process
	reason string // why it says that it cannot start
}

func newRunner(cfg Config, cmd *exec.Cmd) *runner {
	cmd.Args = append([]string{cfg.Path}, cfg.Args...)
	cmd.Dir = cfg.Dir
	cmd.Stdin = nil
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	return &runner{log: cfg.Logger, cmd: cmd, path: cfg.Path, exited: make(chan struct{})}
}

// start runs the open file binary. It closes binary.
func (r *runner) start(binary *os.File) error {
	var ours, theirs []*os.File // ends of pipes
	fail := func(err error) error {
		closeAll(append(ours, theirs...)...)
		return err
	}
	theirs = append(theirs, binary)
	for range 3 { // stdout, stderr, and the parent's end
		read, write, err := os.Pipe()
		if err != nil {
			return fail(err)
		}
		ours, theirs = append(ours, read), append(theirs, write)
	}
	// The last pipe runs the other way: the plugin reads, we hold it open.
	ours[2], theirs[3] = theirs[3], ours[2]
	r.cmd.Stdout, r.cmd.Stderr = theirs[1], theirs[2]
	r.cmd.ExtraFiles = []*os.File{theirs[3], binary} // descriptors 3 and 4
	r.cmd.Env = append(r.cmd.Env, launch.ParentFD+"=3", launch.BinaryFD+"=4")
	r.cmd.Path = executable(r.path, "4")
	if err := r.cmd.Start(); err != nil {
		return fail(err)
	}
	r.begun(r.cmd.Process.Pid)
	closeAll(theirs...)
	var pumps sync.WaitGroup
	read, write := io.Pipe()
	r.handshake = read
	pumps.Go(func() { passHandshake(newMeter(r.log, "stdout"), ours[0], write) })
	pumps.Go(func() { r.logNotes(ours[1]) })
	go r.reap(&pumps, ours)
	return nil
}

// logNotes logs what the process prints beside the handshake, and keeps why it does not start.
func (r *runner) logNotes(notes io.Reader) {
	out := newMeter(r.log, "stderr")
	eachLine(notes, func(line string) {
		if reason, is := strings.CutPrefix(line, launch.CannotStart); is {
			r.mu.Lock()
			r.reason = reason
			r.mu.Unlock()
		}
		out.line(line)
	})
	out.tellDropped()
}

// says gives the plugin's own reason for not starting, once it has ended; nil when it gave none.
func (r *runner) says() error {
	<-r.exited
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.reason == "" {
		return nil
	}
	return errors.New(r.reason)
}

// reap waits for the end of the process and clears away what it leaves.
func (r *runner) reap(pumps *sync.WaitGroup, ours []*os.File) {
	defer close(r.exited)
	r.failed = r.cmd.Wait()
	r.mu.Lock()
	_ = syscall.Kill(-r.pid, syscall.SIGKILL)
	r.gone = true
	r.mu.Unlock()
	for _, f := range ours[:2] {
		_ = f.SetReadDeadline(time.Now().Add(drain))
	}
	pumps.Wait()
	closeAll(ours...)
}

// begun notes the start, and ends at once what was to be killed before it.
func (r *runner) begun(pid int) {
	r.mu.Lock()
	r.pid = pid
	doomed := r.doomed
	r.mu.Unlock()
	if doomed {
		r.kill()
	}
}

// number is the process's; 0 before the start.
func (r *runner) number() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.pid
}

// kill ends the process and its group, now or when it starts.
func (r *runner) kill() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.doomed = true
	if !r.gone && r.pid != 0 {
		_ = syscall.Kill(-r.pid, syscall.SIGKILL)
	}
}

func closeAll(files ...*os.File) {
	for _, f := range files {
		_ = f.Close()
	}
}

// adapter shows a runner to go-plugin.
type adapter struct {
	*runner
	binary *os.File
}

// Start implements go-plugin's runner.Runner.
func (a adapter) Start(context.Context) error { return a.start(a.binary) }

// Wait implements go-plugin's runner.AttachedRunner.
func (a adapter) Wait(context.Context) error {
	<-a.exited
	return a.failed
}

// Kill implements go-plugin's runner.AttachedRunner.
func (a adapter) Kill(context.Context) error {
	a.kill()
	return nil
}

// Stdout gives go-plugin the handshake and nothing else.
func (a adapter) Stdout() io.ReadCloser { return a.handshake }

// Stderr gives go-plugin nothing: the runner logs it.
func (a adapter) Stderr() io.ReadCloser { return io.NopCloser(strings.NewReader("")) }

// Name implements go-plugin's runner.Runner.
func (a adapter) Name() string { return a.path }

// ID implements go-plugin's runner.AttachedRunner; empty before the start.
func (a adapter) ID() string {
	if pid := a.number(); pid != 0 {
		return strconv.Itoa(pid)
	}
	return ""
}

// Diagnose implements go-plugin's runner.Runner.
func (a adapter) Diagnose(context.Context) string { return "" }

// PluginToHost implements go-plugin's runner.AddrTranslator.
func (a adapter) PluginToHost(network, address string) (string, string, error) {
	return network, address, nil
}

// HostToPlugin implements go-plugin's runner.AddrTranslator.
func (a adapter) HostToPlugin(network, address string) (string, string, error) {
	return network, address, nil
}
