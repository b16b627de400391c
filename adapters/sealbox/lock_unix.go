//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package sealbox

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"
)

// lockFile takes the file at path for this process alone. The system gives it
// free when the process ends, however it ends; the file itself stays.
func lockFile(path string) (unlock func() error, err error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("sealbox: %w", err)
	}
	err = syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		err = fmt.Errorf("%w: %s is locked", ErrRotating, path)
	}
	if err != nil {
		_ = file.Close()
		return nil, err
	}
	return file.Close, nil
}

// keepOwner gives a file to the owner of another; only root can, and only root
// needs to.
func keepOwner(path string, like fs.FileInfo) error {
	owner, ok := like.Sys().(*syscall.Stat_t)
	if !ok || int(owner.Uid) == os.Geteuid() {
		return nil
	}
	return os.Chown(path, int(owner.Uid), int(owner.Gid))
}
