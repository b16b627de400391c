package main

import (
	"crypto/rand"
	"sync"
	"time"

	"github.com/tributary-dev/tributary/plugins/scraper/engine"
)

// held is a session that is open in this process.
type held struct {
	*engine.Session
	bank  string
	token string
	timer *time.Timer
	busy  int
	asks  bool // it waits for the user
	last  time.Time
}

// sessions are those that are open, by their token.
type sessions struct {
	mu  sync.Mutex
	all map[string]*held
}

func newSessions() *sessions { return &sessions{all: map[string]*held{}} }

// hold takes a session in, for as long as it is not used.
func (s *sessions) hold(bank string, session *engine.Session, long time.Duration) *held {
	h := &held{Session: session, bank: bank, token: rand.Text(), last: time.Now()}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all[h.token] = h
	h.timer = time.AfterFunc(long, func() { s.drop(h) })
	return h
}

// take gives a session to use; release says how long it stays open afterwards.
func (s *sessions) take(bank, token string) (h *held, release func(long time.Duration)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	h = s.all[token]
	if h == nil || h.bank != bank {
		return nil, nil
	}
	select {
	case <-h.Done(): // Chromium has ended
		delete(s.all, token)
		go h.Close()
		return nil, nil
	default:
	}
	h.busy++
	h.timer.Stop()
	return h, func(long time.Duration) {
		s.mu.Lock()
		defer s.mu.Unlock()
		h.busy, h.last = h.busy-1, time.Now()
		if h.busy == 0 {
			h.timer.Reset(long)
		}
	}
}

// drop closes a session.
func (s *sessions) drop(h *held) {
	s.mu.Lock()
	delete(s.all, h.token)
	h.timer.Stop()
	s.mu.Unlock()
	h.Close()
}

// room closes the session that was not used for the longest time: what it needs to go on is in its state. One that is used, or that waits for its user, is left alone.
func (s *sessions) room() {
	s.mu.Lock()
	var oldest *held
	for _, h := range s.all {
		if h.busy == 0 && !h.asks && (oldest == nil || h.last.Before(oldest.last)) {
			oldest = h
		}
	}
	if oldest != nil {
		delete(s.all, oldest.token) // nobody takes it any more
	}
	s.mu.Unlock()
	if oldest != nil {
		s.drop(oldest)
	}
}
