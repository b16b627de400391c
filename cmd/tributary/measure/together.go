package main

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"
)

// together is how many synchronizations run at once, runs how many there are,
// and togetherDays how many rows each enters.
const (
	together     = 8
	runs         = 120
	togetherDays = 120
)

// synchronizations measures whole first synchronizations, from the order to the
// last row: log-in at the bank, recent rows, older rows. The raw limit writes all
// their rows into a table like theirs, bare.
func (b *bench) synchronizations(ctx context.Context, db database) error {
	b.say("synchronizing %d connections, %d at once, on %s", runs, together, db.name())
	config, err := b.bank("together", 1, togetherDays)
	if err != nil {
		return err
	}
	s, err := b.start(ctx, db, "together", "--testbank-config", config)
	if err != nil {
		return err
	}
	defer s.stop()
	token, err := s.token()
	if err != nil {
		return err
	}
	before, began := s.spent(), time.Now()
	if err := atOnce(ctx, together, runs, func(ctx context.Context, n int) error { return s.whole(ctx, token, n) }); err != nil {
		return err
	}
	took, spent := time.Since(began), s.spent()-before
	bare, err := b.rewrite(ctx, db, "together")
	if err != nil {
		return err
	}
	b.table.add(fmt.Sprintf("synchronizations, %d at once (%d rows each)", together, bare.rows/runs), runs/took.Seconds(), runs/bare.took.Seconds(), "/s")
	b.table.add("CPU of the server a synchronization", ms(spent)/runs, 0, "ms")
	return nil
}

// whole connects a new user and waits until everything is read.
func (s *server) whole(ctx context.Context, token string, n int) error {
	var made struct {
		ID     string `json:"id"`
		Status string `json:"status"`
	}
	if err := s.call(ctx, token, http.MethodPost, "/v1/users", map[string]string{"external_id": fmt.Sprint("together-", n)}, &made); err != nil {
		return err
	}
	err := s.call(ctx, token, http.MethodPost, "/v1/connections", map[string]any{
		"user_id": made.ID, "provider_id": "testbank", "channels": []any{map[string]any{
			"channel_definition_id": "testbank-embedded", "credentials": map[string]string{"login": busy, "password": "busy-pass1"},
		}},
	}, &made)
	if err != nil {
		return err
	}
	path := "/v1/connections/" + made.ID
	for made.Status == "" || made.Status == "RUNNING" {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
		if err := s.call(ctx, token, http.MethodGet, path, nil, &made); err != nil {
			return err
		}
	}
	if made.Status != "SUCCESS" {
		return fmt.Errorf("a synchronization ended as %s", made.Status)
	}
	return nil
}

// atOnce does n things, so many at a time, and gives the first error.
func atOnce(ctx context.Context, workers, n int, do func(context.Context, int) error) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	next := make(chan int)
	var group sync.WaitGroup
	for range workers {
		group.Go(func() {
			for i := range next {
				if err := do(ctx, i); err != nil {
					stop(err)
				}
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	group.Wait()
	return context.Cause(ctx)
}
