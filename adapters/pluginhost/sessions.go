package pluginhost

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/tributary-dev/tributary/plugins/sdk"
	port "github.com/tributary-dev/tributary/ports/provider"
)

// sessions remember which process holds which live session: only that one can
// go on with it, also after a newer program has taken over.
type sessions struct {
	now func() time.Time
	mu  sync.Mutex
	all map[held]holder
}

// held is a session by its plugin's name: no other plugin answers for it.
type held struct{ plugin, session string }

// holder of a session, until its challenge expires.
type holder struct {
	plugin  *plugin
	process process
	until   time.Time
}

func newSessions(now func() time.Time) *sessions {
	return &sessions{now: now, all: map[held]holder{}}
}

// note keeps what a step says of its session, and forgets what has expired.
func (s *sessions) note(id string, p *plugin, running process, step sdk.Step) {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := held{p.installed.Name, id}
	delete(s.all, key)
	now := s.now()
	for other, h := range s.all {
		if !h.until.After(now) {
			delete(s.all, other)
		}
	}
	if c := step.Challenge; c != nil && c.Holding == sdk.Live {
		s.all[key] = holder{p, running, expiry(c.ExpiresAt, now)}
	}
}

// expiry of a challenge for which the bank sets no time is far enough.
func expiry(at, now time.Time) time.Time {
	if at.IsZero() {
		return now.Add(time.Hour)
	}
	return at
}

func (s *sessions) of(p *plugin, id string) (holder, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	h, ok := s.all[held{p.installed.Name, id}]
	return h, ok
}

func (s *sessions) forget(p *plugin, id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.all, held{p.installed.Name, id})
}

// heldBy tells whether a plugin still has a session that can be answered.
func (s *sessions) heldBy(p *plugin) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	for _, h := range s.all {
		if h.plugin == p && h.until.After(now) {
			return true
		}
	}
	return false
}

var errLost = errors.New("pluginhost: the process that held the session has ended")

// lease finds the process for a call of a session: the one that holds it, or
// the plugin's present one.
func (h *Host) lease(ctx context.Context, p *plugin, session string) (*plugin, process, func(), error) {
	by, ok := h.sessions.of(p, session)
	if !ok {
		running, release, err := p.acquire(ctx)
		return p, running, release, err
	}
	if !by.plugin.hold(by.process) {
		h.sessions.forget(p, session)
		return nil, nil, nil, &port.Failure{Code: port.SessionLost, Whose: port.Plugin, Err: errLost}
	}
	return by.plugin, by.process, by.plugin.release, nil
}
