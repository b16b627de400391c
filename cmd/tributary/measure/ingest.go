package main

import (
	"context"
	"database/sql"
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

// bank writes the test bank's file.
func (b *bench) bank() (string, error) {
	var y strings.Builder
	fmt.Fprintf(&y, "personas:\n  - {login: %s, password: busy-pass1, holder: Ben Busy, challenge: {kind: none}}\naccounts:\n", busy)
	fmt.Fprintf(&y, "  - ref: busy-current\n    owner: %s\n    type: CHECKINGS\n    name: Busy\n    number: \"**** 0001\"\n    currency: EUR\n    balance: 1.00\n    recurring:\n", busy)
	since := time.Now().AddDate(0, 0, -ruleDays).Format(time.DateOnly)
	for rule := range max(1, b.rows/ruleDays) {
		fmt.Fprintf(&y, "      - {id: rule-%d, every_days: 1, since: %s, amount: -60.00..-15.00, label: \"CARD SHOP %d\", kind: card}\n", rule, since, rule)
	}
	path := filepath.Join(b.folder, "bank.yaml")
	return path, os.WriteFile(path, []byte(y.String()), 0o600)
}

// synchronized is a user whose first synchronization is done.
type synchronized struct {
	user string
	rows int
	took time.Duration
}

// ingest measures rows from the bank through plugin, reconciliation and store;
// the raw limit writes the very same rows into the very same tables, bare.
func (b *bench) ingest(ctx context.Context) error {
	config, err := b.bank()
	if err != nil {
		return err
	}
	s, err := b.start("ingest", "--testbank-config", config)
	if err != nil {
		return err
	}
	done, err := s.synchronize(ctx)
	s.stop()
	if err != nil {
		return err
	}
	bare, err := b.rewrite(ctx)
	if err != nil {
		return err
	}
	b.row(fmt.Sprintf("transactions ingested (%d)", done.rows), float64(done.rows)/done.took.Seconds(), bare, "/s")
	return nil
}

func (s *server) synchronize(ctx context.Context) (done synchronized, err error) {
	token, err := s.token()
	if err != nil {
		return done, err
	}
	var made struct {
		ID string `json:"id"`
	}
	if err := s.call(ctx, token, http.MethodPost, "/v1/users", map[string]string{"external_id": busy}, &made); err != nil {
		return done, err
	}
	done.user = made.ID
	err = s.call(ctx, token, http.MethodPost, "/v1/connections", map[string]any{
		"user_id": made.ID, "provider_id": "testbank", "channels": []any{map[string]any{
			"channel_definition_id": "testbank-embedded", "credentials": map[string]string{"login": busy, "password": "busy-pass1"},
		}},
	}, &made)
	if err != nil {
		return done, err
	}
	return done, s.await(ctx, token, &done)
}

func (s *server) await(ctx context.Context, token string, done *synchronized) error {
	for {
		var runs struct {
			Data []struct {
				Status    string    `json:"status"`
				StartedAt time.Time `json:"started_at"`
				Finished  time.Time `json:"finished_at"`
			} `json:"data"`
		}
		if err := s.call(ctx, token, http.MethodGet, "/v1/synchronizations", nil, &runs); err != nil {
			return err
		}
		if len(runs.Data) == 1 && !runs.Data[0].Finished.IsZero() {
			if runs.Data[0].Status != "SUCCESS" {
				return fmt.Errorf("the synchronization ended as %s", runs.Data[0].Status)
			}
			done.took = runs.Data[0].Finished.Sub(runs.Data[0].StartedAt)
			return s.count(ctx, done)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// count looks into the file: paging through everything would take longer.
func (s *server) count(ctx context.Context, done *synchronized) error {
	db, err := sql.Open("sqlite", "file:"+s.database()+"?mode=ro")
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	return db.QueryRowContext(ctx, `SELECT count(*) FROM transactions`).Scan(&done.rows)
}
