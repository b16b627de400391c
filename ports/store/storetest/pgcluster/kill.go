package pgcluster

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Kill ends the server and all its processes with SIGKILL, as a power cut does
// that spares the disk's own memory. Its files stay for Resume, which recovers.
// What it acknowledged is there again only with "synchronous_commit=on".
func (c *Cluster) Kill() error {
	others := workers(c.server.Process.Pid)
	if err := c.server.Process.Kill(); err != nil {
		return fmt.Errorf("pgcluster: %w", err)
	}
	for _, pid := range others {
		_ = syscall.Kill(pid, syscall.SIGKILL) // one that noticed is gone already
	}
	<-c.ended
	// Until the last of them is gone their memory is in use, and a new server
	// refuses to start.
	for deadline := time.Now().Add(stopTime); slices.ContainsFunc(others, alive); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			return errors.New("pgcluster: a killed process does not end")
		}
	}
	return nil
}

// Freeze is SIGSTOP to the server and all its processes: it takes connections and
// answers nobody. Thaw has them go on.
func (c *Cluster) Freeze() error { return c.signal(syscall.SIGSTOP) }

// Thaw is SIGCONT.
func (c *Cluster) Thaw() error { return c.signal(syscall.SIGCONT) }

// signal reaches the first process first when it is to stop, so that it starts no
// more.
func (c *Cluster) signal(what syscall.Signal) error {
	first := c.server.Process.Pid
	if err := syscall.Kill(first, what); err != nil {
		return fmt.Errorf("pgcluster: %w", err)
	}
	for _, pid := range workers(first) {
		_ = syscall.Kill(pid, what) // one that has just ended
	}
	return nil
}

// alive reports whether a process is there; one that nobody has waited for is not.
func alive(pid int) bool {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return false
	}
	_, rest, _ := strings.Cut(string(text), ") ")
	return !strings.HasPrefix(rest, "Z") && !strings.HasPrefix(rest, "X")
}

// workers are the processes of the server beside the first.
func workers(first int) (pids []int) {
	lists, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", first))
	for _, list := range lists {
		text, err := os.ReadFile(list)
		if err != nil {
			continue
		}
		for _, field := range strings.Fields(string(text)) {
			if pid, err := strconv.Atoi(field); err == nil {
				pids = append(pids, pid)
			}
		}
	}
	return pids
}
