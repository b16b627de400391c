package browser

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// memory is what the processes of a group really take, in bytes: pages that several share are counted in parts, or, where
// the system does not tell that, once for each.
func memory(group int) (bytes int) {
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		return 0
	}
	for _, stat := range stats {
		text, err := os.ReadFile(stat) //nolint:gosec // of the kernel
		if err != nil {
			continue
		}
		_, after, _ := strings.Cut(string(text), ") ")
		if fields := strings.Fields(after); len(fields) > 21 && fields[2] == strconv.Itoa(group) {
			if part := proportional(filepath.Dir(stat)); part > 0 {
				bytes += part
				continue
			}
			pages, _ := strconv.Atoi(fields[21])
			bytes += pages * os.Getpagesize()
		}
	}
	return bytes
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
