package browser

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// programs is the folder of what was built for this run.
var programs string

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	folder, err := os.MkdirTemp("", "tributary-browser-")
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
	return m.Run()
}

// build makes the programs as the Makefile does.
func build() error {
	for _, step := range [][]string{
		{"", "./cmd/tributary", "./cmd/testbank"},
		{"plugins/testbank", "./plugins/testbank"},
		{"others/psd2", "./plugins/psd2"},
		{"others/scraper", "./plugins/scraper"},
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
	return execute(filepath.Join(programs, "plugin-manifest"), "base_url=http://127.0.0.1:8765", filepath.Join(programs, "plugins/testbank"), filepath.Join(programs, "others/psd2"), filepath.Join(programs, "others/scraper"))
}

func execute(program string, args ...string) error {
	command := exec.Command(program, args...)
	command.Dir = filepath.Join("..", "..", "..")
	if out, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("%s %s: %w\n%s", program, strings.Join(args, " "), err, out)
	}
	return nil
}
