//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package bunstore

import (
	"errors"
	"fmt"
	"os"
	"syscall"
)

// lock takes the file at path for this process alone. The system gives it free
// when the process ends, however it ends; the file itself stays.
func lock(path string) (release func() error, err error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("bunstore: %w", err)
	}
	err = syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return nil, errFirst(fmt.Errorf("%w: %s is locked; end that process first", ErrInUse, path), file.Close)
	}
	if err != nil {
		return nil, errFirst(fmt.Errorf("bunstore: lock %s: %w", path, err), file.Close)
	}
	return file.Close, nil
}
