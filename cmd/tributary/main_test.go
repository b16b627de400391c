package main

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/adapters/sealbox"
	"github.com/tributary-dev/tributary/ports/bus/bustest/natsbroker"
)

var update = flag.Bool("update", false, "write golden files anew")

// asProgram makes this test's own binary behave as the program: real processes
// without another build.
const asProgram = "AS_TRIBUTARY=1"

func TestMain(m *testing.M) {
	natsbroker.Child()
	if os.Getenv("AS_TRIBUTARY") == "1" {
		main()
	}
	os.Exit(m.Run())
}

// said is what one call of the program did.
type said struct {
	status   int
	out, log string
}

const callLimit = 30 * time.Second

// call is the program in this process, with no environment but env.
func call(t *testing.T, env []string, args ...string) said {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), callLimit) // a server that ought to have refused ends too
	defer cancel()
	var out, log bytes.Buffer
	status := run(ctx, args, env, streams{&out, &log})
	return said{status, out.String(), log.String()}
}

// does is a call that succeeds, and its JSON.
func does[T any](t *testing.T, args ...string) (value T) {
	t.Helper()
	s := call(t, nil, append(args, "--json")...)
	require.Zero(t, s.status, s.log)
	require.NoError(t, json.Unmarshal([]byte(s.out), &value), s.out)
	return value
}

// program is a process of its own.
func program(ctx context.Context, args ...string) *exec.Cmd {
	command := exec.CommandContext(ctx, os.Args[0], args...)
	command.Env = []string{asProgram, "PATH=" + os.Getenv("PATH"), "HOME=" + os.Getenv("HOME")}
	return command
}

// folder is a data folder with a master key.
func folder(t *testing.T) string {
	t.Helper()
	data := filepath.Join(t.TempDir(), "data")
	require.NoError(t, os.Mkdir(data, 0o700))
	_, err := sealbox.Create(filepath.Join(data, "master.key"))
	require.NoError(t, err)
	return data
}
