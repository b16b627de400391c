package browser

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// share is what one process of a group really takes, in bytes: pages that several share are counted in parts, or, where the
// system does not tell that, once for each.
type share struct {
	pid, bytes int
	// page says that it shows pages, of one visit.
	page bool
}

// shares lists what the processes of a group take.
func shares(group int) (all []share) {
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		return nil
	}
	for _, stat := range stats {
		text, err := os.ReadFile(stat) //nolint:gosec // of the kernel
		if err != nil {
			continue
		}
		_, after, _ := strings.Cut(string(text), ") ")
		if fields := strings.Fields(after); len(fields) > 21 && fields[2] == strconv.Itoa(group) {
			all = append(all, shareOf(filepath.Dir(stat), fields[21]))
		}
	}
	return all
}

func shareOf(process, resident string) (s share) {
	s.pid, _ = strconv.Atoi(filepath.Base(process))
	arguments, _ := os.ReadFile(process + "/cmdline") //nolint:gosec // of the kernel
	s.page = bytes.Contains(arguments, []byte("--type=renderer"))
	if s.bytes = proportional(process); s.bytes == 0 {
		pages, _ := strconv.Atoi(resident)
		s.bytes = pages * os.Getpagesize()
	}
	return s
}

func proportional(process string) int {
	file, err := os.Open(process + "/smaps_rollup") //nolint:gosec // of the kernel
	if err != nil {
		return 0
	}
	defer func() { _ = file.Close() }()
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		var kib int
		if n, _ := fmt.Sscanf(lines.Text(), "Pss: %d kB", &kib); n == 1 {
			return kib << 10
		}
	}
	return 0
}
