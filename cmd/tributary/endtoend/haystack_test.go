package endtoend

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// haystack is everything in which a secret could be, by where that is.
type haystack map[string][]byte

// processes takes what a neighbour on the machine can see of ours.
func (h haystack) processes(t *testing.T, s *sandbox, when string) {
	t.Helper()
	ours := append(family(s.process.pid()), being{pid: s.process.pid()})
	require.Greater(t, len(ours), 1)
	for _, b := range ours {
		for _, file := range []string{"cmdline", "environ"} {
			text, err := os.ReadFile(fmt.Sprintf("/proc/%d/%s", b.pid, file))
			require.NoError(t, err)
			h[fmt.Sprintf("%s of %d while %s", file, b.pid, when)] = text
		}
	}
}

// collect takes what stays: files, logs, answers.
func (h haystack) collect(t *testing.T, s *sandbox) {
	t.Helper()
	h["answers"] = s.heard.text()
	require.NotEmpty(t, h["answers"])
	for _, log := range append(s.logs, s.bank.process.log) {
		text, err := os.ReadFile(log)
		require.NoError(t, err)
		h["log "+filepath.Base(log)] = text
	}
	require.NotEmpty(t, h["log "+filepath.Base(s.logs[0])], "the server logs nothing: nothing would be proved")
	h.folder(t, s.data, "data", "afterwards")
	require.Contains(t, h, "data/demo-client.json afterwards")
}

// folder takes every file below a folder, and the names of all that is there.
// The zeros behind what a file of a fixed size holds are left out.
func (h haystack) folder(t *testing.T, root, name, when string) {
	t.Helper()
	var names []byte
	require.NoError(t, filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		below, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		names = append(names, below+"\n"...)
		if !entry.Type().IsRegular() {
			return nil
		}
		text, err := os.ReadFile(path)
		h[filepath.Join(name, below)+" "+when] = bytes.TrimRight(text, "\x00")
		return err
	}))
	h["names below "+name+" "+when] = names
}

// within is the part whose places hold a word.
func (h haystack) within(word string) haystack {
	part := haystack{}
	for place, text := range h {
		if strings.Contains(place, word) {
			part[place] = text
		}
	}
	return part
}

// search names each place and form in which a secret is.
func (h haystack) search(secret string) []string {
	var found []string
	for place, text := range h {
		for _, form := range reveals(text, secret) {
			found = append(found, place+" ("+form+")")
		}
	}
	return found
}
