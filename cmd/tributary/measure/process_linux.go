package main

import (
	"os"
	"syscall"
)

// mostMemory is the most that an ended process had, in MiB.
func mostMemory(state *os.ProcessState) float64 {
	usage, ok := state.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0
	}
	return float64(usage.Maxrss) / 1024
}
