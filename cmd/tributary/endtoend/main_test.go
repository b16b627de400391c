package endtoend

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// programs is the folder of what was built for this run.
var programs string

// parallel is how many tests run at once: most of them wait for a lease or a
// deadline, not for a processor.
const parallel = 10

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	folder, err := os.MkdirTemp("", "tributary-endtoend-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer func() { _ = os.RemoveAll(folder) }()
	programs = folder
	if err := build(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	flag.Parse()
	if err := flag.Set("test.parallel", strconv.Itoa(max(parallel, runtime.GOMAXPROCS(0)))); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	status := m.Run()
	for _, left := range leftOver() {
		fmt.Fprintln(os.Stderr, "left over:", left.program)
		_ = syscall.Kill(left.pid, syscall.SIGKILL)
		status = 1
	}
	return status
}

// build makes the programs as the Makefile does.
func build() error {
	for _, step := range [][]string{
		{"", "./cmd/tributary", "./cmd/testbank"},
		{"plugins/testbank", "./plugins/testbank"},
		{"others/psd2", "./plugins/psd2"},
		{"others/scraper", "./plugins/scraper"},
		{"others/minimal", "./plugins/sdk/examples/minimal"},
		{"others/live", "./plugins/sdk/examples/live"},
		{"others/faulty", "./cmd/tributary/endtoend/testdata/faulty"},
		{"plugin-manifest", "./plugins/sdk/cmd/plugin-manifest"},
	} {
		target := filepath.Join(programs, step[0])
		if step[0] == "" {
			target += "/"
		}
		if err := execute("go", append([]string{"build", "-trimpath", "-ldflags", "-s -w", "-o", target}, step[1:]...)...); err != nil {
			return err
		}
	}
	return execute(filepath.Join(programs, "plugin-manifest"), "base_url=http://127.0.0.1:8765", filepath.Join(programs, "plugins/testbank"),
		filepath.Join(programs, "others/psd2"), filepath.Join(programs, "others/scraper"), filepath.Join(programs, "others/minimal"), filepath.Join(programs, "others/live"), filepath.Join(programs, "others/faulty"))
}

func execute(program string, args ...string) error {
	command := exec.Command(program, args...)
	command.Dir = filepath.Join("..", "..", "..")
	if out, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("%s %s: %w\n%s", program, strings.Join(args, " "), err, out)
	}
	return nil
}

// repeats is N, or a number that keeps the package quick.
func repeats(usual int) int {
	if n, err := strconv.Atoi(os.Getenv("N")); err == nil && n > 0 {
		return n
	}
	return usual
}
