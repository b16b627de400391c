package pluginhost

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/tributary-dev/tributary/plugins/sdk/host"
	"github.com/tributary-dev/tributary/plugins/sdk/manifest"
)

// installed is a plugin as it lies in the folder.
type installed struct {
	manifest.Manifest
	program string
	// changed is when the program's file was last written.
	changed time.Time
}

// discover reads the manifests of a folder, in the order of their names. A
// program without a manifest is told too: the operator meant to install it.
func discover(dir string) ([]installed, []Problem, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, nil, fmt.Errorf("pluginhost: the folder of plugins cannot be read: %w", err)
	}
	var found []installed
	var problems []Problem
	described := map[string]bool{}
	for _, entry := range entries {
		name, ok := strings.CutSuffix(entry.Name(), ".json")
		if !ok {
			continue
		}
		described[name] = true
		m, err := read(dir, entry.Name())
		if err != nil {
			problems = append(problems, Problem{name, err})
			continue
		}
		found = append(found, m)
	}
	for _, entry := range entries {
		if name := entry.Name(); !entry.IsDir() && !strings.HasSuffix(name, ".json") && !described[name] {
			problems = append(problems, Problem{name, errors.New("has no manifest beside it")})
		}
	}
	return found, problems, nil
}

func read(dir, file string) (installed, error) {
	m, err := manifest.Read(filepath.Join(dir, file))
	if err != nil {
		return installed{}, fmt.Errorf("the manifest %w", err)
	}
	if m.Protocol != host.Protocol {
		return installed{}, fmt.Errorf("it speaks protocol %d, this server speaks %d", m.Protocol, host.Protocol)
	}
	program, err := filepath.Abs(m.Program(dir))
	if err != nil {
		return installed{}, err
	}
	info, err := os.Stat(program)
	switch {
	case err != nil:
		return installed{}, errors.New("the program is missing")
	case !info.Mode().IsRegular() || info.Mode()&0o111 == 0:
		return installed{}, errors.New("the program is not an executable file")
	}
	return installed{m, program, info.ModTime()}, nil
}
