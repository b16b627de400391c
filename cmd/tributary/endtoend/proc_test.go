package endtoend

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// being is one process as /proc shows it. A pid is given out again; with its
// time of birth it is not.
type being struct {
	pid, parent int
	born        string
	program     string
}

func beings() []being {
	var all []being
	folders, _ := filepath.Glob("/proc/[0-9]*")
	for _, folder := range folders {
		pid, _ := strconv.Atoi(filepath.Base(folder))
		if found, ok := look(pid); ok {
			all = append(all, found)
		}
	}
	return all
}

// look reads one process; a zombie is dead.
func look(pid int) (being, bool) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return being{}, false
	}
	// The name may hold anything, so what follows it is found from the end.
	_, rest, _ := strings.Cut(string(text), "(")
	fields := strings.Fields(rest[strings.LastIndex(rest, ")")+1:])
	if len(fields) < 20 || fields[0] == "Z" || fields[0] == "X" {
		return being{}, false
	}
	parent, _ := strconv.Atoi(fields[1])
	program, _ := os.Readlink(fmt.Sprintf("/proc/%d/exe", pid))
	return being{pid: pid, parent: parent, born: fields[19], program: program}, true
}

// family is everything that descends from a process.
func family(root int) []being {
	all, found := beings(), []being{}
	parents := map[int]bool{root: true}
	for grown := true; grown; {
		grown = false
		for _, b := range all {
			if parents[b.parent] && !parents[b.pid] {
				parents[b.pid], grown = true, true
				found = append(found, b)
			}
		}
	}
	return found
}

func alive(of []being) []being {
	var left []being
	for _, b := range of {
		if now, ok := look(b.pid); ok && now.born == b.born {
			left = append(left, b)
		}
	}
	return left
}

// leftOver is every process that runs one of our programs.
func leftOver() []being {
	var left []being
	for _, b := range beings() {
		if strings.HasPrefix(b.program, programs+"/") {
			left = append(left, b)
		}
	}
	return left
}

// running finds the process of a program among the descendants of another.
func running(root int, program string) (being, bool) {
	for _, b := range family(root) {
		if filepath.Base(strings.TrimSuffix(b.program, " (deleted)")) == program {
			return b, true
		}
	}
	return being{}, false
}
