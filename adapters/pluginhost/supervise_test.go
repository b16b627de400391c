package pluginhost

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/plugins/sdk"
	"github.com/tributary-dev/tributary/plugins/sdk/host"
	"github.com/tributary-dev/tributary/plugins/sdk/manifest"
)

// actor is a process that does what a test says.
type actor struct {
	name, version string
	once          sync.Once
	done          chan struct{}
	mu            sync.Mutex
	hangs         bool
}

func (a *actor) Provider() sdk.Provider { return nil }
func (a *actor) Pid() int               { return 7 }
func (a *actor) Done() <-chan struct{}  { return a.done }
func (a *actor) Ended() error           { return errors.New("exit status 7") }
func (a *actor) Close(time.Duration)    { a.die() }
func (a *actor) die()                   { a.once.Do(func() { close(a.done) }) }

func (a *actor) Description() sdk.Description {
	return sdk.Description{Plugin: a.name, Version: a.version}
}

func (a *actor) Usable() bool {
	select {
	case <-a.done:
		return false
	default:
		return true
	}
}

func (a *actor) hang(is bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.hangs = is
}

func (a *actor) Ping(ctx context.Context) error {
	a.mu.Lock()
	hangs := a.hangs
	a.mu.Unlock()
	if hangs {
		<-ctx.Done()
		return ctx.Err()
	}
	return nil
}

// stage starts actors and keeps them.
type stage struct {
	mu     sync.Mutex
	actors []*actor
	broken error // no start works while it is set
}

func (s *stage) launch(_ context.Context, config host.Config) (process, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.broken != nil {
		return nil, s.broken
	}
	a := &actor{name: config.Name, version: "1.0.0", done: make(chan struct{})}
	s.actors = append(s.actors, a)
	return a, nil
}

func (s *stage) breakDown(with error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.broken = with
}

func (s *stage) last() *actor {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.actors[len(s.actors)-1]
}

// rehearse gives a supervised plugin on a stage, in a bubble of its own time.
func rehearse(t *testing.T, play func(t *testing.T, p *plugin, s *stage)) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &stage{}
		options := Options{
			launch: s.launch, chance: func() float64 { return 0.5 }, Logger: slog.New(slog.NewTextHandler(io.Discard, nil)),
		}.withDefaults()
		m := installed{Manifest: manifest.Manifest{Name: "one", Version: "1.0.0"}}
		p := supervised(m, options, nil, func(*plugin, sdk.Description) error { return nil })
		defer p.drain(0, nil)
		synctest.Wait()
		require.Equal(t, Up, p.phase())
		play(t, p, s)
	})
}

func within(t *testing.T, limit time.Duration) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	t.Cleanup(cancel)
	return ctx
}

func TestAPluginThatDoesNotAnswerIsEndedAndStartedAgain(t *testing.T) {
	rehearse(t, func(t *testing.T, p *plugin, s *stage) {
		first := s.last()
		time.Sleep(time.Hour + 5*time.Second)
		require.Equal(t, 0, p.status().Restarts, "it answers")
		first.hang(true)
		time.Sleep(20 * time.Second)
		first.hang(false) // two unanswered pings are forgiven
		time.Sleep(time.Minute)
		require.Equal(t, 0, p.status().Restarts)
		first.hang(true)
		time.Sleep(41 * time.Second)
		synctest.Wait()
		require.NotSame(t, first, s.last())
		require.False(t, first.Usable())
		require.Equal(t, 1, p.status().Restarts)
		require.Equal(t, Up, p.phase())
	})
}

func TestAPluginThatDiesAgainAndAgainIsGivenUp(t *testing.T) {
	rehearse(t, func(t *testing.T, p *plugin, s *stage) {
		began := time.Now()
		for range patient.limit {
			_, release, err := p.acquire(within(t, time.Minute))
			require.NoError(t, err)
			release()
			s.last().die()
			synctest.Wait()
		}
		require.InDelta(t, 15.75, time.Since(began).Seconds(), 0.01)
		require.Equal(t, GivenUp, p.phase())
		require.True(t, p.down())
		require.ErrorContains(t, p.status().Reason, "exit status 7")

		before := time.Now()
		_, _, err := p.acquire(within(t, time.Hour))
		var pausing errPausing
		require.ErrorAs(t, err, &pausing)
		require.Zero(t, time.Since(before), "nobody waits for what was given up")
		require.Equal(t, patient.rest, pausing.until.Sub(before))

		time.Sleep(patient.rest)
		synctest.Wait()
		require.Equal(t, Up, p.phase(), "after the long pause it is tried")
		s.last().die()
		synctest.Wait()
		require.Equal(t, GivenUp, p.phase(), "once")

		p.signal(revived)
		synctest.Wait()
		require.Equal(t, Up, p.phase(), "and when the operator wants it")
		require.False(t, p.down())
	})
}

func TestACallWaitsForTheNextStart(t *testing.T) {
	rehearse(t, func(t *testing.T, p *plugin, s *stage) {
		broken := errors.New("no such luck")
		s.breakDown(broken)
		s.last().die()
		synctest.Wait() // two failures: the end, and the start that followed
		require.Equal(t, Restarting, p.phase())
		require.True(t, p.down())
		_, _, err := p.acquire(within(t, time.Minute))
		require.ErrorIs(t, err, broken, "its failure is the call's")

		before := time.Now()
		_, _, err = p.acquire(within(t, 100*time.Millisecond))
		var pausing errPausing
		require.ErrorAs(t, err, &pausing)
		require.ErrorIs(t, err, broken)
		require.Zero(t, time.Since(before), "it does not wait for what cannot come in time")

		s.breakDown(nil)
		_, release, err := p.acquire(within(t, time.Minute))
		require.NoError(t, err)
		release()
		require.Equal(t, 500*time.Millisecond, time.Since(before))
	})
}

func TestDrainWaitsForWhatIsHeld(t *testing.T) {
	for name, test := range map[string]struct {
		call, session time.Duration // how long they last
		limit, took   time.Duration
	}{
		"nothing":           {0, 0, time.Minute, 0},
		"a call":            {10 * time.Second, 0, time.Minute, 10 * time.Second},
		"a live session":    {0, 20 * time.Second, time.Minute, 20 * time.Second},
		"both":              {30 * time.Second, 20 * time.Second, time.Minute, 30 * time.Second},
		"more than allowed": {time.Hour, time.Hour, time.Minute, time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			rehearse(t, func(t *testing.T, p *plugin, s *stage) {
				running, release, err := p.acquire(t.Context())
				require.NoError(t, err)
				held := newSessions(time.Now)
				held.note("1", p, running, sdk.Step{Challenge: &sdk.Challenge{Holding: sdk.Live, ExpiresAt: time.Now().Add(test.session)}})
				began, over := time.Now(), make(chan time.Duration)
				go func() {
					p.drain(test.limit, func() bool { return held.heldBy(p) })
					over <- time.Since(began)
				}()
				synctest.Wait()
				require.Equal(t, Draining, p.phase())
				_, _, err = p.acquire(t.Context())
				require.ErrorIs(t, err, errClosed, "new work was taken")
				require.True(t, p.hold(running), "what is held goes on")
				p.release()
				time.AfterFunc(test.call, release)
				require.InDelta(t, test.took, <-over, float64(time.Second))
				require.False(t, s.last().Usable())
				require.False(t, p.hold(running))
			})
		})
	}
}

func TestWhatNoRestartMendsIsGivenUpAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &stage{}
		p := supervised(installed{Manifest: manifest.Manifest{Name: "one", Version: "2.0.0"}},
			Options{launch: s.launch}.withDefaults(), nil, nil)
		defer p.drain(0, nil)
		<-p.settled
		require.Equal(t, GivenUp, p.phase())
		require.ErrorContains(t, p.lastError(), "the manifest says one 2.0.0, the program one 1.0.0")
		require.False(t, s.last().Usable())
	})
}
