package aspsp

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"
)

// The names of the calls that are not the same in every synchronization.
const (
	listed = "GET /accounts"
	paged  = "GET /accounts/1/transactions"
)

// Calls are calls by their name.
type Calls map[string]int

// Sum is how many they are.
func (c Calls) Sum() (n int) {
	for _, made := range c {
		n += made
	}
	return n
}

// Less gives those that are not among others, in words.
func (c Calls) Less(others Calls) string {
	var more []string
	for _, name := range slices.Sorted(maps.Keys(c)) {
		if n := c[name] - others[name]; n > 0 {
			more = append(more, fmt.Sprint(n, " ", name))
		}
	}
	return strings.Join(more, ", ")
}

// Tally is which calls were made.
type Tally struct {
	Made Calls
	// Asked is when the data was asked for first.
	Asked time.Time
	// ranges are those of days that were asked for, with their first row and the one behind their last.
	ranges map[string][2]int
}

// Forget begins to count anew.
func (b *Bank) Forget() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.tally = Tally{Made: Calls{}, ranges: map[string][2]int{}}
}

// Tally tells what was counted.
func (b *Bank) Tally() Tally {
	b.mu.Lock()
	defer b.mu.Unlock()
	return Tally{maps.Clone(b.tally.Made), b.tally.Asked, maps.Clone(b.tally.ranges)}
}

func (b *Bank) count(name string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.tally.Made[name]++
	if name == listed && b.tally.Asked.IsZero() {
		b.tally.Asked = time.Now()
	}
}

func (b *Bank) countPage(query url.Values, first, last int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.tally.Made[paged]++
	b.tally.ranges[query.Get(b.from)+" "+query.Get(b.to)] = [2]int{first, last}
}

// Needed are the calls without which the same could not be known: what the standard demands for a new consent, if there was
// one, the list of accounts and their balances once, and every row once.
func (b *Bank) Needed(t Tally, connected bool) Calls {
	first, last := len(b.rows), 0
	for _, r := range t.ranges {
		first, last = min(first, r[0]), max(last, r[1])
	}
	return b.calls(connected, 1, pages(first, last))
}

// Reasoned are the calls that our way of reading leads to: of each range of days the list, because it is a reading of its
// own, and all its pages. What is made beyond them has no reason.
func (b *Bank) Reasoned(t Tally, connected bool) Calls {
	n := 0
	for _, r := range t.ranges {
		n += pages(r[0], r[1])
	}
	return b.calls(connected, len(t.ranges), n)
}

func (b *Bank) calls(connected bool, lists, pages int) Calls {
	c := Calls{listed: lists, paged: pages}
	for _, name := range b.once {
		c[name]++
	}
	if connected {
		for _, name := range b.consent {
			c[name]++
		}
	}
	return c
}

// pages is how many pages rows are on; no rows are one that is empty.
func pages(first, last int) int { return max(1, (last-first+pageRows-1)/pageRows) }
