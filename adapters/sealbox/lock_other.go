//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd)

package sealbox

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// lockFile takes the file at path for this process alone: its existence is the
// lock, so after a crash it has to be removed by hand.
func lockFile(path string) (unlock func() error, err error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, os.ErrExist) {
		return nil, fmt.Errorf("%w: %s exists", ErrRotating, path)
	}
	if err != nil {
		return nil, fmt.Errorf("sealbox: %w", err)
	}
	return func() error { return errors.Join(file.Close(), os.Remove(path)) }, nil
}

func keepOwner(string, fs.FileInfo) error { return nil }
