package bank

import (
	"sync"
	"time"
)

// clock is the bank's time: the real one plus an offset. The offset moves banking days and the end of consents;
// sessions, codes and tokens stay on real time, because a person or a program waits for them.
type clock struct {
	real func() time.Time
	zone *time.Location

	mu     sync.Mutex
	offset time.Duration
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.real().Add(c.offset)
}

// today is the banking day in the bank's zone, as midnight UTC.
func (c *clock) today() time.Time {
	now := c.now().In(c.zone)
	return time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, time.UTC)
}

// Now is the bank's own time.
func (b *Bank) Now() time.Time { return b.clock.now() }

// Today is the bank's banking day, as midnight UTC.
func (b *Bank) Today() time.Time { return b.clock.today() }

// Offset is how far the bank's time is from the real one.
func (b *Bank) Offset() time.Duration {
	b.clock.mu.Lock()
	defer b.clock.mu.Unlock()
	return b.clock.offset
}

// MoveClock sets how far the bank's time is from the real one.
func (b *Bank) MoveClock(offset time.Duration) {
	b.clock.mu.Lock()
	defer b.clock.mu.Unlock()
	b.clock.offset = offset
}

// SetClock sets the bank's time.
func (b *Bank) SetClock(now time.Time) { b.MoveClock(now.Sub(b.clock.real())) }
