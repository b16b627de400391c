//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package bunstore

import (
	"errors"
	"fmt"
	"os"
	"syscall"
	"time"
)

// lock takes the file at path for this process alone. The system gives it free
// when the process ends, however it ends; the file itself stays.
func lock(path string) (release func() error, err error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("bunstore: %w", err)
	}
	err = patiently(func() error { return syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) })
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return nil, errFirst(fmt.Errorf("%w: %s is locked; end that process first", ErrInUse, path), file.Close)
	}
	if err != nil {
		return nil, errFirst(fmt.Errorf("bunstore: lock %s: %w", path, err), file.Close)
	}
	return file.Close, nil
}

// patience is how long a lock may be held by what is about to let go: a process
// that ends, or a child of ours that was not yet exchanged for its program and
// has the files of a store that is closed already.
const patience = 200 * time.Millisecond

func patiently(try func() error) (err error) {
	for until := time.Now().Add(patience); ; time.Sleep(patience / 20) { //nolint:forbidigo // a lock is on real time
		if err = try(); !errors.Is(err, syscall.EWOULDBLOCK) || time.Now().After(until) { //nolint:forbidigo // as above
			return err
		}
	}
}
