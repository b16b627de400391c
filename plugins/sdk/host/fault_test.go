package host_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/plugins/sdk"
	"github.com/tributary-dev/tributary/plugins/sdk/host"
)

func begin(ctx context.Context, p sdk.Provider) error {
	_, err := p.Begin(ctx, sdk.BeginRequest{Session: sdk.Session{ID: "1"}, PSU: &sdk.PSU{}})
	return err
}

func beginAlone(ctx context.Context, p sdk.Provider) error {
	_, err := p.Begin(ctx, sdk.BeginRequest{Session: sdk.Session{ID: "1"}})
	return err
}

func fetch(ctx context.Context, p sdk.Provider) error {
	return p.Fetch(ctx, sdk.FetchRequest{Session: sdk.Session{ID: "1"}}, discard{})
}

// loseLive begins a live session, and continues it with a plugin that dies.
func loseLive(ctx context.Context, p sdk.Provider) error {
	if err := begin(ctx, p); err != nil {
		return err
	}
	_, err := p.Continue(ctx, sdk.ContinueRequest{Session: sdk.Session{ID: "1"}})
	return err
}

// loseLiveLater does the same after the bank would not send a code again: the
// session lived on.
func loseLiveLater(ctx context.Context, p sdk.Provider) error {
	if err := begin(ctx, p); err != nil {
		return err
	}
	again := sdk.ContinueRequest{Session: sdk.Session{ID: "1"}, Resend: true}
	if _, err := p.Continue(ctx, again); !again.Survives(err) {
		return err
	}
	_, err := p.Continue(ctx, sdk.ContinueRequest{Session: sdk.Session{ID: "1"}})
	return err
}

// loseDurable does the same with a session whose state the server has.
func loseDurable(ctx context.Context, p sdk.Provider) error {
	_, err := p.Continue(ctx, sdk.ContinueRequest{Session: sdk.Session{ID: "1"}})
	return err
}

var faults = []struct {
	mode  string
	do    func(context.Context, sdk.Provider) error
	code  sdk.Code
	whose sdk.Whose
	dies  bool
}{
	{"crashes", begin, sdk.Technical, sdk.Plugin, true},
	{"panics", begin, sdk.Technical, sdk.Plugin, false},
	{"panics-elsewhere", begin, sdk.Technical, sdk.Plugin, true},
	{"hangs", begin, sdk.Technical, sdk.Plugin, false},
	{"hangs", fetch, sdk.Technical, sdk.Plugin, false},
	{"stops", begin, sdk.Technical, sdk.Plugin, false},
	{"tells-its-cause", begin, sdk.Technical, sdk.Plugin, false},
	{"is-live", loseLive, sdk.SessionLost, sdk.Plugin, true},
	{"is-live", loseLiveLater, sdk.SessionLost, sdk.Plugin, true},
	{"is-durable", loseDurable, sdk.Technical, sdk.Plugin, true},
	{"challenges-nobody", beginAlone, sdk.ChallengeRequired, sdk.Plugin, false},
	{"breaks-the-contract", begin, sdk.BadData, sdk.Plugin, false},
	{"exits-mid-stream", fetch, sdk.Technical, sdk.Plugin, true},
	{"sends-without-end", fetch, sdk.BadData, sdk.Plugin, false},
	{"sends-too-much-at-once", fetch, sdk.BadData, sdk.Plugin, false},
	{"alien-sends-huge-message", fetch, sdk.BadData, sdk.Plugin, false},
	{"alien-sends-invalid-utf8", fetch, sdk.BadData, sdk.Plugin, false},
	{"alien-sends-long-label", fetch, sdk.BadData, sdk.Plugin, false},
	{"alien-sends-unknown-word", fetch, sdk.BadData, sdk.Plugin, false},
	{"alien-sends-unknown-item", fetch, sdk.BadData, sdk.Plugin, false},
	{"alien-sends-not-a-number", fetch, sdk.BadData, sdk.Plugin, false},
	{"alien-sends-out-of-order", fetch, sdk.BadData, sdk.Plugin, false},
	{"alien-sends-unknown-failure", fetch, sdk.BadData, sdk.Plugin, false},
	{"alien-sends-many-items", fetch, sdk.BadData, sdk.Plugin, false},
	{"alien-sends-many-items", begin, sdk.NotSupported, sdk.Plugin, false},
}

func TestEveryFaultIsATypedFailureByTheDeadline(t *testing.T) {
	t.Parallel()
	for i, f := range faults {
		t.Run(fmt.Sprintf("%02d_%s", i, f.mode), func(t *testing.T) {
			t.Parallel()
			process, log := launched(t, f.mode, func(c *host.Config) { c.MaxItems = 1000 })
			limit := 20 * time.Second
			if f.mode == "hangs" || f.mode == "stops" {
				limit = time.Second
			}
			began := time.Now()
			err := f.do(within(t, limit), process.Provider())
			require.Less(t, time.Since(began), limit+15*time.Second)
			requireFailure(t, err, f.code, f.whose)
			require.NotContains(t, log.String()+fmt.Sprintf("%+v", err), "ada:hunter2")
			require.Equal(t, !f.dies, process.Usable())
			if f.dies {
				<-process.Done()
				require.Equal(t, f.mode == "crashes" || f.mode == "panics-elsewhere", process.Ended() != nil)
				requireGone(t, process.Pid())
				requireFailure(t, begin(within(t, 20*time.Second), process.Provider()), sdk.Technical, sdk.Plugin)
			} else if f.mode != "stops" && f.mode != "hangs" {
				require.NoError(t, process.Ping(within(t, 20*time.Second)), "the process must have survived")
			}
		})
	}
}

func TestPrintingIsHarmlessAndLogged(t *testing.T) {
	t.Parallel()
	process, log := launched(t, "prints")
	for range 3 {
		require.NoError(t, begin(within(t, 20*time.Second), process.Provider()))
	}
	require.Eventually(t, func() bool {
		said := log.String()
		for _, line := range []string{"from the provider", "from below", "x1b[31mlog"} {
			if !strings.Contains(said, line) {
				return false
			}
		}
		return true
	}, 20*time.Second, 10*time.Millisecond)
	require.NotContains(t, log.String(), "\x1b")
}

func TestWhatAPluginStartedEndsWithIt(t *testing.T) {
	t.Parallel()
	process, _ := launched(t, "leaves-a-child")
	step, err := process.Provider().Begin(within(t, 20*time.Second), sdk.BeginRequest{})
	require.NoError(t, err)
	child, err := strconv.Atoi(string(step.Ready.State.Data))
	require.NoError(t, err)
	require.True(t, running(child))
	process.Close(0)
	require.Eventually(t, func() bool { return !running(child) }, 30*time.Second, 10*time.Millisecond)
}

func TestACallWantsADeadline(t *testing.T) {
	t.Parallel()
	process, _ := launched(t, "works")
	requireFailure(t, begin(context.Background(), process.Provider()), sdk.Technical, sdk.Host)
	requireFailure(t, fetch(context.Background(), process.Provider()), sdk.Technical, sdk.Host)
}

func TestACallWaitsForItsTurn(t *testing.T) {
	t.Parallel()
	process, _ := launched(t, "hangs", func(c *host.Config) { c.InFlight = 1 })
	first := make(chan error, 1)
	go func() { first <- begin(within(t, time.Second), process.Provider()) }()
	second := begin(within(t, 300*time.Millisecond), process.Provider())
	requireFailure(t, <-first, sdk.Technical, sdk.Plugin)
	require.Error(t, second)
}

// A supervisor asks even when every place is taken: by calls that hang, perhaps.
func TestAPingWaitsForNoTurn(t *testing.T) {
	t.Parallel()
	process, _ := launched(t, "hangs", func(c *host.Config) { c.InFlight = 1 })
	call := make(chan error, 1)
	go func() { call <- begin(within(t, 3*time.Second), process.Provider()) }()
	require.Eventually(t, func() bool { return process.InFlight() == 1 }, 20*time.Second, time.Millisecond)
	require.NoError(t, process.Ping(within(t, 20*time.Second)))
	requireFailure(t, process.Ping(context.Background()), sdk.Technical, sdk.Host)
	require.Error(t, <-call)
}

type refusing struct{ err error }

func (r refusing) Send(sdk.Item) error { return r.err }

func TestTheSinksErrorEndsTheStream(t *testing.T) {
	t.Parallel()
	process, _ := launched(t, "sends-without-end")
	full := errors.New("full")
	err := process.Provider().Fetch(within(t, 20*time.Second), sdk.FetchRequest{}, refusing{full})
	require.ErrorIs(t, err, full)
}

func TestCloseWaitsForCallsInFlight(t *testing.T) {
	t.Parallel()
	process, _ := launched(t, "hangs")
	call := make(chan error, 1)
	go func() { call <- begin(within(t, time.Second), process.Provider()) }()
	require.Eventually(t, func() bool { return process.InFlight() == 1 }, 20*time.Second, time.Millisecond)
	process.Close(10 * time.Second)
	requireFailure(t, <-call, sdk.Technical, sdk.Plugin)
	requireGone(t, process.Pid())
	requireFailure(t, begin(within(t, time.Second), process.Provider()), sdk.Technical, sdk.Host)
	process.Close(0)
}

// Not parallel: descriptors are counted in the whole process.
func TestNothingIsLeftAfterManyFaults(t *testing.T) {
	dir := short(t)
	t.Setenv("TMPDIR", dir)
	before := open(t)
	for range 5 {
		for _, mode := range []string{"crashes", "exits-at-once", "exits-mid-stream", "works"} {
			process, _, err := launch(t, mode, quickly)
			if err != nil {
				continue
			}
			_ = begin(within(t, 20*time.Second), process.Provider())
			_ = fetch(within(t, 20*time.Second), process.Provider())
			process.Close(0)
			requireGone(t, process.Pid())
		}
	}
	require.LessOrEqual(t, open(t), before+1)
	require.NoError(t, os.Remove(dir), "the folder of a socket was left")
}

func open(t *testing.T) int {
	t.Helper()
	entries, err := os.ReadDir("/proc/self/fd")
	require.NoError(t, err)
	return len(entries)
}
