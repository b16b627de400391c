package main

import (
	"context"
	"fmt"

	"github.com/tributary-dev/tributary/cmd/tributary/simulate/judge"
	"github.com/tributary-dev/tributary/cmd/tributary/simulate/life"
	"github.com/tributary-dev/tributary/cmd/tributary/simulate/play"
)

// mostTries bounds how often a life is lived again to make it smaller.
const mostTries = 60

// explain makes a life that went wrong smaller, as long as it goes wrong in the
// same way, and writes down what is left of it day by day.
func (s *simulation) explain(ctx context.Context, house *play.House, l *life.Life, f judge.Finding) error {
	tries := 0
	wrong := func(cut *life.Life) bool {
		if tries++; tries > mostTries || len(cut.Accounts) == 0 {
			return false
		}
		living, err := s.begin(ctx, house, cut)
		if err != nil {
			return false
		}
		verdict, err := live(ctx, living, cut, nil)
		return err == nil && len(verdict.Findings) > 0 && verdict.Findings[0].Kind == f.Kind
	}
	small := l
	for _, cut := range []*life.Life{l.Cut(f.Account, f.Visit, l.Around(f.Visit, 60)), l.Cut(f.Account, f.Visit, l.Around(f.Visit, 9999))} {
		if wrong(cut) {
			small = halved(cut, f.Account, wrong)
			break
		}
	}
	living, err := s.begin(ctx, house, small)
	if err != nil {
		return err
	}
	pages := newTranscript(small)
	verdict, err := live(ctx, living, small, pages)
	fmt.Fprintf(s.out, "\nlife %d, what is left of it after %d tries:\n%s\n", l.Seed, tries, pages.last(25))
	for _, finding := range verdict.Findings {
		fmt.Fprintf(s.out, "%s\n", finding)
	}
	return err
}

// halved drops movements, half of them first and single ones at last.
func halved(l *life.Life, account int, wrong func(*life.Life) bool) *life.Life {
	for size := len(l.Accounts[0].Movements) / 2; size > 0; size /= 2 {
		for from := 0; from < len(l.Accounts[0].Movements); {
			drop := map[*life.Movement]bool{}
			for _, m := range l.Accounts[0].Movements[from:min(from+size, len(l.Accounts[0].Movements))] {
				drop[m] = true
			}
			if cut := l.Cut(account, len(l.Visits)-1, func(m *life.Movement) bool { return !drop[m] }); wrong(cut) {
				l = cut
				continue
			}
			from += size
		}
	}
	return l
}
