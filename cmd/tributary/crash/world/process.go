package world

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

// startLimit is how long a program may take to say that it answers.
const startLimit = 60 * time.Second

// process is a program that was started.
type process struct {
	command *exec.Cmd
	stdin   io.Closer
	log     string
	first   chan []byte
	ended   chan struct{}
}

// launch starts a program in a process group of its own. What it writes to its
// standard error is added to a file of its name.
func launch(folder string, extra []*os.File, program string, args ...string) (*process, error) {
	path := filepath.Join(folder, filepath.Base(program)+".log")
	log, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	defer func() { _ = log.Close() }()
	p := &process{command: exec.Command(program, args...), log: path, first: make(chan []byte, 1), ended: make(chan struct{})}
	p.command.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + os.Getenv("HOME"), "TMPDIR=" + os.Getenv("TMPDIR")}
	p.command.Stderr, p.command.ExtraFiles = log, extra
	p.command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if p.stdin, err = p.command.StdinPipe(); err != nil {
		return nil, err
	}
	stdout, err := p.command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := p.command.Start(); err != nil {
		return nil, err
	}
	go p.read(stdout)
	return p, nil
}

// read passes the first line on and waits for the end.
func (p *process) read(stdout io.Reader) {
	lines := bufio.NewReader(stdout)
	line, _ := lines.ReadBytes('\n')
	p.first <- line
	_, _ = io.Copy(io.Discard, lines)
	_ = p.command.Wait()
	close(p.ended)
}

// errEnded says that a process ended before it greeted.
var errEnded = errors.New("it ended before it greeted")

// greeting reads the one line of JSON that a program prints once it answers.
func (p *process) greeting(into any) error {
	select {
	case line := <-p.first:
		if len(line) == 0 {
			return errEnded
		}
		return json.Unmarshal(line, into)
	case <-time.After(startLimit):
		return fmt.Errorf("%s does not greet", p.command.Path)
	}
}

func (p *process) pid() int { return p.command.Process.Pid }

// kill is SIGKILL to this process alone.
func (p *process) kill() {
	if p == nil {
		return
	}
	_ = p.command.Process.Kill()
	<-p.ended
}

// said is the end of its log, without the calls that went well.
func (p *process) said() string {
	text, _ := os.ReadFile(p.log)
	lines := slices.DeleteFunc(strings.Split(string(text), "\n"), func(l string) bool { return strings.Contains(l, "msg=request ") })
	return strings.Join(lines[max(0, len(lines)-40):], "\n")
}
