package httpapi

import (
	"sync"
	"time"

	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
)

// Rate is how many calls a client may make: Burst at once, PerSecond in the
// long run. Users' calls count as their client's. A zero Rate does not restrict.
type Rate struct {
	PerSecond float64
	Burst     int
}

var errRate = fault.New(fault.RateLimited, "too_many_requests", "This client makes too many calls; slow down.")

// meter holds a bucket of tokens for each client, so that nobody waits for
// what another does. A bucket that is full again is forgotten.
type meter struct {
	rate    Rate
	mu      sync.Mutex
	buckets map[ident.Client]bucket
}

type bucket struct {
	tokens float64
	at     time.Time
}

// manyBuckets is when full ones are looked for.
const manyBuckets = 1024

func newMeter(rate Rate) *meter {
	if rate.PerSecond <= 0 {
		return nil
	}
	rate.Burst = max(rate.Burst, 1)
	return &meter{rate: rate, buckets: map[ident.Client]bucket{}}
}

// take spends a token, or says when there will be one.
func (m *meter) take(client ident.Client, now time.Time) error {
	if m == nil {
		return nil
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	tokens := m.filled(client, now)
	if tokens < 1 {
		refused := *errRate
		refused.RetryAfter = time.Duration((1 - tokens) / m.rate.PerSecond * float64(time.Second))
		return &refused
	}
	m.buckets[client] = bucket{tokens - 1, now}
	if len(m.buckets) > manyBuckets {
		m.forget(now)
	}
	return nil
}

// filled is what a client has now.
func (m *meter) filled(client ident.Client, now time.Time) float64 {
	b, known := m.buckets[client]
	if !known {
		return float64(m.rate.Burst)
	}
	return min(float64(m.rate.Burst), b.tokens+max(0, now.Sub(b.at).Seconds())*m.rate.PerSecond)
}

func (m *meter) forget(now time.Time) {
	for client := range m.buckets {
		if m.filled(client, now) >= float64(m.rate.Burst) {
			delete(m.buckets, client)
		}
	}
}
