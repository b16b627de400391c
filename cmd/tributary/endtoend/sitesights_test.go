package endtoend

import (
	"archive/zip"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// sightings are what a neighbour on the machine has seen of our processes, and of the folder in which browsers work.
type sightings struct {
	mu       sync.Mutex
	seen     map[string]bool
	programs map[string]bool
}

// look takes the arguments and the environment of every process that a server has started. One that ends meanwhile is left out.
func (s *sightings) look(of *sandbox) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, b := range append(family(of.process.pid()), being{pid: of.process.pid()}) {
		s.programs[filepath.Base(b.program)] = true
		for _, file := range []string{"cmdline", "environ"} {
			if text, err := os.ReadFile(fmt.Sprintf("/proc/%d/%s", b.pid, file)); err == nil {
				s.seen[string(text)] = true
			}
		}
	}
}

// into tells them, among which must be Chromium.
func (s *sightings) into(t *testing.T, h haystack) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	browsers := 0
	for program := range s.programs {
		if strings.Contains(program, "chrom") || strings.Contains(program, "headless") {
			browsers++
		}
	}
	require.Positive(t, browsers, "no browser was seen, only %v", s.programs)
	for text := range s.seen {
		h["processes"] = append(h["processes"], text+"\n"...)
	}
}

// bundles takes what failed visits left, out of their archives.
func (h haystack) bundles(t *testing.T, folder string) {
	t.Helper()
	archives, err := filepath.Glob(filepath.Join(folder, "*.bundle.zip"))
	require.NoError(t, err)
	for _, path := range archives {
		archive, err := zip.OpenReader(path)
		require.NoError(t, err)
		for _, file := range archive.File {
			in, err := file.Open()
			require.NoError(t, err)
			text, err := io.ReadAll(in)
			require.NoError(t, err)
			h["bundle "+filepath.Base(path)+" "+file.Name] = text
		}
		require.NoError(t, archive.Close())
	}
}
