package host

import (
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"io"
	"os"
	"runtime"
)

// ErrChecksum says that the executable is not the one that was pinned.
var ErrChecksum = errors.New("the executable is not the one that was pinned")

// Checksum reads the SHA-256 of a file.
func Checksum(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	return checksumOf(f)
}

func checksumOf(f *os.File) ([]byte, error) {
	hash := sha256.New()
	if _, err := io.Copy(hash, f); err != nil {
		return nil, err
	}
	return hash.Sum(nil), nil
}

// openPinned opens the executable and compares its sum. What is started
// afterwards is this open file: a file put under the name between check and
// start is never run.
func openPinned(path string, pinned []byte) (*os.File, error) {
	if len(pinned) != sha256.Size {
		return nil, errors.New("the pinned checksum is not a SHA-256")
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	sum, err := checksumOf(f)
	if err == nil && subtle.ConstantTimeCompare(sum, pinned) != 1 {
		err = ErrChecksum
	}
	if err != nil {
		_ = f.Close()
		return nil, err
	}
	return f, nil
}

// executable is the path under which the child finds the open file fd; the
// given path on systems that have none.
func executable(path, fd string) string {
	if runtime.GOOS == "linux" {
		return "/proc/self/fd/" + fd
	}
	return path
}
