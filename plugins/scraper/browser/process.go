package browser

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"time"

	"github.com/go-rod/rod/lib/proto"
)

// process is one Chromium with all its children, in a process group of its own.
type process struct {
	settings Settings
	cmd      *exec.Cmd
	profile  profile
	as       *syscall.Credential
	talk     *talk
	notes    *tail
	life     context.Context // ends with it
	kill     func()
	exited   chan struct{}

	mu     sync.Mutex
	visits map[proto.BrowserBrowserContextID]*Visit
	begun  int  // visits, ever
	open   int  // visits, now
	weary  bool // takes no more visits
}

// launch starts Chromium and speaks with it. A start that fails is tried once more: a race at start was seen to end one.
func launch(ctx context.Context, s Settings) (*process, error) {
	p, err := launchOnce(ctx, s)
	if err == nil || ctx.Err() != nil || errors.Is(err, ErrSandbox) || errors.Is(err, ErrUser) || errors.Is(err, ErrNoProgram) {
		return p, err
	}
	s.Report("Chromium did not start and is tried once more")
	return launchOnce(ctx, s)
}

func launchOnce(ctx context.Context, s Settings) (*process, error) {
	program, err := find(s.Program)
	if err != nil {
		return nil, err
	}
	as, err := unprivileged(s.User)
	if err != nil {
		return nil, err
	}
	folder, err := newProfile(s.Folder, as)
	if err != nil {
		folder.remove()
		return nil, fmt.Errorf("the folder for profiles: %w", err)
	}
	p := &process{settings: s, profile: folder, as: as, notes: &tail{}, exited: make(chan struct{}), visits: map[proto.BrowserBrowserContextID]*Visit{}}
	if err := p.start(program); err != nil {
		folder.remove()
		return nil, err
	}
	if err := p.greet(ctx); err != nil {
		p.end()
		if p.notes.names("No usable sandbox") || p.notes.names("Failed to move to new namespace") || p.notes.names("zygote_host_impl_linux") {
			return nil, ErrSandbox
		}
		return nil, fmt.Errorf("%w: it does not answer after its start", ErrGone)
	}
	if s.NoSandbox {
		s.Report("Chromium runs WITHOUT its sandbox, as the setting no_sandbox says")
	}
	return p, nil
}

// start runs the program with both pipes at the descriptors 3 and 4.
func (p *process) start(program string) error {
	theirIn, ourOut, err := os.Pipe()
	if err != nil {
		return err
	}
	ourIn, theirOut, err := os.Pipe()
	if err != nil {
		closeAll(theirIn, ourOut)
		return err
	}
	p.cmd = exec.Command(program, flags(p.settings, p.profile.home)...) //nolint:gosec,noctx // the operator's program; it outlives the call
	p.cmd.Env, p.cmd.Dir = environment(p.profile.home), p.profile.home
	p.cmd.ExtraFiles = []*os.File{theirIn, theirOut}
	p.cmd.Stderr, p.cmd.WaitDelay = p.notes, time.Second
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Credential: p.as}
	err = p.cmd.Start()
	closeAll(theirIn, theirOut)
	if err != nil {
		closeAll(ourIn, ourOut)
		if p.as != nil {
			return fmt.Errorf("%w %q: %w", ErrUser, p.settings.User, err)
		}
		return err
	}
	_ = p.profile.own(p.cmd.Process.Pid)
	p.life, p.kill = context.WithCancel(context.Background())
	go p.reap(ourIn, ourOut)
	p.talk = begin(newPipe(ourIn, ourOut))
	go p.listen()
	return nil
}

// greet waits for the first answer and has every new window stopped before it does anything.
func (p *process) greet(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startPatience)
	defer cancel()
	return proto.TargetSetAutoAttach{AutoAttach: true, WaitForDebuggerOnStart: true, Flatten: true}.Call(p.line(ctx, ""))
}

// reap waits for the end, however it comes, and leaves nothing.
func (p *process) reap(pipes ...*os.File) {
	_ = p.cmd.Wait()
	p.kill()
	_ = syscall.Kill(-p.cmd.Process.Pid, syscall.SIGKILL)
	closeAll(pipes...)
	for range 20 { // what was killed may still be writing
		p.profile.remove()
		if _, err := os.Stat(p.profile.folder); errors.Is(err, os.ErrNotExist) {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	close(p.exited)
}

// end kills the whole group and waits until it is gone.
func (p *process) end() {
	_ = syscall.Kill(-p.cmd.Process.Pid, syscall.SIGKILL)
	<-p.exited
}

// gone reports the end.
func (p *process) gone() bool { return p.life.Err() != nil }

func closeAll(files ...*os.File) {
	for _, f := range files {
		_ = f.Close()
	}
}

// tail keeps the end of what Chromium prints, for why it did not start. It may hold addresses: it is never shown.
type tail struct {
	mu   sync.Mutex
	text []byte
}

// Write implements io.Writer.
func (t *tail) Write(text []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.text = append(t.text, text...)
	t.text = t.text[max(0, len(t.text)-8<<10):]
	return len(text), nil
}

func (t *tail) names(what string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return bytes.Contains(t.text, []byte(what))
}
