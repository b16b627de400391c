package main

import (
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/tributary-dev/tributary/cmd/tributary/simulate/judge"
	"github.com/tributary-dev/tributary/cmd/tributary/simulate/life"
)

// summary adds up verdicts.
type summary struct {
	out     io.Writer
	size    life.Size
	lives   int
	started time.Time

	mu     sync.Mutex
	done   int
	total  judge.Verdict
	counts map[judge.Kind]int
	told   time.Time
}

func (s *summary) add(l *life.Life, v judge.Verdict) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.done++
	s.total.Rows += v.Rows
	s.total.Marked += v.Marked
	s.total.Candidates += v.Candidates
	s.total.Decided.Add(v.Decided)
	if s.counts == nil {
		s.counts = map[judge.Kind]int{}
	}
	for i, f := range v.Findings {
		s.counts[f.Kind]++
		if i < 3 {
			fmt.Fprintf(s.out, "life %d (ids %s, accounts' ids %s, %v): %s\n", l.Seed, l.Habits.IDs, l.Habits.Accounts, l.Channels, f)
		}
	}
	if len(v.Findings) > 0 {
		fmt.Fprintf(s.out, "  play it again: go run ./cmd/tributary/simulate -life %d -accounts %d -days %d\n", l.Seed, s.size.Accounts, s.size.Days)
	}
	if time.Since(s.told) > 5*time.Second {
		s.told = time.Now()
		fmt.Fprintf(s.out, "  %d of %d lives, %s\n", s.done, s.lives, time.Since(s.started).Round(time.Second))
	}
}

func (s *summary) years() float64 {
	return float64(s.done*s.size.Accounts*s.size.Days) / 365
}

func (s *summary) print() (right bool) {
	right = true
	fmt.Fprintf(s.out, "account-years    %.0f in %s\nmovements        %d\n", s.years(), time.Since(s.started).Round(time.Second), s.total.Rows)
	for _, kind := range judge.Kinds() {
		fmt.Fprintf(s.out, "%-16s %d\n", kind, s.counts[kind])
		right = right && s.counts[kind] == 0
	}
	fmt.Fprintf(s.out, "marked           %d (%.2f %%)\n", s.total.Marked, 100*float64(s.total.Marked)/float64(max(1, s.total.Rows)))
	d := s.total.Decided
	fmt.Fprintf(s.out, "users            merged %d pairs, took %d merges back, told %d apart, moved %d accounts\n", d.Merged, d.TakenBack, d.ToldApart, d.Moved)
	return right
}
