package oauth

import "time"

// Limit bounds wrong guesses: Burst at once, and one more each Every.
type Limit struct {
	Burst int
	Every time.Duration
}

// buckets count by key how much of a limit is used, in memory. One instant a
// key is enough (GCRA): the time at which everything will be free again.
type buckets struct {
	limit Limit
	free  map[string]time.Time
	// prune is the size at which entries that mean nothing any more are dropped.
	prune int
}

const fewBuckets = 1024

func newBuckets(limit Limit) *buckets {
	return &buckets{limit: limit, free: map[string]time.Time{}, prune: fewBuckets}
}

// wait is how long a key has to wait until it may take one; 0 is now.
func (b *buckets) wait(key string, now time.Time) time.Duration {
	free := b.free[key]
	if free.Before(now) {
		return 0
	}
	return max(0, free.Add(b.limit.Every).Sub(now)-time.Duration(b.limit.Burst)*b.limit.Every)
}

func (b *buckets) take(key string, now time.Time) {
	if len(b.free) >= b.prune {
		b.drop(now)
	}
	free := b.free[key]
	if free.Before(now) {
		free = now
	}
	b.free[key] = free.Add(b.limit.Every)
}

// give puts one back.
func (b *buckets) give(key string) {
	if free, ok := b.free[key]; ok {
		b.free[key] = free.Add(-b.limit.Every)
	}
}

// drop forgets keys that have everything free; what is left may double before
// the next time.
func (b *buckets) drop(now time.Time) {
	for key, free := range b.free {
		if !free.After(now) {
			delete(b.free, key)
		}
	}
	b.prune = max(fewBuckets, 2*len(b.free))
}
