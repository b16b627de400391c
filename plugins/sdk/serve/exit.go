package serve

import (
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"time"

	"github.com/tributary-dev/tributary/plugins/sdk/internal/launch"
)

// grace is how long the hooks of AtExit may take together.
const grace = 900 * time.Millisecond

// exits are the hooks of one process, run once.
type exits struct {
	mu    sync.Mutex
	once  sync.Once
	hooks []func()
}

var process exits

// AtExit registers what must be closed before this process ends, such as a
// browser. Hooks run in reverse order when the server asks the plugin to end,
// when it dies, and on SIGTERM. Together they have less than a second.
func AtExit(hook func()) { process.add(hook) }

func (e *exits) add(hook func()) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.hooks = append(e.hooks, hook)
}

// run calls every hook, and returns when all have ended or the grace is over.
func (e *exits) run() {
	e.once.Do(func() {
		e.mu.Lock()
		hooks := e.hooks
		e.mu.Unlock()
		done := make(chan struct{})
		go func() {
			defer close(done)
			for i := len(hooks) - 1; i >= 0; i-- {
				call(hooks[i])
			}
		}()
		select {
		case <-done:
		case <-time.After(grace):
		}
	})
}

// call keeps one hook's panic from the others.
func call(hook func()) {
	defer func() { _ = recover() }()
	hook()
}

// watchParent ends the process when the server has ended. The server holds the
// other end of a pipe and never writes to it: however it dies, the kernel
// closes that end. (A parent-death signal would follow the thread, not the
// process.)
func watchParent() {
	fd, err := strconv.Atoi(os.Getenv(launch.ParentFD))
	if err != nil || fd < 3 {
		return
	}
	syscall.CloseOnExec(fd)
	pipe := os.NewFile(uintptr(fd), "parent")
	go func() {
		_, _ = io.Copy(io.Discard, pipe)
		process.run()
		removeSocket()
		endGroup()
	}()
}

// removeSocket clears away the folder that the server made for the socket and
// can no longer remove. Its parent goes only when nothing else is in it.
func removeSocket() {
	dir := os.Getenv("PLUGIN_UNIX_SOCKET_DIR") // go-plugin's name
	if dir == "" {
		return
	}
	_ = os.RemoveAll(dir)
	_ = os.Remove(filepath.Dir(dir))
}

// endGroup ends this process and what it started. The server made it the
// leader of a group of its own.
func endGroup() {
	if pid := os.Getpid(); syscall.Getpgrp() == pid {
		_ = syscall.Kill(-pid, syscall.SIGKILL)
	}
	os.Exit(3)
}

// watchSignals makes SIGTERM an orderly end.
func watchSignals() {
	asked := make(chan os.Signal, 1)
	signal.Notify(asked, syscall.SIGTERM)
	go func() {
		<-asked
		process.run()
		os.Exit(0)
	}()
}

// closeBinary keeps children of the plugin from inheriting the descriptor it
// was started through, and gives the process the name that this hid.
func closeBinary() {
	_ = os.WriteFile("/proc/self/comm", []byte(filepath.Base(os.Args[0])), 0)
	if fd, err := strconv.Atoi(os.Getenv(launch.BinaryFD)); err == nil && fd >= 3 {
		_ = syscall.Close(fd)
	}
}
