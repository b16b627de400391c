package pluginhost_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/adapters/pluginhost"
	"github.com/tributary-dev/tributary/core/secret"
	"github.com/tributary-dev/tributary/core/synchronization"
	"github.com/tributary-dev/tributary/plugins/sdk/host"
	port "github.com/tributary-dev/tributary/ports/provider"
)

func limited(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	t.Cleanup(cancel)
	return ctx
}

// login begins a session of a provider with a login of the rehearsal.
func login(t *testing.T, h *pluginhost.Host, session, provider, name string) (port.Step, error) {
	t.Helper()
	return h.Begin(limited(t), port.Begin{
		Session: port.Session{ID: session, ProviderID: provider, ChannelID: provider + "-embedded"},
		PSU:     &synchronization.PSU{IP: "192.0.2.1"}, Credentials: secret.Values{"login": secret.New(name), "password": secret.New("right")},
	})
}

// approve goes on with a live session; it tells the process that answered.
func approve(t *testing.T, h *pluginhost.Host, session, provider string, state port.State) (int, error) {
	t.Helper()
	step, err := h.Continue(limited(t), port.Continue{
		Session: port.Session{ID: session, ProviderID: provider, ChannelID: provider + "-embedded"}, Challenge: "1", State: state,
	})
	if err != nil {
		return 0, err
	}
	pid, err := strconv.Atoi(string(step.Ready.State.Data.Reveal()))
	require.NoError(t, err)
	return pid, nil
}

func statusOf(t *testing.T, h *pluginhost.Host, name string) pluginhost.Status {
	t.Helper()
	for _, s := range h.Status() {
		if s.Name == name {
			return s
		}
	}
	t.Fatalf("no status of %s", name)
	return pluginhost.Status{}
}

// eventually waits for what another process does.
func eventually(t *testing.T, ready func() bool) {
	t.Helper()
	require.Eventually(t, ready, 20*time.Second, 5*time.Millisecond)
}

func requireCode(t *testing.T, err error, code port.Code) {
	t.Helper()
	failure, ok := errors.AsType[*port.Failure](err)
	require.True(t, ok, "%v", err)
	require.Equal(t, code, failure.Code, "%v", failure.Err)
}

func TestAPluginThatStopsAnsweringIsReplaced(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	install(t, dir, "rehearsal", nil)
	h := open(t, dir, pluginhost.Hasty)
	before := statusOf(t, h, "rehearsal")
	require.Equal(t, pluginhost.Up, before.Phase)
	require.NoError(t, syscall.Kill(before.Pid, syscall.SIGSTOP))
	eventually(t, func() bool { return statusOf(t, h, "rehearsal").Restarts == 1 })
	require.ErrorIs(t, syscall.Kill(before.Pid, 0), syscall.ESRCH, "the stopped process was left")
	require.NoError(t, begin(t, h))
}

func TestAPluginThatKeepsFailingIsGivenUpUntilTheOperatorRetries(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := install(t, dir, "rehearsal", nil)
	h := open(t, dir, pluginhost.Hasty)
	place(t, path, append(program[:len(program):len(program)], 'x'))
	require.NoError(t, syscall.Kill(statusOf(t, h, "rehearsal").Pid, syscall.SIGKILL))
	eventually(t, func() bool { return statusOf(t, h, "rehearsal").Phase == pluginhost.GivenUp })
	told := statusOf(t, h, "rehearsal")
	require.ErrorIs(t, told.Reason, host.ErrChecksum)
	require.Zero(t, told.Pid)
	require.Error(t, h.Ready(t.Context()), "no bank can be reached")
	failure, ok := errors.AsType[*port.Failure](begin(t, h))
	require.True(t, ok)
	require.Equal(t, told.RetryAt, failure.RetryAt)
	one, err := h.Provider(t.Context(), "rehearsal")
	require.NoError(t, err)
	require.EqualValues(t, "DOWN", one.Health())

	place(t, path, program)
	require.ErrorIs(t, h.Retry("nobody"), pluginhost.ErrNoPlugin)
	require.NoError(t, h.Retry("rehearsal"))
	require.NoError(t, begin(t, h))
	require.NoError(t, h.Ready(t.Context()))
	one, err = h.Provider(t.Context(), "rehearsal")
	require.NoError(t, err)
	require.EqualValues(t, "UP", one.Health())
}

func TestAPluginThatFailedAtFirstIsServedWhenItIsMended(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := install(t, dir, "rehearsal", nil)
	place(t, path, append(program[:len(program):len(program)], 'x'))
	h := open(t, dir, pluginhost.Hasty)
	require.Len(t, h.Problems(), 1)
	_, err := h.Provider(t.Context(), "rehearsal")
	require.Error(t, err)
	place(t, path, program)
	eventually(t, func() bool { return statusOf(t, h, "rehearsal").Phase != pluginhost.Starting })
	require.NoError(t, h.Retry("rehearsal"))
	eventually(t, func() bool { return len(h.Problems()) == 0 })
	require.NoError(t, begin(t, h))
}

// TestACrashInAStreamFailsOnlyItsRuns kills one of two plugins while both fetch.
func TestACrashInAStreamFailsOnlyItsRuns(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, name := range []string{"first", "second"} {
		install(t, dir, name, map[string]string{"name": name, "provider": name})
	}
	h := open(t, dir)
	fetching := func(name string) (*waiting, chan error) {
		step, err := login(t, h, name, name, "slow")
		require.NoError(t, err)
		sink, over := &waiting{calls: make(chan string, 9)}, make(chan error, 1)
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		t.Cleanup(cancel)
		sink.give = cancel
		go func() {
			over <- h.Fetch(ctx, port.Fetch{
				Session: port.Session{ID: name, ProviderID: name, ChannelID: name + "-embedded"},
				State:   step.Ready.State, Window: port.Window{Default: "2026-01-01", To: "2026-01-31"},
			}, sink)
		}()
		return sink, over
	}
	hit, hitOver := fetching("first")
	spared, sparedOver := fetching("second")
	<-hit.calls
	<-spared.calls
	require.Equal(t, 1, statusOf(t, h, "first").InFlight)
	require.NoError(t, syscall.Kill(statusOf(t, h, "first").Pid, syscall.SIGKILL))
	requireCode(t, <-hitOver, port.Technical)
	_, err := login(t, h, "again", "first", "plain")
	require.NoError(t, err, "the next run of the same plugin works")
	require.Equal(t, 1, statusOf(t, h, "second").InFlight, "the other run goes on")
	spared.give()
	require.ErrorIs(t, <-sparedOver, context.Canceled)
	require.Zero(t, statusOf(t, h, "second").Restarts)
}

func TestALiveSessionIsLostWithItsProcess(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	install(t, dir, "rehearsal", nil)
	h := open(t, dir)
	step, err := login(t, h, "1", "rehearsal", "held")
	require.NoError(t, err)
	require.True(t, step.Challenge.Asked.Live)
	require.NoError(t, syscall.Kill(statusOf(t, h, "rehearsal").Pid, syscall.SIGKILL))
	eventually(t, func() bool { return statusOf(t, h, "rehearsal").Restarts == 1 })
	_, err = approve(t, h, "1", "rehearsal", step.Challenge.State)
	requireCode(t, err, port.SessionLost)
}

func TestANewGenerationTakesOverAndTheOldOneEndsItsSessions(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	install(t, dir, "rehearsal", nil)
	h := open(t, dir)
	old := statusOf(t, h, "rehearsal")
	step, err := login(t, h, "1", "rehearsal", "held")
	require.NoError(t, err)

	install(t, dir, "rehearsal", map[string]string{"version": "1.1.0", "provider": "other"})
	require.NoError(t, h.Reload(limited(t)))
	require.Empty(t, h.Problems())
	now := h.Status()
	require.Len(t, now, 2)
	require.Equal(t, "1.1.0", now[0].Version)
	require.NotEqual(t, old.Pid, now[0].Pid)
	eventually(t, func() bool { return h.Status()[1].Phase == pluginhost.Draining })

	fresh, err := login(t, h, "2", "other", "held")
	require.NoError(t, err)
	pid, err := approve(t, h, "2", "other", fresh.Challenge.State)
	require.NoError(t, err)
	require.Equal(t, now[0].Pid, pid, "new sessions go to the new generation")
	require.Len(t, h.Status(), 2, "the old one waits for its session")
	_, err = h.Provider(t.Context(), "rehearsal")
	require.Error(t, err, "the catalogue is the new one's")
	_ = step

	h.Close(time.Second)
	require.ErrorIs(t, syscall.Kill(old.Pid, 0), syscall.ESRCH)
}

func TestALiveSessionGoesOnInTheOldGeneration(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	install(t, dir, "rehearsal", nil)
	h := open(t, dir, func(o *pluginhost.Options) { o.Rescan = 10 * time.Millisecond })
	old := statusOf(t, h, "rehearsal").Pid
	step, err := login(t, h, "1", "rehearsal", "held")
	require.NoError(t, err)
	install(t, dir, "rehearsal", map[string]string{"version": "1.1.0"})
	eventually(t, func() bool { return statusOf(t, h, "rehearsal").Version == "1.1.0" })
	_, err = h.Continue(limited(t), port.Continue{
		Session: port.Session{ID: "1", ProviderID: "rehearsal", ChannelID: "rehearsal-embedded"}, Challenge: "1", Resend: true, State: step.Challenge.State,
	})
	requireCode(t, err, port.RateLimited) // and changes nothing
	pid, err := approve(t, h, "1", "rehearsal", step.Challenge.State)
	require.NoError(t, err)
	require.Equal(t, old, pid)
	eventually(t, func() bool { return len(h.Status()) == 1 })
	require.ErrorIs(t, syscall.Kill(old, 0), syscall.ESRCH, "it has nothing left to do")
}

func TestAGenerationThatDoesNotStartChangesNothing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	install(t, dir, "rehearsal", nil)
	h := open(t, dir)
	before := statusOf(t, h, "rehearsal")
	path := install(t, dir, "rehearsal", map[string]string{"version": "1.1.0"})
	place(t, path, append(program[:len(program):len(program)], 'x'))
	require.NoError(t, h.Reload(limited(t)))
	require.Len(t, h.Problems(), 1)
	require.ErrorIs(t, h.Problems()[0].Reason, host.ErrChecksum)
	require.Equal(t, []pluginhost.Status{before}, h.Status())
	require.NoError(t, begin(t, h))

	place(t, path, program)
	require.NoError(t, h.Reload(limited(t)))
	require.Empty(t, h.Problems())
	require.Equal(t, "1.1.0", statusOf(t, h, "rehearsal").Version)
}

func TestTheFolderIsFollowed(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	h := open(t, dir)
	require.Empty(t, h.Status())
	require.NoError(t, h.Ready(t.Context()), "nothing is installed yet")
	path := install(t, dir, "rehearsal", nil)
	require.NoError(t, os.Rename(path+".json", path+".later"))
	require.NoError(t, h.Reload(limited(t)))
	require.Error(t, h.Ready(t.Context()), "what is installed is no good")
	require.NoError(t, os.Rename(path+".later", path+".json"))
	require.NoError(t, h.Reload(limited(t)))
	require.NoError(t, begin(t, h))
	require.NoError(t, os.Remove(path+".json"))
	require.NoError(t, h.Reload(limited(t)))
	require.Len(t, h.Problems(), 1, "a program without its manifest is a mistake, and no reason to stop")
	require.NoError(t, begin(t, h))
	require.NoError(t, os.Remove(path))
	require.NoError(t, h.Reload(limited(t)))
	eventually(t, func() bool { return len(h.Status()) == 0 })
	requireCode(t, begin(t, h), port.ProviderUnavailable)
	require.NoError(t, os.RemoveAll(filepath.Clean(dir)))
	require.Error(t, h.Reload(limited(t)))
}
