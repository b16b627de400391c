// Command plugin-manifest writes the manifest of each plugin it is given:
//
//	plugin-manifest bin/plugins/testbank base_url=http://127.0.0.1:8081
//
// asks the program to describe itself, sums it, and writes
// bin/plugins/testbank.json beside it. What has a "=" is a setting of all of
// them.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/tributary-dev/tributary/plugins/sdk"
	"github.com/tributary-dev/tributary/plugins/sdk/host"
	"github.com/tributary-dev/tributary/plugins/sdk/manifest"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

func run(args []string, out, notes io.Writer) int {
	var programs []string
	settings := map[string]string{}
	for _, arg := range args {
		if key, value, ok := strings.Cut(arg, "="); ok {
			settings[key] = value
		} else {
			programs = append(programs, arg)
		}
	}
	if len(programs) == 0 {
		_, _ = fmt.Fprintln(notes, "usage: plugin-manifest PROGRAM... [SETTING=VALUE...]")
		return 2
	}
	for _, program := range programs {
		m, err := write(program, settings)
		if err != nil {
			_, _ = fmt.Fprintf(notes, "plugin-manifest: %s: %v\n", program, err)
			return 1
		}
		_, _ = fmt.Fprintf(out, "%s.json: %s %s %s\n", program, m.Name, m.Version, m.SHA256)
	}
	return 0
}

func write(program string, settings map[string]string) (manifest.Manifest, error) {
	path, err := filepath.Abs(program)
	if err != nil {
		return manifest.Manifest{}, err
	}
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, path, "--describe")
	cmd.Env = []string{"PATH=" + os.Getenv("PATH")}
	for key, value := range settings {
		cmd.Env = append(cmd.Env, "TRIBUTARY_SETTING_"+strings.ToUpper(key)+"="+value)
	}
	var notes bytes.Buffer
	cmd.Stderr = &notes
	described, err := cmd.Output()
	if err != nil {
		return manifest.Manifest{}, fmt.Errorf("does not describe itself: %w: %s", err, notes.String())
	}
	var d sdk.Description
	if err := json.Unmarshal(described, &d); err != nil {
		return manifest.Manifest{}, fmt.Errorf("does not describe itself: %w", err)
	}
	return manifest.Write(path, d, host.Protocol, settings)
}
