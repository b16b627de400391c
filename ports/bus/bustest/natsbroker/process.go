package natsbroker

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"syscall"
)

// child is the variable that makes a test's own binary behave as a broker. It
// holds the folder and the port.
const child = "TRIBUTARY_TEST_BROKER"

// Process is a server in a process of its own, which can be frozen and killed.
type Process struct {
	broker Broker
	cmd    *exec.Cmd
	stdin  io.Closer
}

// Child serves, and does not come back, where the process was started by Launch.
// A package whose tests use Launch calls it first in its TestMain.
func Child() {
	told := os.Getenv(child)
	if told == "" {
		return
	}
	var port int
	var folder string
	_, err := fmt.Sscanf(told, "%d %q", &port, &folder)
	if err == nil {
		err = (&Broker{options: options(folder, port)}).Resume()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "natsbroker:", err)
		os.Exit(1)
	}
	fmt.Println("ready")
	_, _ = io.Copy(io.Discard, os.Stdin) // until the test is gone
	os.Exit(0)
}

// Launch starts one.
func Launch(folder string) (*Process, error) {
	b, err := choose(folder)
	if err != nil {
		return nil, err
	}
	p := &Process{broker: *b}
	return p, p.Resume()
}

var errNotReady = errors.New("natsbroker: the process did not start")

// Resume starts the server again after Kill, where it was before.
func (p *Process) Resume() error {
	p.cmd = exec.Command(os.Args[0])
	p.cmd.Env = []string{"PATH=" + os.Getenv("PATH"), fmt.Sprintf("%s=%d %q", child, p.broker.options.Port, p.broker.options.StoreDir)}
	stdin, err := p.cmd.StdinPipe()
	if err != nil {
		return err
	}
	p.stdin = stdin
	stdout, err := p.cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := p.cmd.Start(); err != nil {
		return err
	}
	if line, _ := bufio.NewReader(stdout).ReadString('\n'); line != "ready\n" {
		_ = p.Kill()
		return errNotReady
	}
	return nil
}

// Kill is SIGKILL.
func (p *Process) Kill() error {
	err := p.cmd.Process.Kill()
	_ = p.cmd.Wait() // it was killed
	_ = p.stdin.Close()
	return err
}

// Freeze is SIGSTOP, Thaw SIGCONT.
func (p *Process) Freeze() error { return p.cmd.Process.Signal(syscall.SIGSTOP) }

// Thaw has a frozen server go on.
func (p *Process) Thaw() error { return p.cmd.Process.Signal(syscall.SIGCONT) }

// URL reaches the server.
func (p *Process) URL() string { return p.broker.URL() }
