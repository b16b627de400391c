package bank

import (
	"sync"
	"time"
)

// clock is the bank's time: the real one plus an offset. The offset moves banking days and the end of consents;
// sessions, codes and tokens stay on real time, because a person or a program waits for them.
type clock struct {
	real   func() time.Time
	zone   *time.Location
	offset *Offset
}

// Offset is how far the bank's time is from the real one. Banks that share one move together.
type Offset struct {
	mu sync.Mutex
	by time.Duration
}

func (o *Offset) get() time.Duration {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.by
}

// Set moves all banks that share it.
func (o *Offset) Set(by time.Duration) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.by = by
}

func (c *clock) now() time.Time { return c.real().Add(c.offset.get()) }

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
	return b.clock.offset.get()
}

// MoveClock sets how far the bank's time is from the real one.
func (b *Bank) MoveClock(offset time.Duration) {
	b.clock.offset.Set(offset)
}

// SetClock sets the bank's time.
func (b *Bank) SetClock(now time.Time) { b.MoveClock(now.Sub(b.clock.real())) }
