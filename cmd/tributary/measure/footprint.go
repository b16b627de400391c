package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// footprint tells how large, how quick to start and how hungry the server is.
func (b *bench) footprint(ctx context.Context) error {
	size, err := os.Stat(filepath.Join(b.bin, "tributary"))
	if err != nil {
		return err
	}
	b.row("size of the binary", float64(size.Size())/(1<<20), 0, "MiB")
	first, err := b.start("idle") // makes database and keys
	if err != nil {
		return err
	}
	first.stop()
	began := time.Now()
	s, err := b.start("idle")
	if err != nil {
		return err
	}
	defer s.stop()
	b.row("start of the sandbox, all parts", float64(time.Since(began).Milliseconds()), 0, "ms")
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(3 * time.Second):
	}
	idle, err := resident(s.command.Process.Pid)
	if err != nil {
		return err
	}
	b.row("memory of the idle server", idle, 0, "MiB")
	return nil
}

// resident reads a process's resident memory, in MiB.
func resident(pid int) (float64, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(text)) {
		if field := strings.Fields(line); len(field) > 1 && field[0] == "VmRSS:" {
			kib, err := strconv.ParseFloat(field[1], 64)
			return kib / 1024, err
		}
	}
	return 0, fmt.Errorf("process %d tells no memory", pid)
}
