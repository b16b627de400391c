package pgcluster

import (
	"os"
	"os/user"
	"strconv"
	"syscall"
)

// PostgreSQL refuses to run as root: it runs as the user of its package then,
// or as nobody.
func serverUser() (uid, gid int, other bool) {
	if os.Geteuid() != 0 {
		return 0, 0, false
	}
	for _, name := range []string{"postgres", "nobody"} {
		found, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, uidErr := strconv.Atoi(found.Uid)
		gid, gidErr := strconv.Atoi(found.Gid)
		if uidErr == nil && gidErr == nil {
			return uid, gid, true
		}
	}
	return 65534, 65534, true
}

// serverProcess has the server end in order when its parent dies.
func serverProcess() *syscall.SysProcAttr {
	process := &syscall.SysProcAttr{Pdeathsig: syscall.SIGINT}
	if uid, gid, other := serverUser(); other {
		process.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	}
	return process
}

// inMemory gives a folder in memory if it has room for a few hundred databases,
// else none.
func inMemory() string {
	const folder, room = "/dev/shm", 3 << 30
	var found syscall.Statfs_t
	if err := syscall.Statfs(folder, &found); err != nil || found.Bavail*uint64(found.Bsize) < room {
		return ""
	}
	return folder
}

func giveToServer(path string) error {
	uid, gid, other := serverUser()
	if !other {
		return nil
	}
	return os.Chown(path, uid, gid)
}
