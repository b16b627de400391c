package widget

import (
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Whoever opens links that do not work may go on with some at once, and with one
// every few seconds from then on. A link that works costs nothing, so that a house
// full of users behind one address is not held back.
const (
	guessesAtOnce = 20
	guessEvery    = 6 * time.Second
	// guessers are how many addresses are remembered.
	guessers = 10_000
)

// guesses counts links that did not work, by where they were opened.
type guesses struct {
	mu   sync.Mutex
	from map[string]*rate.Limiter
}

func newGuesses() *guesses { return &guesses{from: map[string]*rate.Limiter{}} }

// wait is how long it takes until an address may try again.
func (g *guesses) wait(from string, now time.Time) time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	limit := g.from[from]
	if limit == nil || limit.TokensAt(now) >= 1 {
		return 0
	}
	return time.Duration((1 - limit.TokensAt(now)) * float64(guessEvery))
}

// count notes a link that did not work.
func (g *guesses) count(from string, now time.Time) {
	g.mu.Lock()
	defer g.mu.Unlock()
	limit := g.from[from]
	if limit == nil {
		g.makeRoom(now)
		limit = rate.NewLimiter(rate.Every(guessEvery), guessesAtOnce)
		g.from[from] = limit
	}
	limit.AllowN(now, 1)
}

// makeRoom forgets those who have waited long enough and, where that is not
// enough, everybody: a link cannot be guessed anyway.
func (g *guesses) makeRoom(now time.Time) {
	if len(g.from) < guessers {
		return
	}
	for from, limit := range g.from {
		if limit.TokensAt(now) >= guessesAtOnce {
			delete(g.from, from)
		}
	}
	if len(g.from) >= guessers {
		clear(g.from)
	}
}
