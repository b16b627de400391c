package pgcluster

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

const (
	superuser = "tributary"
	// stopTime is how long the server has to end by itself.
	stopTime = 20 * time.Second
)

// defaults are what the tests want of a server.
var defaults = []string{
	"fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=300", "shared_buffers=64MB",
	"deadlock_timeout=50ms", "timezone=Asia/Kathmandu", "datestyle=SQL, DMY", "autovacuum=off", "lc_messages=C", "log_timezone=UTC",
}

// newHome makes the folder of data and socket, for the server's user alone. Its
// path is short: a socket's name may have 107 characters. It lies in memory
// where there is room and nobody asks for durability: a new database takes a
// tenth of a second there, and half of one on a disk.
func newHome(settings []string) (string, error) {
	folder := inMemory()
	if slices.Contains(settings, "fsync=on") {
		folder = ""
	}
	home, err := os.MkdirTemp(folder, "pg")
	if err != nil {
		return "", err
	}
	return home, giveToServer(home)
}

func (c *Cluster) initialize(ctx context.Context) error {
	secret := filepath.Join(c.home, "password")
	if err := os.WriteFile(secret, []byte(c.password), 0o600); err != nil {
		return fmt.Errorf("pgcluster: %w", err)
	}
	if err := giveToServer(secret); err != nil {
		return fmt.Errorf("pgcluster: %w", err)
	}
	initdb := c.asServer(ctx, "initdb", "--pgdata", c.data(), "--username", superuser, "--pwfile", secret, "--no-sync",
		"--auth-local=trust", "--auth-host=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8",
		"--locale-provider=icu", "--icu-locale=en-US")
	if out, err := initdb.CombinedOutput(); err != nil {
		return fmt.Errorf("pgcluster: initdb: %w: %s", err, out)
	}
	return nil
}

func (c *Cluster) data() string { return filepath.Join(c.home, "data") }

// asServer prepares a program that runs as the server's user.
func (c *Cluster) asServer(ctx context.Context, program string, arguments ...string) *exec.Cmd {
	command := exec.CommandContext(ctx, filepath.Join(c.bin, program), arguments...)
	command.Dir = c.home
	command.Env = []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C.UTF-8"}
	command.SysProcAttr = serverProcess()
	return command
}

// Resume starts the server, where it was before.
func (c *Cluster) Resume(ctx context.Context) error {
	arguments := []string{"-D", c.data(), "-k", c.home, "-h", "127.0.0.1", "-p", strconv.Itoa(c.port)}
	for _, setting := range slices.Concat(defaults, c.settings) {
		arguments = append(arguments, "-c", setting)
	}
	// It outlives ctx, which bounds the start alone.
	c.server = c.asServer(context.WithoutCancel(ctx), "postgres", arguments...)
	log, err := c.server.StderrPipe()
	if err != nil {
		return fmt.Errorf("pgcluster: %w", err)
	}
	if err := c.start(); err != nil {
		return fmt.Errorf("pgcluster: start the server: %w", err)
	}
	return c.ready(ctx, log)
}

// start keeps the thread that is the server's parent for as long as it lives:
// the system ends a child with the thread that began it.
func (c *Cluster) start() error {
	begun := make(chan error)
	c.ended = make(chan error, 1)
	go func() {
		runtime.LockOSThread()
		err := c.server.Start()
		begun <- err
		if err == nil {
			state, err := c.server.Process.Wait()
			if err == nil && !state.Success() {
				err = fmt.Errorf("pgcluster: the server ended: %s", state)
			}
			c.ended <- err
		}
	}()
	return <-begun
}

// ready reads the server's log until it takes connections, and throws away the
// rest.
func (c *Cluster) ready(ctx context.Context, log io.Reader) error {
	answers := make(chan error, 1)
	go func() {
		var told strings.Builder
		lines := bufio.NewScanner(log)
		for lines.Scan() {
			told.WriteString(lines.Text() + "\n")
			if strings.Contains(lines.Text(), "ready to accept connections") {
				answers <- nil
				_, _ = io.Copy(io.Discard, log)
				return
			}
		}
		answers <- fmt.Errorf("pgcluster: the server did not start: %s", told.String())
	}()
	select {
	case err := <-answers:
		return err
	case <-ctx.Done():
		return fmt.Errorf("pgcluster: the server is slow to start: %w", errFirst(ctx.Err(), c.halt))
	}
}

func errFirst(err error, undo func() error) error {
	_ = undo()
	return err
}

// halt ends the server and what is connected to it, in order; late, by force.
func (c *Cluster) halt() error {
	_ = c.server.Process.Signal(syscall.SIGINT) // "fast" in the words of pg_ctl
	select {
	case err := <-c.ended:
		return err
	case <-time.After(stopTime):
		_ = c.server.Process.Kill()
		return <-c.ended
	}
}
