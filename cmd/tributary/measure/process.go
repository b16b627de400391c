package main

import (
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

// memory reads what /proc tells of a process's memory, in MiB.
func memory(pid int, what string) (float64, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(text)) {
		if field := strings.Fields(line); len(field) > 1 && field[0] == what {
			kib, err := strconv.ParseFloat(field[1], 64)
			return kib / 1024, err
		}
	}
	return 0, fmt.Errorf("process %d tells no %s", pid, what)
}

// peak is the most memory that the server ever had, in MiB.
func (s *server) peak() float64 {
	most, err := memory(s.command.Process.Pid, "VmHWM:")
	if err != nil {
		return 0
	}
	return most
}

// ticks is how many clock ticks a second /proc counts in, on every Linux.
const ticks = 100

// spent is the server's CPU time so far: on a busy machine it tells more than
// the time on the wall.
func (s *server) spent() time.Duration { return spent(s.command.Process.Pid) }

func spent(pid int) time.Duration {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0
	}
	_, after, _ := strings.Cut(string(text), ") ") // the name may hold anything
	field := strings.Fields(after)
	if len(field) < 13 {
		return 0
	}
	user, _ := strconv.Atoi(field[11])
	system, _ := strconv.Atoi(field[12])
	return time.Duration(user+system) * time.Second / ticks
}

// lived is what a process took that has ended.
type lived struct {
	took   time.Duration
	memory float64
}

// ended runs a program to its end, however that is.
func ended(command *exec.Cmd) (lived, error) {
	began := time.Now()
	if err := command.Run(); err != nil && command.ProcessState == nil {
		return lived{}, err
	}
	return lived{time.Since(began), mostMemory(command.ProcessState)}, nil
}
