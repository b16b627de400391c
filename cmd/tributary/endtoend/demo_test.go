package endtoend

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestDemo plays all its acts, ends with 0, and leaves nothing.
func TestDemo(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	command := bounded(t, filepath.Join(programs, "tributary"), "demo")
	command.Env = []string{"PATH=" + os.Getenv("PATH"), "TMPDIR=" + folder}
	command.Dir = t.TempDir()
	out, err := command.CombinedOutput()
	require.NoError(t, err, "%s", out)
	rest := string(out)
	for _, act := range []string{
		"A token for the client", "POST /oauth/token", "A user", "POST /v1/users", "A queue", "A connection", "GET /v1/providers",
		"POST /v1/connections", "GET …/challenge", "POST …/challenge", "finish", "SUCCESS", "What the bank read", "ACCOUNT", "BALANCE",
		"CHECKINGS", "CATEGORY", "What the queue tells", "synchronization.started", "synchronization.succeeded", "POST …/ack", "All of it happened.",
	} {
		before, after, found := strings.Cut(rest, act)
		require.True(t, found, "%q does not come after\n%s", act, before)
		rest = after
	}
	left, err := os.ReadDir(folder)
	require.NoError(t, err)
	require.Empty(t, left, "it leaves its data behind")
}

// TestDemo_killed takes its sandbox with it.
func TestDemo_killed(t *testing.T) {
	t.Parallel()
	command := bounded(t, filepath.Join(programs, "tributary"), "demo")
	command.Env = []string{"PATH=" + os.Getenv("PATH"), "TMPDIR=" + t.TempDir()}
	require.NoError(t, command.Start())
	var started []being
	eventually(t, startLimit, "it starts no bank", func() bool {
		started = family(command.Process.Pid)
		return len(started) > 1
	})
	require.NoError(t, command.Process.Kill())
	_ = command.Wait()
	// The sandbox still ends in its own way: what is at work gets a moment.
	eventually(t, 4*survivalLimit, "the demo's sandbox lives on", func() bool { return len(alive(started)) == 0 })
}

// TestPages runs the commands of each page in one shell, as a reader would.
func TestPages(t *testing.T) {
	t.Parallel()
	for page, shown := range map[string][]string{
		"quickstart.md":    {`"login"`, "Type the code", `"CHECKINGS"`, `"balance"`, `"category"`, `"effective_date"`, `"SUCCESS"`},
		"how-to/tokens.md": {`"active": true`},
		"how-to/categorise.md": {"RULE leisure.outings", "ENGINE shopping.variety\nRULE housing.furniture\nUSER food.restaurants\n" +
			`{"raw": null, "engine": "shopping.variety", "rule": "housing.furniture", "user": "food.restaurants"}` + "\nRULE housing.furniture\n", "}\nENGINE shopping.variety\n"},
		"how-to/keep-a-copy.md":             {"killed after 0.1 seconds", "The copy is the list", "Lunch with Ann", `[{"id": "txn_`, "eyJ2Ijox"},
		"how-to/follow-events.md":           {"it came while we waited: user.created", "event: user.created", "nothing twice, nothing missing", "killed\n3 users welcomed, each once\n3 users"},
		"how-to/share-a-queue.md":           {"not acknowledged: the same again", "acknowledged: the next one", "no event with both", "given again, with the same ids", "lease_lost", "all of it, and each once"},
		"how-to/see-how-fresh.md":           {`"limit": 4`, "SUCCESS\n0\n", "RATE_LIMITED\nWAIT\n", "no further access for now", "TRANSACTIONS used 4 attended 3 left 0"},
		"how-to/test-with-your-own-bank.md": {`"Corner Bank"`, "line 2, column", "2026-03-02T09:00:0", "the connection is SUCCESS", "11 transactions", "18 transactions", "PROVIDER_UNAVAILABLE"},
	} {
		t.Run(page, func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(filepath.Join("..", "..", "..", "docs", page))
			require.NoError(t, err)
			blocks := fenced(string(text), "sh")
			require.Greater(t, len(blocks), 3)
			out := played(t, startSandbox(t, options{}), blocks)
			for _, text := range shown {
				require.Contains(t, out, text)
			}
		})
	}
}

// played is what the blocks print, with what the page asks a reader to set.
func played(t *testing.T, s *sandbox, blocks []string) string {
	t.Helper()
	command := bounded(t, "bash", "-euo", "pipefail", "-c", strings.Join(blocks, "\n"))
	command.Env = []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + os.Getenv("HOME"), "BASE=" + s.greeting.BaseURL,
		"CLIENT_ID=" + s.greeting.ClientID, "CLIENT_SECRET=" + s.greeting.ClientSecret,
	}
	for _, p := range s.greeting.Personas {
		if p.Code != "" {
			command.Env = append(command.Env, "LOGIN="+p.Login, "PASSWORD="+p.Password, "CODE="+p.Code)
			break
		}
	}
	out, err := command.CombinedOutput()
	require.NoError(t, err, "%s", out)
	return string(out)
}

// bounded is a command that does not go on for ever, nor do its children.
func bounded(t *testing.T, program string, args ...string) *exec.Cmd {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 240*time.Second)
	t.Cleanup(cancel)
	command := exec.CommandContext(ctx, program, args...)
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	command.Cancel = func() error { return syscall.Kill(-command.Process.Pid, syscall.SIGKILL) }
	command.WaitDelay = 5 * time.Second
	return command
}

// fenced gives the blocks of a page in one language.
func fenced(page, language string) []string {
	var blocks []string
	for _, part := range strings.Split(page, "```"+language+"\n")[1:] {
		block, _, _ := strings.Cut(part, "\n```")
		blocks = append(blocks, block)
	}
	return blocks
}
