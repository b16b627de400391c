package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// busy is a customer with a great many transactions, made by daily rules.
const busy = "busy"

// ruleDays is how far back the rules reach: about as far as the bank shows.
const ruleDays = 395

// bank writes a test bank's file in which so many transactions happen on each
// of so many days.
func (b *bench) bank(name string, daily, days int) (string, error) {
	var y strings.Builder
	fmt.Fprintf(&y, "personas:\n  - {login: %s, password: busy-pass1, holder: Ben Busy, challenge: {kind: none}}\naccounts:\n", busy)
	fmt.Fprintf(&y, "  - ref: busy-current\n    owner: %s\n    type: CHECKINGS\n    name: Busy\n    number: \"**** 0001\"\n    currency: EUR\n    balance: 1.00\n    recurring:\n", busy)
	since := time.Now().AddDate(0, 0, -days).Format(time.DateOnly)
	for rule := range max(1, daily) {
		fmt.Fprintf(&y, "      - {id: rule-%d, every_days: 1, since: %s, amount: -60.00..-15.00, label: \"CARD SHOP %d\", kind: card}\n", rule, since, rule)
	}
	path := filepath.Join(b.folder, name+".yaml")
	return path, os.WriteFile(path, []byte(y.String()), 0o600)
}

// ingest measures rows from the bank through plugin, reconciliation and store;
// the raw limit writes the very same rows into a table like theirs, bare.
func (b *bench) ingest(ctx context.Context, db database) error {
	b.say("ingesting %d transactions on %s", b.ingested, db.name())
	config, err := b.bank("ingest", b.ingested/ruleDays, ruleDays)
	if err != nil {
		return err
	}
	s, err := b.start(ctx, db, "ingest", "--testbank-config", config)
	if err != nil {
		return err
	}
	defer s.stop()
	before := s.spent()
	took, err := s.connect(ctx)
	if err != nil {
		return err
	}
	spent, memory := s.spent()-before, s.peak()
	bare, err := b.rewrite(ctx, db, "ingest")
	if err != nil {
		return err
	}
	rate := float64(bare.rows) / took.Seconds()
	b.table.add(fmt.Sprintf("transactions ingested (%d)", bare.rows), rate, float64(bare.rows)/bare.took.Seconds(), "/s")
	b.table.add("CPU of the server a transaction", micros(spent)/float64(bare.rows), 0, "µs")
	b.table.add("memory of the server at its highest", memory, 0, "MiB")
	return nil
}

// connect makes a user with a connection, and tells how long the first
// synchronization took.
func (s *server) connect(ctx context.Context) (time.Duration, error) {
	token, err := s.token()
	if err != nil {
		return 0, err
	}
	var made struct {
		ID string `json:"id"`
	}
	if err := s.call(ctx, token, http.MethodPost, "/v1/users", map[string]string{"external_id": busy}, &made); err != nil {
		return 0, err
	}
	s.user = made.ID
	err = s.call(ctx, token, http.MethodPost, "/v1/connections", map[string]any{
		"user_id": made.ID, "provider_id": "testbank", "channels": []any{map[string]any{
			"channel_definition_id": "testbank-embedded", "credentials": map[string]string{"login": busy, "password": "busy-pass1"},
		}},
	}, &made)
	if err != nil {
		return 0, err
	}
	s.connection = made.ID
	return s.await(ctx, token)
}

// again synchronizes the connection once more.
func (s *server) again(ctx context.Context) (time.Duration, error) {
	token, err := s.token()
	if err != nil {
		return 0, err
	}
	if err := s.call(ctx, token, http.MethodPost, "/v1/connections/"+s.connection+"/synchronizations", map[string]any{}, nil); err != nil {
		return 0, err
	}
	return s.await(ctx, token)
}

// longest bounds one synchronization.
const longest = 5 * time.Minute

// await waits for the newest synchronization and tells how long it took.
func (s *server) await(ctx context.Context, token string) (time.Duration, error) {
	started, ended, err := s.newest(ctx, token)
	return ended.Sub(started), err
}

// newest waits for the end of the newest synchronization.
func (s *server) newest(ctx context.Context, token string) (started, ended time.Time, err error) {
	ctx, cancel := context.WithTimeout(ctx, longest)
	defer cancel()
	for {
		var runs struct {
			Data []struct {
				Status    string    `json:"status"`
				StartedAt time.Time `json:"started_at"`
				Finished  time.Time `json:"finished_at"`
				Error     struct {
					Code string `json:"code"`
				} `json:"error"`
			} `json:"data"`
		}
		if err := s.call(ctx, token, http.MethodGet, "/v1/synchronizations?limit=1", nil, &runs); err != nil {
			return started, ended, err
		}
		if len(runs.Data) == 1 && !runs.Data[0].Finished.IsZero() {
			if runs.Data[0].Status != "SUCCESS" {
				return started, ended, fmt.Errorf("the synchronization ended as %s %s", runs.Data[0].Status, runs.Data[0].Error.Code)
			}
			return runs.Data[0].StartedAt, runs.Data[0].Finished, nil
		}
		select {
		case <-ctx.Done():
			return started, ended, fmt.Errorf("the synchronization does not end: %w", ctx.Err())
		case <-time.After(50 * time.Millisecond):
		}
	}
}
