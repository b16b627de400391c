package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestLock shows that the model can fail: it is the judge of who worked on a run.
func TestLock(t *testing.T) {
	t.Parallel()
	const claim = "call 1 10 claim - 0\nwants 1 11 claim syn_a 1\nend 1 12 done syn_a 1\n"
	const takeover = "call 1 20 claim - 0\nwants 1 21 claim syn_a 2\nend 1 22 done syn_a 2\n"
	for name, c := range map[string]struct {
		files []string
		right bool
	}{
		"A_holder_writes":               {[]string{claim + "call 2 13 write syn_a 1\nend 2 14 done syn_a 1\n"}, true},
		"A_late_write_is_refused":       {[]string{claim + "call 2 30 write syn_a 1\nend 2 31 fenced syn_a 1\n", takeover}, true},
		"A_late_write_is_done":          {[]string{claim + "call 2 30 write syn_a 1\nend 2 31 done syn_a 1\n", takeover}, false},
		"A_write_during_the_takeover":   {[]string{claim + "call 2 15 write syn_a 1\nend 2 31 done syn_a 1\n", takeover}, true},
		"A_holder_is_refused":           {[]string{claim + "call 2 13 write syn_a 1\nend 2 14 fenced syn_a 1\n"}, false},
		"Two_have_one_number":           {[]string{claim, "call 1 20 claim - 0\nwants 1 21 claim syn_a 1\nend 1 22 done syn_a 1\n"}, false},
		"A_killed_claim_may_have_been":  {[]string{claim + "call 2 30 write syn_a 1\nend 2 31 fenced syn_a 1\n", "call 1 20 claim - 0\nwants 1 21 claim syn_a 2\n"}, true},
		"A_killed_claim_may_not":        {[]string{claim + "call 2 30 write syn_a 1\nend 2 31 done syn_a 1\n", "call 1 20 claim - 0\nwants 1 21 claim syn_a 2\n"}, true},
		"A_killed_write_says_nothing":   {[]string{claim + "call 2 13 write syn_a 1\n", takeover}, true},
		"Another_run_is_another_matter": {[]string{claim, "call 1 20 claim - 0\nwants 1 21 claim syn_b 1\nend 1 22 done syn_b 1\n"}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			files := []string{}
			for i, text := range c.files {
				files = append(files, filepath.Join(t.TempDir(), string(rune('a'+i))))
				require.NoError(t, os.WriteFile(files[i], []byte(text), 0o600))
			}
			told, err := readHistory(files)
			require.NoError(t, err)
			require.Equal(t, c.right, len(told.broken()) == 0)
		})
	}
}
