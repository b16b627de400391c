package oauth

import (
	"sync"
	"time"

	"github.com/tributary-dev/tributary/core/ident"
)

// attempt is one use of a password, by what is counted. Everything is counted
// for a client by itself: none shuts out another's users.
type attempt struct{ client, account, address, place string }

// attemptOf names what is counted; hashes bound the size of what callers choose.
func attemptOf(client ident.Client, account, address string) attempt {
	return attempt{
		client: string(client), address: string(client) + " " + address,
		account: digest(string(client) + "\x00" + account), place: digest(string(client) + "\x00" + address + "\x00" + account),
	}
}

// throttle holds back those who guess passwords. Nobody is locked: every limit
// refills by itself. And whoever has logged in from a place before is counted
// there alone, so that guesses from elsewhere do not keep a user out.
type throttle struct {
	mu                              sync.Mutex
	account, client, address, place *buckets
	// known are places, by when they were last logged in from.
	known map[string]time.Time
}

// A place is known for some time after the last log-in from it, and among the
// last many.
const (
	knownFor  = 30 * 24 * time.Hour
	knownMost = 100_000
)

func newThrottle(limits Limits) *throttle {
	limits = limits.orDefaults()
	return &throttle{
		account: newBuckets(limits.Account), client: newBuckets(limits.Client),
		address: newBuckets(limits.Address), place: newBuckets(limits.Place), known: map[string]time.Time{},
	}
}

// ticket is an attempt that was admitted, with what it was taken from.
type ticket struct {
	attempt
	taken []portion
}

type portion struct {
	from *buckets
	key  string
	name string
}

// admit counts an attempt, or refuses it and counts nothing.
func (t *throttle) admit(a attempt, now time.Time) (ticket, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	taken := t.portions(a, now)
	var wait time.Duration
	var by string
	for _, p := range taken {
		if w := p.from.wait(p.key, now); w > wait {
			wait, by = w, p.name
		}
	}
	if wait > 0 {
		return ticket{}, tooManyAttempts(by, wait)
	}
	for _, p := range taken {
		p.from.take(p.key, now)
	}
	return ticket{a, taken}, nil
}

func (t *throttle) portions(a attempt, now time.Time) []portion {
	place := portion{t.place, a.place, "place"}
	if last, ok := t.known[a.place]; ok && now.Sub(last) < knownFor {
		return []portion{place}
	}
	return []portion{place, {t.account, a.account, "account"}, {t.address, a.address, "address"}, {t.client, a.client, "client"}}
}

// forget gives back what an attempt took: it told nobody anything.
func (t *throttle) forget(k ticket) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, p := range k.taken {
		p.from.give(p.key)
	}
}

// welcome is forget for a right password; the place is known from now on.
func (t *throttle) welcome(k ticket, now time.Time) {
	t.forget(k)
	t.mu.Lock()
	defer t.mu.Unlock()
	if _, ok := t.known[k.place]; !ok && len(t.known) >= knownMost {
		t.makeRoom(now)
	}
	t.known[k.place] = now
}

// makeRoom drops what is no longer known, and some place where nothing is.
func (t *throttle) makeRoom(now time.Time) {
	for place, last := range t.known {
		if now.Sub(last) >= knownFor {
			delete(t.known, place)
		}
	}
	for place := range t.known {
		if len(t.known) < knownMost {
			return
		}
		delete(t.known, place)
	}
}
