package world

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
)

const module = "github.com/tributary-dev/tributary/"

// Programs is a folder of what is started.
type Programs string

// Build makes the programs as the Makefile does.
func Build(ctx context.Context, folder string) (Programs, error) {
	for target, pkg := range map[string]string{
		"server": "cmd/tributary/crash/server", "testbank": "cmd/testbank", "plugins/testbank": "plugins/testbank",
		"plugin-manifest": "plugins/sdk/cmd/plugin-manifest",
	} {
		err := execute(ctx, "go", "build", "-trimpath", "-ldflags", "-s -w", "-o", filepath.Join(folder, target), module+pkg)
		if err != nil {
			return "", err
		}
	}
	err := execute(ctx, filepath.Join(folder, "plugin-manifest"), filepath.Join(folder, "plugins/testbank"), "base_url=http://127.0.0.1:8765")
	return Programs(folder), err
}

func execute(ctx context.Context, program string, args ...string) error {
	if out, err := exec.CommandContext(ctx, program, args...).CombinedOutput(); err != nil {
		return fmt.Errorf("%s %s: %w\n%s", program, strings.Join(args, " "), err, out)
	}
	return nil
}

func (p Programs) path(name string) string { return filepath.Join(string(p), name) }
