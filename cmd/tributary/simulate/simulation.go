package main

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"time"

	"github.com/tributary-dev/tributary/adapters/bunstore"
	"github.com/tributary-dev/tributary/cmd/tributary/simulate/judge"
	"github.com/tributary-dev/tributary/cmd/tributary/simulate/life"
	"github.com/tributary-dev/tributary/cmd/tributary/simulate/play"
	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/ledger"
)

// simulation is one run over many lives.
type simulation struct {
	out   io.Writer
	years int
	seed  uint64
	one   uint64
	size  life.Size
	// bare leaves services and store out.
	bare bool
}

func (s *simulation) run(ctx context.Context) (right bool, err error) {
	folder, err := os.MkdirTemp(fast(), "tributary-simulate-")
	if err != nil {
		return false, err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	s.size.Settled = s.bare // nobody has another connection there
	seeds := s.seeds()
	sum := &summary{size: s.size, lives: len(seeds), started: time.Now(), out: s.out}
	work := make(chan uint64)
	var group sync.WaitGroup
	errs := make(chan error, runtime.GOMAXPROCS(0))
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	for worker := range runtime.GOMAXPROCS(0) {
		group.Go(func() {
			if err := s.work(ctx, filepath.Join(folder, fmt.Sprint(worker)), work, sum); err != nil {
				errs <- err
				stop()
			}
		})
	}
	for _, seed := range seeds {
		select {
		case work <- seed:
		case <-ctx.Done():
		}
	}
	close(work)
	group.Wait()
	close(errs)
	for one := range errs {
		err = errors.Join(err, one)
	}
	if err == nil {
		err = ctx.Err()
	}
	return sum.print(), err
}

// seeds are those of the lives: enough for so many account-years.
func (s *simulation) seeds() []uint64 {
	if s.one != 0 {
		return []uint64{s.one}
	}
	lives := max(1, (s.years*365+s.size.Accounts*s.size.Days-1)/(s.size.Accounts*s.size.Days))
	seeds := make([]uint64, 0, lives)
	for i := range lives {
		seeds = append(seeds, s.seed*1_000_000+uint64(i)) //nolint:gosec // small and positive
	}
	return seeds
}

// fast is a folder in memory, where there is one: what is simulated need not
// outlive a power cut.
func fast() string {
	if info, err := os.Stat("/dev/shm"); err == nil && info.IsDir() {
		return "/dev/shm"
	}
	return ""
}

func (s *simulation) work(ctx context.Context, folder string, seeds <-chan uint64, sum *summary) error {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	ids := &luck{chance(s.seed)}
	house, err := play.Open(ctx, play.Options{
		Store: bunstore.Config{Path: filepath.Join(folder, "tributary.db")}, Real: time.Now,
		IDs: ident.Source{Rand: ids}, Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		return err
	}
	defer func() { _ = house.Close() }()
	for seed := range seeds {
		l := life.New(seed, s.size)
		ids.Reader = chance(seed) // whatever was lived before it
		living, err := s.begin(ctx, house, l)
		if err != nil {
			return err
		}
		verdict, err := live(ctx, living, l, nil)
		if err != nil {
			return fmt.Errorf("life %d: %w", seed, err)
		}
		sum.add(l, verdict)
		if s.one != 0 && len(verdict.Findings) > 0 {
			if err := s.explain(ctx, house, l, verdict.Findings[0]); err != nil {
				return err
			}
		}
	}
	return nil
}

// living is a life under way.
type living interface {
	Visit(ctx context.Context, number int) (play.Seen, error)
	Rows(ctx context.Context, account ident.Account, from bank.Day) ([]ledger.Transaction, error)
}

func (s *simulation) begin(ctx context.Context, house *play.House, l *life.Life) (living, error) {
	if s.bare {
		return play.NewBare(l, ident.Source{Rand: chance(l.Seed)}), nil
	}
	return house.Begin(ctx, l, s.size)
}

// chance is where ids come from: from a seed, so that a life is the same again.
func chance(seed uint64) io.Reader {
	var key [32]byte
	binary.BigEndian.PutUint64(key[:], seed)
	return rand.NewChaCha8(key) //nolint:forbidigo // cmd fills the field
}

// luck is where the ids of a house come from; each life has its own.
type luck struct{ io.Reader }

func rowsIn(ctx context.Context, l living) judge.Rows {
	return func(account ident.Account, from bank.Day) ([]ledger.Transaction, error) {
		return l.Rows(ctx, account, from)
	}
}

// live plays a life and stops at the first thing that is wrong.
func live(ctx context.Context, living living, l *life.Life, pages *transcript) (judge.Verdict, error) {
	j := judge.New(l)
	user, corrected := living.(user)
	j.Corrected = corrected
	for visit := range l.Visits {
		seen, err := living.Visit(ctx, visit)
		if err != nil {
			return j.Verdict, fmt.Errorf("visit %d: %w", visit, err)
		}
		j.Decided.Moved += seen.Moved
		if pages != nil {
			if err := pages.visit(visit, seen, rowsIn(ctx, living)); err != nil {
				return j.Verdict, err
			}
		}
		for _, heard := range seen.Heard {
			for _, told := range heard.Answer.Told {
				if err := j.Hear(visit, heard.Channel, told, seen.Accounts, seen.Run, rowsIn(ctx, living)); err != nil {
					return j.Verdict, err
				}
			}
		}
		if corrected {
			if err := act(ctx, user, j, visit); err != nil {
				return j.Verdict, fmt.Errorf("visit %d: %w", visit, err)
			}
		}
		if len(j.Findings) > 0 {
			return j.Verdict, nil
		}
	}
	if l.Short {
		return j.Verdict, nil
	}
	return j.Verdict, j.End(rowsIn(ctx, living))
}

// user is a life of which somebody keeps a copy, and corrects it.
type user interface {
	Correct(ctx context.Context, wish life.Wish) error
	Follow(ctx context.Context, pages int) error
	Differences(ctx context.Context) ([]string, error)
}

// thorough is after how many visits the whole copy is compared.
const thorough = 40

func act(ctx context.Context, u user, j *judge.Judge, visit int) error {
	wishes := j.Wishes()
	for i, wish := range wishes {
		if i == len(wishes)/2 { // the copy is read while things change
			if err := u.Follow(ctx, 1); err != nil {
				return err
			}
		}
		if err := u.Correct(ctx, wish); err != nil {
			return fmt.Errorf("%+v: %w", wish, err)
		}
	}
	if err := u.Follow(ctx, 1); err != nil || (visit%thorough != 0 && !j.Last(visit)) {
		return err
	}
	wrong, err := u.Differences(ctx)
	for _, text := range wrong {
		j.Complain(visit, text)
	}
	return err
}
