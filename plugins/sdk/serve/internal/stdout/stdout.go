// Package stdout owns the plugin's standard output. The first line on it must
// be the handshake: a single stray line before, from a library's init as well,
// and the server gives the plugin up. So descriptor 1 becomes standard error as
// soon as this package is initialised, and the real one is given out once.
//
// It imports next to nothing, so that it is initialised early.
package stdout

import (
	"os"
	"syscall"
)

var original = guard()

// guard points descriptor 1 at descriptor 2 and keeps the original.
func guard() *os.File {
	fd, err := syscall.Dup(1)
	if err != nil {
		return os.Stderr
	}
	syscall.CloseOnExec(fd)
	if err := redirect(); err != nil {
		return os.Stdout
	}
	os.Stdout = os.Stderr
	return os.NewFile(uintptr(fd), "/dev/stdout")
}

// Real is the standard output the process was started with.
func Real() *os.File { return original }
