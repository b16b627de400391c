package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"
)

// outageRuns are measured with a bank down and without, outageTogether at once;
// meanwhile so many connections are at the bank that is down, and so many of
// their users try again and again.
const (
	outageRuns     = 160
	outageTogether = 4
	outageDown     = 30
	outageTrying   = 2
)

// outage measures what the users of one bank notice of another one that is down:
// each of its calls takes two seconds and fails. It is due again and again, and
// some of its users are impatient. Beside it stands the same in the same server
// without, before and after.
func (b *bench) outage(ctx context.Context, db database) error {
	b.say("synchronizing beside a bank that is down, on %s", db.name())
	config, err := b.bank("outage", 1, togetherDays)
	if err != nil {
		return err
	}
	plugins, err := b.twoBanks()
	if err != nil {
		return err
	}
	s, err := b.start(ctx, db, "outage", "--testbank-config", config, "--plugins", plugins)
	if err != nil {
		return err
	}
	defer s.stop()
	token, err := s.token()
	if err != nil {
		return err
	}
	before, err := s.timed(ctx, token, 0, outageRuns/2)
	if err != nil {
		return err
	}
	ids, err := s.goDown(ctx, token)
	if err != nil {
		return err
	}
	trying, enough := context.WithCancel(ctx)
	defer enough()
	group := s.pester(trying, token, ids)
	during, err := s.timed(ctx, token, outageRuns/2, outageRuns)
	enough()
	group.Wait()
	if err != nil {
		return err
	}
	for _, id := range ids {
		if err := s.call(ctx, token, http.MethodDelete, "/v1/connections/"+id, nil, nil); err != nil {
			return err
		}
	}
	after, err := s.timed(ctx, token, 2*outageRuns, outageRuns/2)
	if err != nil {
		return err
	}
	b.table.add(fmt.Sprintf("p95 of a synchronization, %d at once, another bank down", outageTogether), ms(p95(during)), ms(p95(slices.Concat(before, after))), "ms")
	return nil
}

// twoBanks is a folder with the test bank's plugin and one of another bank.
func (b *bench) twoBanks() (string, error) {
	folder := filepath.Join(b.folder, "two-banks")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return "", err
	}
	for _, from := range []string{"plugins/testbank", "plugins/testbank.json", "measure/flood", "measure/flood.json"} {
		content, err := os.ReadFile(filepath.Join(b.bin, from))
		if err != nil {
			return "", err
		}
		if err := os.WriteFile(filepath.Join(folder, filepath.Base(from)), content, 0o700); err != nil { //nolint:gosec // programs have to be executable
			return "", err
		}
	}
	return folder, nil
}

// timed synchronizes new users and tells how long each took.
func (s *server) timed(ctx context.Context, token string, first, n int) ([]time.Duration, error) {
	taken := make([]time.Duration, n)
	err := atOnce(ctx, outageTogether, n, func(ctx context.Context, i int) error {
		began := time.Now()
		defer func() { taken[i] = time.Since(began) }()
		return s.whole(ctx, token, first+i)
	})
	return taken, err
}

func p95(taken []time.Duration) time.Duration {
	slices.Sort(taken)
	return taken[len(taken)*95/100]
}

// goDown connects users at the bank that is down.
func (s *server) goDown(ctx context.Context, token string) (ids []string, err error) {
	for n := range outageDown {
		var made struct{ ID string }
		if err := s.call(ctx, token, http.MethodPost, "/v1/users", map[string]string{"external_id": fmt.Sprint("down-", n)}, &made); err != nil {
			return nil, err
		}
		err := s.call(ctx, token, http.MethodPost, "/v1/connections", map[string]any{
			"user_id": made.ID, "provider_id": "flood", "auto_sync": true,
			"channels": []any{map[string]any{"channel_definition_id": "flood-embedded", "credentials": map[string]string{"name": "down"}}},
		}, &made)
		if err != nil {
			return nil, err
		}
		ids = append(ids, made.ID)
	}
	for _, id := range ids { // their first runs are over before anything is measured
		made := struct{ Status string }{"RUNNING"}
		for made.Status == "RUNNING" {
			if err := s.call(ctx, token, http.MethodGet, "/v1/connections/"+id, nil, &made); err != nil {
				return nil, err
			}
			time.Sleep(20 * time.Millisecond)
		}
	}
	return ids, nil
}

// pester has some users of that bank try again and again, and time pass, so that
// it is also tried by itself.
func (s *server) pester(ctx context.Context, token string, ids []string) *sync.WaitGroup {
	var group sync.WaitGroup
	for user := range outageTrying {
		group.Go(func() {
			for ctx.Err() == nil { // what runs already is refused: that is as good
				_ = s.call(ctx, token, http.MethodPost, "/v1/connections/"+ids[user]+"/synchronizations", nil, nil)
				wait(ctx, 200*time.Millisecond)
			}
		})
	}
	group.Go(func() {
		for ctx.Err() == nil {
			_ = s.call(ctx, token, http.MethodPost, "/v1/sandbox/clock", map[string]string{"advance": "10m"}, nil)
			wait(ctx, 2*time.Second)
		}
	})
	return &group
}

func wait(ctx context.Context, pause time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(pause):
	}
}
