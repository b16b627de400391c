package upgrade

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestUpgrade_loses_nothing_however_often_it_is_killed proves R12: from each
// version, with many rows, through kills at random moments, to the newest.
func TestUpgrade_loses_nothing_however_often_it_is_killed(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, open func(*testing.T) database) {
		fresh := open(t)
		fresh.program(t, current, "migrate", "up").succeeds(t)
		want := fresh.schema(t)
		for _, version := range versions[:len(versions)-1] {
			t.Run(fmt.Sprintf("from_%d", version), func(t *testing.T) {
				upgrade(t, open(t), version, want)
			})
		}
	})
}

func upgrade(t *testing.T, d database, version int64, want [][]string) {
	t.Helper()
	_, err := d.goose.UpTo(t.Context(), version)
	require.NoError(t, err)
	began := time.Now()
	d.fill(t, transactions)
	filled := time.Since(began)
	d.keep(t, d)
	of := d.shape(t)
	was := d.sums(t, of)
	if version >= 3 { // the first with a table of them
		require.Equal(t, transactions, was["transactions"].Rows)
	}
	idle, took := d.timed(t, "status"), d.timed(t, "up")
	require.Equal(t, was, d.sums(t, of), "without a kill")
	d.restore(t, d, version)
	found := d.upgradeWithKills(t, version, idle*3/4, took)
	require.Equal(t, was, d.sums(t, of), "after the kills; SEED=%d", seed)
	require.Equal(t, want, d.schema(t), "as a new database has it; SEED=%d", seed)
	if version == before { // once is enough: all of them end the same
		d.refusesPrevious(t)
	}
	t.Logf("%s from %d to %d: %d transactions (filled in %s), upgrade in %s, %d kills found it at %v",
		d.name, version, latest, was["transactions"].Rows, filled.Round(time.Millisecond), took.Round(time.Millisecond), kills, found)
}

// timed is how long a command takes, its process included: 'status' does
// everything but the upgrade itself.
func (d database) timed(t *testing.T, command string) time.Duration {
	t.Helper()
	began := time.Now()
	d.program(t, current, "migrate", command).succeeds(t)
	return time.Since(began)
}

// upgradeWithKills starts the upgrade and kills it at a random moment of its
// time, from about when it has begun, until it was killed as often as asked; each
// start goes on from where the last one was, one that came to its end is taken
// back. In the end it is let through. It tells at which versions the kills found
// the schema.
func (d database) upgradeWithKills(t *testing.T, version int64, begun, took time.Duration) map[int64]int {
	t.Helper()
	random, found := dice(d.name, version), map[int64]int{}
	begun = min(begun, took*3/4)
	for killed := 0; killed < kills; {
		if !d.kill(t, begun+time.Duration(random.Int64N(int64(took-begun)))) {
			d.restore(t, d, version)
			continue
		}
		killed++
		at := d.version(t)
		require.GreaterOrEqual(t, at, version, "SEED=%d", seed)
		found[at]++
		if at == latest {
			d.restore(t, d, version)
		}
	}
	d.program(t, current, "migrate", "up").succeeds(t)
	shown := d.status(t)
	require.Equal(t, [2]int64{latest, latest}, [2]int64{shown.Current, shown.Newest})
	require.Empty(t, shown.Pending)
	return found
}

// kill starts the upgrade and kills it after a while; it tells whether it was
// still there.
func (d database) kill(t *testing.T, after time.Duration) bool {
	t.Helper()
	command := d.command(context.Background(), current, "migrate", "up")
	var log strings.Builder
	command.Stderr = &log
	require.NoError(t, command.Start())
	timer := time.AfterFunc(after, func() { _ = command.Process.Kill() })
	defer timer.Stop()
	err := command.Wait()
	if err != nil {
		require.Equal(t, "signal: killed", err.Error(), "it failed by itself; SEED=%d: %s", seed, &log)
	}
	return err != nil
}

// status is what the program says of the schema.
func (d database) status(t *testing.T) (shown struct {
	Current, Newest int64
	Pending         []string
}) {
	t.Helper()
	s := d.program(t, current, "migrate", "status", "--json")
	s.succeeds(t)
	require.NoError(t, json.Unmarshal([]byte(s.out), &shown), s.out)
	return shown
}

// said is how one call of a program ended.
type said struct {
	status   int
	out, log string
}

func (s said) succeeds(t *testing.T) {
	t.Helper()
	require.Zero(t, s.status, "%s", s.log)
}

// program runs one to its end.
func (d database) program(t *testing.T, path string, arguments ...string) said {
	t.Helper()
	command := d.command(t.Context(), path, arguments...)
	var out, log strings.Builder
	command.Stdout, command.Stderr = &out, &log
	_ = command.Run() // its status tells
	return said{command.ProcessState.ExitCode(), out.String(), log.String()}
}

func (d database) command(ctx context.Context, path string, arguments ...string) *exec.Cmd {
	command := exec.CommandContext(ctx, path, append(arguments, d.place...)...)
	command.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + os.Getenv("HOME")}
	return command
}
