package browser

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// prefix begins the name of every folder of ours.
const prefix = "trib-"

// maxFolder is how long the name of a folder may be: Chromium makes a socket in it, whose name has a limit in the kernel.
const maxFolder = 60

// profile is the folder of one process: who owns it (owner), and below it what Chromium may write (home).
type profile struct{ folder, home string }

func newProfile(in string, as *syscall.Credential) (profile, error) {
	folder, err := os.MkdirTemp(in, prefix)
	if err != nil {
		return profile{}, err
	}
	p := profile{folder, filepath.Join(folder, "h")}
	if len(p.home) > maxFolder {
		return p, fmt.Errorf("its name is too long: %d are the limit, %d with what is added", maxFolder, len(p.home))
	}
	if err := os.Mkdir(p.home, 0o700); err != nil {
		return p, err
	}
	if as == nil {
		return p, nil
	}
	if err := os.Chmod(folder, 0o711); err != nil { //nolint:gosec // to be passed through, not read
		return p, err
	}
	return p, os.Chown(p.home, int(as.Uid), int(as.Gid))
}

// own notes whose the folder is: this process, and the group that it started.
func (p profile) own(group int) error {
	text := fmt.Sprintf("%d %s %d %s\n", os.Getpid(), born(os.Getpid()), group, born(group))
	return os.WriteFile(filepath.Join(p.folder, "owner"), []byte(text), 0o600)
}

func (p profile) remove() { _ = os.RemoveAll(p.folder) }

// born is when a process began, in the kernel's ticks; empty when it is not there. Number and birth are one process.
func born(pid int) string {
	text, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return ""
	}
	_, after, _ := strings.Cut(string(text), ") ")
	if fields := strings.Fields(after); len(fields) > 19 && fields[0] != "Z" {
		return fields[19]
	}
	return ""
}

// sweep clears away what processes left that were killed: their browsers, where these did not notice, and profiles.
func sweep(in string) {
	folders, err := filepath.Glob(filepath.Join(in, prefix+"*"))
	if err != nil {
		return
	}
	for _, folder := range folders {
		text, err := os.ReadFile(filepath.Join(folder, "owner")) //nolint:gosec // a folder of ours
		var pid, group int
		var began, groupBegan string
		if err != nil {
			if info, err := os.Stat(folder); err == nil && time.Since(info.ModTime()) > time.Hour {
				_ = os.RemoveAll(folder)
			}
			continue // one that begins just now
		}
		if n, _ := fmt.Sscan(string(text), &pid, &began, &group, &groupBegan); n != 4 || born(pid) == began {
			continue
		}
		if born(group) == groupBegan && group > 1 {
			_ = syscall.Kill(-group, syscall.SIGKILL)
		}
		_ = os.RemoveAll(folder)
	}
}
