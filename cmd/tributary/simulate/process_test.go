package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/adapters/bunstore"
	"github.com/tributary-dev/tributary/adapters/pluginhost"
	"github.com/tributary-dev/tributary/cmd/tributary/simulate/life"
	"github.com/tributary-dev/tributary/cmd/tributary/simulate/play"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/secret"
	"github.com/tributary-dev/tributary/ports/store/storetest/pgcluster"
)

// plugins builds the simulated bank as a plugin, with its manifest.
func plugins(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	program := filepath.Join(folder, "simulated")
	for _, args := range [][]string{
		{"build", "-o", program, "./cmd/tributary/simulate/testdata/simulated"}, {"run", "./plugins/sdk/cmd/plugin-manifest", program},
	} {
		command := exec.CommandContext(t.Context(), "go", args...)
		command.Dir = filepath.Join("..", "..", "..")
		said, err := command.CombinedOutput()
		require.NoError(t, err, string(said))
	}
	return folder
}

// TestLives_through_a_plugin_process_and_PostgreSQL plays SAMPLE account-years,
// or a few days, with nothing in the place of what runs for customers.
func TestLives_through_a_plugin_process_and_PostgreSQL(t *testing.T) {
	t.Parallel()
	size, lives, seed := life.Size{Accounts: 3, Days: 40}, 1, uint64(21)
	if years, err := strconv.Atoi(os.Getenv("SAMPLE")); err == nil && years > 0 {
		size = life.Size{Accounts: 4, Days: 365}
		lives = (years + size.Accounts - 1) / size.Accounts
	}
	if given, err := strconv.ParseUint(os.Getenv("SEED"), 10, 64); err == nil {
		seed = given
	}
	cluster, err := pgcluster.Start(t.Context())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, cluster.Stop()) })
	name, err := cluster.Create(t.Context(), "")
	require.NoError(t, err)
	host, err := pluginhost.Open(t.Context(), pluginhost.Options{Dir: plugins(t), StartTimeout: time.Minute})
	require.NoError(t, err)
	t.Cleanup(func() { host.Close(time.Second) })
	house, err := play.Open(t.Context(), play.Options{
		Store: bunstore.Config{DSN: secret.New(cluster.DSN(name))}, Banks: host, Real: time.Now,
		IDs: ident.Source{Rand: rand.Reader}, Log: slog.New(slog.DiscardHandler),
	})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, house.Close()) })
	sum := &summary{out: os.Stdout, size: size, lives: lives, started: time.Now()}
	for i := range lives {
		l := life.New(seed*1_000_000+uint64(i), size) //nolint:gosec // small and positive
		living, err := house.Begin(context.Background(), l, size)
		require.NoError(t, err)
		verdict, err := live(t.Context(), living, l, nil)
		require.NoError(t, err)
		sum.add(l, verdict)
	}
	fmt.Println("through a plugin process and PostgreSQL:") //nolint:forbidigo // a figure of make simulate
	require.True(t, sum.print())
}
